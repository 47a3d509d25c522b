using System.Globalization;

namespace Samples.FewShotSymbols;

/// <summary>One row of the data: a drawing of a symbol.</summary>
internal sealed class Drawing
{
    /// <summary>Path of the image file.</summary>
    public string ImagePath { get; set; } = "";

    /// <summary>Name of the symbol; empty when it is not known.</summary>
    public string Label { get; set; } = "";

    /// <summary>Which of the symbol's drawings this is, from 1.</summary>
    public int Number { get; set; }

    /// <summary>Lists the drawings in a folder that has one folder a symbol.</summary>
    public static Drawing[] Find(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(path => new Drawing
        {
            ImagePath = path,
            Label = Path.GetFileName(Path.GetDirectoryName(path)!),
            Number = int.Parse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture),
        })];

    /// <summary>The same drawing, as if nobody had said what it is.</summary>
    public Drawing WithoutLabel() => new() { ImagePath = ImagePath, Number = Number };
}
