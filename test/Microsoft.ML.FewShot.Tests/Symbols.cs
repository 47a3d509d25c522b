using Microsoft.ML.FewShot.Tests.Training;
using MLExtensions.Testing;
using Microsoft.ML.Data;

namespace Microsoft.ML.FewShot.Tests;

/// <summary>Drawn symbols as rows of data views, and options that train on them in a second.</summary>
internal static class Symbols
{
    public const int MaxWays = 6;

    public static string NameOf(int number) => $"symbol {number}";

    /// <summary>Drawings of the symbols 0, 1, ... of a seed, symbol by symbol.</summary>
    public static Symbol[] Draw(int symbols, int each, int seed = 1)
    {
        var pool = DrawnSymbols.Create(symbols, each, seed);
        return [.. pool.Classes.SelectMany(one => one.Examples.Select(example => new Symbol { Name = one.Name, Features = Png(pool.Image(example).ToArray()) }))];
    }

    /// <summary>Rows with a key column "Label" made of their names.</summary>
    public static IDataView Keyed(MLContext context, IEnumerable<Symbol> rows)
    {
        var data = context.Data.LoadFromEnumerable(rows);
        return context.Transforms.Conversion.MapValueToKey("Label", nameof(Symbol.Name)).Fit(data).Transform(data);
    }

    /// <summary>Every name as a label: rows for which the column "Name" is the label.</summary>
    public static FewShotClassifierOptions Named(Action<FewShotClassifierOptions>? change = null)
    {
        var options = new FewShotClassifierOptions { LabelColumnName = nameof(Symbol.Name) };
        change?.Invoke(options);
        return options;
    }

    /// <summary>A model of a few thousand weights that is trained for a few steps.</summary>
    public static FewShotHyperTransformerTrainer.Options SmallOptions(Action<FewShotHyperTransformerTrainer.Options>? change = null)
    {
        var options = new FewShotHyperTransformerTrainer.Options
        {
            ImageSize = DrawnSymbols.Side,
            Channels = 4,
            Model = { EncoderWidth = 16 },
            Episodes = { MinWays = 2 },
            MaxWays = MaxWays,
            MaxShots = 2,
            MaxUnlabeled = 1,
            Effort = 0.005f,
            Seed = 1,
            ValidationClassFraction = 0,
        };
        change?.Invoke(options);
        return options;
    }

    public static FewShotHyperTransformerTrainer Trainer(MLContext context, Action<FewShotHyperTransformerTrainer.Options>? change = null) =>
        context.MulticlassClassification.Trainers.FewShotHyperTransformer(SmallOptions(change));

    /// <summary>All scores of a data set, as bits.</summary>
    public static string Bits(IDataView scored) => Bits(scored.GetColumn<float[]>("Score"));

    public static string Bits(IEnumerable<float[]> scores) =>
        string.Join(' ', scores.SelectMany(row => row).Select(score => BitConverter.SingleToInt32Bits(score).ToString("X8")));

    private static byte[] Png(byte[] grey) => PngFile.Encode(DrawnSymbols.Side, DrawnSymbols.Side, (x, y) =>
    {
        var value = grey[(y * DrawnSymbols.Side) + x];
        return (value, value, value);
    });

    internal sealed class Symbol
    {
        /// <summary>Empty where it is not known.</summary>
        public string Name { get; set; } = "";

        public byte[] Features { get; set; } = [];

        /// <summary>The symbols that it may be, where the name is not known.</summary>
        public string[] Candidates { get; set; } = [];

        /// <summary>The task that it belongs to.</summary>
        public string Task { get; set; } = "";

        public Symbol Unnamed() => new() { Features = Features, Task = Task };
    }

    internal sealed class Prediction
    {
        public string PredictedLabel { get; set; } = "";

        public float[] Score { get; set; } = [];
    }
}
