using System.IO.Compression;

namespace Samples;

/// <summary>Finds images in a folder that has one folder a class.</summary>
internal static class ImageFolder
{
    private static readonly string[] Extensions = [".png", ".jpg", ".jpeg", ".bmp", ".gif"];

    /// <summary>Lists every image below a folder; its class is the name of the folder that it lies in.</summary>
    public static ImageFile[] Find(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
            .Where(file => !Path.GetRelativePath(folder, file).Split('/', '\\').Any(part => part.StartsWith('.') || part == "__MACOSX"))
            .Order(StringComparer.Ordinal)
            .Select(file => new ImageFile { ImagePath = file, Label = Path.GetFileName(Path.GetDirectoryName(file)!) })];

    /// <summary>The folder itself, or where the zip file was unpacked to.</summary>
    public static string Unpacked(string dataSet, string output)
    {
        if (Directory.Exists(dataSet))
        {
            return Path.GetFullPath(dataSet);
        }

        var folder = Path.Combine(output, Path.GetFileNameWithoutExtension(dataSet));
        Console.WriteLine($"Unpacking {dataSet} to {folder} ...");
        ZipFile.ExtractToDirectory(dataSet, folder, overwriteFiles: true);
        return folder;
    }
}
