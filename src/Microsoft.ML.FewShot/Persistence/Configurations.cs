using System.Text.Json.Serialization;
using Microsoft.ML.FewShot.Baselines.Models;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.FewShot.Support;
using Microsoft.ML.VisionCore.Persistence;
using Microsoft.ML.VisionCore.Scoring;

namespace Microsoft.ML.FewShot.Persistence;

/// <summary>Config.json of a hyper-transformer.</summary>
/// <param name="Columns">The names of the columns.</param>
/// <param name="Method">What the model was trained as.</param>
/// <param name="Normalization">How pixels become numbers; null for features.</param>
/// <param name="Shape">The sizes of the model.</param>
/// <param name="Maml">How a model of that method adapts; null for others.</param>
/// <param name="Spread">How far samples are from their class, for classifiers that reject; null where that was not measured, as by older versions.</param>
/// <param name="Lstm">How a model of that method adapts; null for others.</param>
internal sealed record GeneratorConfiguration(
    [property: JsonPropertyName("columns")] ColumnPart Columns,
    [property: JsonPropertyName("method")] FewShotMethod Method,
    [property: JsonPropertyName("normalization")] NormalizationPart? Normalization,
    [property: JsonPropertyName("shape")] FewShotShape Shape,
    [property: JsonPropertyName("maml")] MamlSettings? Maml,
    [property: JsonPropertyName("spread"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<float>? Spread = null,
    [property: JsonPropertyName("lstm"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] LstmSettings? Lstm = null);

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
/// <param name="FalseRejectionRate">The share of samples of the classes that may be rejected; null where nothing is, as in older files.</param>
internal sealed record ClassifierConfiguration(
    [property: JsonPropertyName("columns")] ColumnPart Columns,
    [property: JsonPropertyName("classes")] int Classes,
    [property: JsonPropertyName("keyValues")] KeyValuePart? KeyValues,
    [property: JsonPropertyName("slots")] int[] Slots,
    [property: JsonPropertyName("method")] FewShotMethod Method,
    [property: JsonPropertyName("normalization")] NormalizationPart? Normalization,
    [property: JsonPropertyName("shape")] TargetShape Shape,
    [property: JsonPropertyName("support")] bool Support,
    [property: JsonPropertyName("samples")] SampleCounts? Samples = null,
    [property: JsonPropertyName("falseRejectionRate"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? FalseRejectionRate = null);

/// <summary>The names of columns.</summary>
internal sealed record ColumnPart(
    [property: JsonPropertyName("label")] string Label,
    [property: JsonPropertyName("feature")] string Feature,
    [property: JsonPropertyName("group")] string? Group,
    [property: JsonPropertyName("candidates")] string? Candidates,
    [property: JsonPropertyName("score")] string Score,
    [property: JsonPropertyName("predictedLabel")] string PredictedLabel,
    [property: JsonPropertyName("knownScore"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? KnownScore = null)
{
    public static ColumnPart Of(FewShotColumns columns) =>
        new(columns.Label, columns.Feature, columns.Group, columns.Candidates, columns.Added.Score, columns.Added.PredictedLabel, columns.Added.Known);

    /// <exception cref="FormatException">A name is empty.</exception>
    public FewShotColumns ToColumns(string what)
    {
        ModelJson.CheckColumns(
            what, ("label", Label), ("feature", Feature), ("group", Group), ("candidates", Candidates), ("score", Score), ("predictedLabel", PredictedLabel), ("knownScore", KnownScore));
        return new FewShotColumns(Label, Feature, Group, Candidates, new ScoreColumns(Score, PredictedLabel, KnownScore));
    }
}
