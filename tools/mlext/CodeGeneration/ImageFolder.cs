using MLExt.Data;

namespace MLExt.CodeGeneration;

/// <summary>Finds the folder that generated code is to read its classes from.</summary>
internal static class ImageFolder
{
    /// <summary>The folder that all class folders of a data set share.</summary>
    /// <param name="location">The data set: a folder, or a zip file, which is taken to be unpacked beside itself.</param>
    /// <param name="images">Its images.</param>
    public static string Of(string location, ImageSet images)
    {
        var unpacked = Directory.Exists(location) ? location : Path.ChangeExtension(location, null);
        var folder = Path.GetDirectoryName(images.Path(0)) ?? "";
        var above = folder[..Math.Max(0, folder.Length - images.Label(0).Length)].Trim('/', '\\');
        return above.Length == 0 ? unpacked : Path.Combine(unpacked, above.Replace('/', Path.DirectorySeparatorChar));
    }
}
