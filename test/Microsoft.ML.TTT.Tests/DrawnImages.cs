using Microsoft.ML.Data;
using MLExtensions.Testing;

namespace Microsoft.ML.TTT.Tests;

/// <summary>Small data sets in memory, and options that train on them in a second.</summary>
internal static class DrawnImages
{
    public const int Side = 16;

    /// <summary>Drawn pictures, classes taking turns, labels as text.</summary>
    public static Picture[] Pictures(int count, int classes = 3, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => new Picture
        {
            Name = TinyImages.ClassNames[i % classes],
            Features = TinyImages.Encode(i % classes, Side, random),
        })];
    }

    /// <summary>Pictures with a key column "Label" made of their names.</summary>
    public static IDataView Keyed(MLContext context, IEnumerable<Picture> pictures)
    {
        var data = context.Data.LoadFromEnumerable(pictures);
        return context.Transforms.Conversion.MapValueToKey("Label", nameof(Picture.Name)).Fit(data).Transform(data);
    }

    /// <summary>A model of a few thousand weights that is trained for two epochs.</summary>
    public static TTTImageClassificationTrainer.Options SmallOptions(Action<TTTImageClassificationTrainer.Options>? change = null)
    {
        var options = new TTTImageClassificationTrainer.Options
        {
            ImageSize = Side,
            Model = { Depth = 1, Width = 24, Heads = 2 },
            Epoch = 2,
            BatchSize = 16,
            Seed = 1,
            Recipe = { LowResolutionFraction = 0 },
            ValidationSetFraction = 0.2f,
        };
        change?.Invoke(options);
        return options;
    }

    public static TTTImageClassificationTrainer Trainer(MLContext context, Action<TTTImageClassificationTrainer.Options>? change = null) =>
        context.MulticlassClassification.Trainers.TTTImageClassification(SmallOptions(change));

    /// <summary>All scores of a data set, as bits.</summary>
    public static string Bits(IDataView scored) => string.Join(' ', scored.GetColumn<float[]>("Score").SelectMany(scores => scores).Select(score => BitConverter.SingleToInt32Bits(score).ToString("X8")));

    internal sealed class Picture
    {
        public string Name { get; set; } = "";

        public byte[] Features { get; set; } = [];
    }
}
