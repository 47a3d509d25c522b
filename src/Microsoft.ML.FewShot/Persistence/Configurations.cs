using System.Text.Json.Serialization;
using Microsoft.ML.FewShot.Baselines.Models;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.FewShot.Support;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Scoring;

namespace Microsoft.ML.FewShot.Persistence;

/// <summary>Config.json of a hyper-transformer.</summary>
/// <param name="Columns">The names of the columns.</param>
/// <param name="Method">What the model was trained as.</param>
/// <param name="Normalization">How pixels become numbers; null for features.</param>
/// <param name="Shape">The sizes of the model.</param>
/// <param name="Maml">How a model of that method adapts; null for others.</param>
internal sealed record GeneratorConfiguration(
    [property: JsonPropertyName("columns")] ColumnPart Columns,
    [property: JsonPropertyName("method")] FewShotMethod Method,
    [property: JsonPropertyName("normalization")] NormalizationPart? Normalization,
    [property: JsonPropertyName("shape")] FewShotShape Shape,
    [property: JsonPropertyName("maml")] MamlSettings? Maml);

/// <summary>Config.json of a generated classifier.</summary>
/// <param name="Columns">The names of the columns.</param>
/// <param name="Classes">The number of classes.</param>
/// <param name="KeyValues">What they are called; null where the label had no values.</param>
/// <param name="Slots">The class of every output of the network.</param>
/// <param name="Method">What made the classifier.</param>
/// <param name="Normalization">How pixels become numbers; null for features.</param>
/// <param name="Shape">The sizes of the network.</param>
/// <param name="Support">Whether the support samples are kept.</param>
/// <param name="Samples">How many samples it was made of; null in files of versions that did not count.</param>
internal sealed record ClassifierConfiguration(
    [property: JsonPropertyName("columns")] ColumnPart Columns,
    [property: JsonPropertyName("classes")] int Classes,
    [property: JsonPropertyName("keyValues")] KeyValuePart? KeyValues,
    [property: JsonPropertyName("slots")] int[] Slots,
    [property: JsonPropertyName("method")] FewShotMethod Method,
    [property: JsonPropertyName("normalization")] NormalizationPart? Normalization,
    [property: JsonPropertyName("shape")] TargetShape Shape,
    [property: JsonPropertyName("support")] bool Support,
    [property: JsonPropertyName("samples")] SampleCounts? Samples = null);

/// <summary>The names of columns.</summary>
internal sealed record ColumnPart(
    [property: JsonPropertyName("label")] string Label,
    [property: JsonPropertyName("feature")] string Feature,
    [property: JsonPropertyName("group")] string? Group,
    [property: JsonPropertyName("candidates")] string? Candidates,
    [property: JsonPropertyName("score")] string Score,
    [property: JsonPropertyName("predictedLabel")] string PredictedLabel)
{
    public static ColumnPart Of(FewShotColumns columns) =>
        new(columns.Label, columns.Feature, columns.Group, columns.Candidates, columns.Added.Score, columns.Added.PredictedLabel);

    /// <exception cref="FormatException">A name is empty.</exception>
    public FewShotColumns ToColumns(string what)
    {
        var named = new[] { ("label", Label), ("feature", Feature), ("group", Group), ("candidates", Candidates), ("score", Score), ("predictedLabel", PredictedLabel) };
        ModelJson.Check(named.Where(one => one.Item2 is "").Select(one => $"'{one.Item1}' is empty."), what, "columns");
        return new FewShotColumns(Label, Feature, Group, Candidates, new ScoreColumns(Score, PredictedLabel));
    }
}

/// <summary>How pixels become numbers: a mean and a deviation for each colour, in units of bytes.</summary>
internal sealed record NormalizationPart([property: JsonPropertyName("mean")] float[] Mean, [property: JsonPropertyName("deviation")] float[] Deviation)
{
    public static NormalizationPart? Of(ImageNormalization? scale) => scale is null ? null : new NormalizationPart(scale.Mean, scale.Deviation);

    /// <summary>What the part says of images; null for features, whatever it says.</summary>
    /// <param name="part">The part, if there is one.</param>
    /// <param name="isImage">Whether the model is for images.</param>
    /// <param name="colors">Their colours.</param>
    /// <param name="what">What the model is, as messages name it.</param>
    /// <exception cref="FormatException">The part is missing, or has other than as many finite numbers as there are colours.</exception>
    public static ImageNormalization? ToNormalization(NormalizationPart? part, bool isImage, int colors, string what)
    {
        if (!isImage)
        {
            return null;
        }

        var (mean, deviation) = (part?.Mean ?? [], part?.Deviation ?? []);
        ModelJson.Check(new[] { ("mean", mean), ("deviation", deviation) }
            .Where(one => one.Item2.Length != colors || !Array.TrueForAll(one.Item2, float.IsFinite))
            .Select(one => $"'{one.Item1}' has {one.Item2.Length} values; {colors} finite ones were expected."), what, "normalization");
        return new ImageNormalization(mean, deviation);
    }
}

/// <summary>What classes are called.</summary>
internal sealed record KeyValuePart([property: JsonPropertyName("type")] string Type, [property: JsonPropertyName("values")] string[] Values)
{
    public static KeyValuePart? Of(ClassLabels labels) =>
        labels.ValueType is { } type && labels.ToText() is { } values ? new KeyValuePart(KeyValueCodec.NameOf(type), [.. values]) : null;

    /// <exception cref="FormatException">The number of classes is impossible, or not that of the values.</exception>
    public static ClassLabels ToLabels(KeyValuePart? part, int count, string what)
    {
        ModelJson.Check(count is >= 2 and <= ClassLabels.MaxCount ? [] : [$"There are {count} classes; 2 to {ClassLabels.MaxCount} were expected."], what, "classes");
        if (part is null)
        {
            return new ClassLabels(count);
        }

        ModelJson.Check(part.Values.Length == count ? [] : [$"There are {count} classes and {part.Values.Length} values; as many of both were expected."], what, "keyValues");
        return KeyValueCodec.Parse(part.Type, part.Values);
    }
}
