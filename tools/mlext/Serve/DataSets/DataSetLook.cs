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

    /// <summary>Looks at all paths, and at the first bytes of some images.</summary>
    /// <param name="id">What the data set's address ends with.</param>
    /// <param name="store">The images.</param>
    /// <param name="images">The same with their labels.</param>
    /// <param name="divided">What they are a part of; null where they are all.</param>
    public static DataSetAnswer At(string id, GuardedStore store, ImageSet images, DividedDataSet? divided)
    {
        var classes = Enumerable.Range(0, images.Count).GroupBy(images.Label, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new DataSetClass(g.Key, g.Count(), Spread([.. g], Examples))).ToArray();
        var (sides, damaged, looked) = Sides(images);
        return new DataSetAnswer(
            id, store.Name, images.Count, store.OtherFiles, classes,
            [
                .. divided is null ? [] : (string[])[divided.Describe(isValidating: false)],
                .. DataSetAdvice.OfClasses([.. classes.Select(one => (one.Name, one.Images))]), .. About(damaged, looked), .. DataSetAdvice.OfRepeated([.. images.Seen]), .. OtherFiles.Warnings(store),
            ],
            Side(images, sides));
    }

    // As the trainer does.
    private static int Side(ImageSet images, List<int> sides)
    {
        var data = images.ToDataView(new MLContext());
        var backbone = BackboneChoice.Of(ImageBackbone.Auto, imageSize: null, data, ImageColumn.Bind(data.Schema, Columns.Image, "image"), channel: null);
        return backbone == ImageBackbone.None ? ImageColumn.SuggestSide(sides) : BackboneChoice.PhotographSide;
    }

    private static (List<int> Sides, List<string> Damaged, int Looked) Sides(ImageSet images)
    {
        var sides = new List<int>();
        var damaged = new List<string>();
        var sample = Spread([.. Enumerable.Range(0, images.Count)], ImageColumn.SampleSize);
        foreach (var index in sample)
        {
            var file = images.Read(index, out var fault);
            if (file.Length > 0 && EncodedImage.ReadHeader(file) is var header && (fault = header.Fault) is null)
            {
                sides.Add(Math.Min(header.Width, header.Height));
            }
            else
            {
                damaged.Add($"'{images.Path(index)}' for instance: {fault ?? "the file is empty"}");
            }
        }

        return (sides, damaged, sample.Length);
    }

    private static IEnumerable<string> About(List<string> damaged, int looked)
    {
        if (damaged.Count > 0)
        {
            yield return $"Of the {looked} images looked at {DataSetAdvice.Counted(damaged.Count, "cannot be read or is too large", "cannot be read or are too large")}, "
                + $"{damaged[0]}. Training leaves such images out, and those that prove damaged behind their first bytes, at which alone was looked.";
        }
    }

    /// <summary>Some of many, evenly spread.</summary>
    private static int[] Spread(int[] all, int most) =>
        all.Length <= most ? all : [.. Enumerable.Range(0, most).Select(i => all[(int)((long)i * all.Length / most)])];
}
