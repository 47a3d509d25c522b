namespace MLExt.Data;

/// <summary>Says what of a data set may spoil a training.</summary>
internal static class DataSetAdvice
{
    private const int FewImages = 10;
    private const int NamesShown = 3;

    /// <summary>A class with so many times the images of another will be preferred.</summary>
    private const int Unbalanced = 10;

    /// <summary>What is to be told of the classes.</summary>
    public static IEnumerable<string> OfClasses(IReadOnlyList<(string Name, int Images)> classes)
    {
        if (classes is [var only])
        {
            yield return $"There is the one class '{only.Name}'; a training needs two or more, each in a folder of its own.";
        }

        var few = classes.Where(c => c.Images < FewImages).ToArray();
        if (few.Length > 0)
        {
            var shown = few.Take(NamesShown).Select(c => $"'{c.Name}' ({c.Images})");
            yield return $"{Counted(few.Length, "class has", "classes have")} fewer than {FewImages} images: {string.Join(", ", shown)}"
                + $"{(few.Length > NamesShown ? $" and {few.Length - NamesShown} more" : "")}. More images make a better model.";
        }

        var (largest, smallest) = (classes.MaxBy(c => c.Images), classes.MinBy(c => c.Images));
        if (largest.Images > Unbalanced * smallest.Images)
        {
            yield return $"The classes are unbalanced: '{largest.Name}' has {largest.Images} images and '{smallest.Name}' {smallest.Images}. "
                + "The model will prefer the larger one.";
        }
    }

    /// <summary>What is to be told of files that are the same picture, byte for byte; nothing where every picture is there once.</summary>
    /// <param name="images">Images whose files have been read, with hashes of these.</param>
    /// <param name="isTrained">Whether something is trained on them; else they are the examples of a classifier.</param>
    public static IEnumerable<string> OfRepeated(IReadOnlyCollection<(string Path, string Label, UInt128 Hash)> images, bool isTrained = true)
    {
        var repeated = images.GroupBy(image => image.Hash).Where(same => same.Count() > 1).Select(same => same.ToArray()).ToArray();
        if (repeated is not [var one, ..])
        {
            yield break;
        }

        yield return $"{Counted(repeated.Sum(same => same.Length - 1), "image is", "images are")} the same as another of the {images.Count} looked at, '{one[1].Path}' as '{one[0].Path}' for instance. "
            + (isTrained ? "Training counts such a picture more than once, and may be measured on what it was trained on."
                : "A classifier counts such a picture more than once, and learns less from it than from another one.");
        var contradicting = repeated.Where(same => same.Select(image => image.Label).Distinct(StringComparer.Ordinal).Count() > 1).ToArray();
        if (contradicting is [var first, ..])
        {
            yield return $"{Counted(contradicting.Length, "picture is", "pictures are")} in more than one class, '{first[0].Path}' and '{first.First(image => image.Label != first[0].Label).Path}' for instance.";
        }
    }

    /// <summary>A number with its noun.</summary>
    public static string Counted(int count, string one, string more) => count == 1 ? $"1 {one}" : $"{count} {more}";
}
