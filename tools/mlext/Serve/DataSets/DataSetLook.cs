using Microsoft.ML;
using Microsoft.ML.TTT;
using Microsoft.ML.VisionCore.Images;
using MLExt.Data;
using MLExt.Serve.Contract;

namespace MLExt.Serve.DataSets;

/// <summary>Looks through a data set before it is trained on: counts, examples, and what may spoil the training.</summary>
internal static class DataSetLook
{
    private const int Examples = 6;
    private const int FewImages = 10;
    private const int NamesShown = 3;

    /// <summary>A class with so many times the images of another will be preferred.</summary>
    private const int Unbalanced = 10;

    /// <summary>Looks at all paths, and at the first bytes of some images.</summary>
    /// <param name="id">What the data set's address ends with.</param>
    /// <param name="store">The images.</param>
    /// <param name="images">The same with their labels.</param>
    /// <param name="divided">What they are a part of; null where they are all.</param>
    public static DataSetAnswer At(string id, GuardedStore store, ImageSet images, DividedDataSet? divided)
    {
        var classes = Enumerable.Range(0, images.Count).GroupBy(images.Label, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new DataSetClass(g.Key, g.Count(), Spread([.. g], Examples))).ToArray();
        var (sides, damaged, looked) = Sides(store);
        return new DataSetAnswer(
            id, store.Name, images.Count, store.OtherFiles, classes, [.. divided is null ? [] : (string[])[divided.ToString()], .. About(classes), .. About(damaged, looked), .. OtherFiles.Warnings(store)], Side(images, sides));
    }

    // As the trainer does.
    private static int Side(ImageSet images, List<int> sides)
    {
        var data = images.ToDataView(new MLContext());
        var backbone = BackboneChoice.Of(ImageBackbone.Auto, imageSize: null, data, ImageColumn.Bind(data.Schema, Columns.Image, "image"), channel: null);
        return backbone == ImageBackbone.None ? ImageColumn.SuggestSide(sides) : BackboneChoice.PhotographSide;
    }

    private static (List<int> Sides, List<string> Damaged, int Looked) Sides(GuardedStore store)
    {
        var sides = new List<int>();
        var damaged = new List<string>();
        var sample = Spread([.. Enumerable.Range(0, store.Paths.Count)], ImageColumn.SampleSize);
        foreach (var index in sample)
        {
            var file = store.TryRead(index, out var fault);
            if (file.Length > 0 && EncodedImage.ReadHeader(file) is var header && (fault = header.Fault) is null)
            {
                sides.Add(Math.Min(header.Width, header.Height));
            }
            else
            {
                damaged.Add($"'{store.Paths[index]}' for instance: {fault ?? "the file is empty"}");
            }
        }

        return (sides, damaged, sample.Length);
    }

    private static IEnumerable<string> About(DataSetClass[] classes)
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

        var (largest, smallest) = (classes.MaxBy(c => c.Images)!, classes.MinBy(c => c.Images)!);
        if (largest.Images > Unbalanced * smallest.Images)
        {
            yield return $"The classes are unbalanced: '{largest.Name}' has {largest.Images} images and '{smallest.Name}' {smallest.Images}. "
                + "The model will prefer the larger one.";
        }
    }

    private static IEnumerable<string> About(List<string> damaged, int looked)
    {
        if (damaged.Count > 0)
        {
            yield return $"Of the {looked} images looked at {Counted(damaged.Count, "cannot be read or is too large", "cannot be read or are too large")}, "
                + $"{damaged[0]}. Training leaves such images out, and those that prove damaged behind their first bytes, at which alone was looked.";
        }
    }

    private static string Counted(int count, string one, string more) => count == 1 ? $"1 {one}" : $"{count} {more}";

    /// <summary>Some of many, evenly spread.</summary>
    private static int[] Spread(int[] all, int most) =>
        all.Length <= most ? all : [.. Enumerable.Range(0, most).Select(i => all[(int)((long)i * all.Length / most)])];
}
