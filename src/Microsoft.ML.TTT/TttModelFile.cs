using System.Text.Json.Serialization;
using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Persistence;
using Microsoft.ML.VisionCore.Scoring;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT;

/// <summary>Writes and reads a classifier inside the file that ML.NET makes of a model.</summary>
/// <remarks>
/// *** Binary format ***
/// Config.json: UTF-8 JSON, a <see cref="TttConfiguration"/>
/// Weights.safetensors: the tensors of the network by name
/// </remarks>
internal static class TttModelFile
{
    private const string What = "test-time-training image classifier";

    private static VersionInfo Version => new(
        modelSignature: "TTTIMAGE",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderAssemblyName: typeof(TTTImageClassificationTransformer).Assembly.FullName,
        loaderSignature: TTTImageClassificationTransformer.LoaderSignature);

    public static void Write(ModelSaveContext context, TttModel model, TttImageScorer scorer)
    {
        var columns = new TttColumnPart(model.FeatureColumn, model.Columns.Score, model.Columns.PredictedLabel, model.Columns.Known);
        var normalization = NormalizationPart.Of(scorer.Normalization);
        var config = new TttConfiguration(columns, model.Labels.Count, KeyValuePart.Of(model.Labels), scorer.IsMirroring, normalization, scorer.Model.Shape,
            scorer.Threshold);
        ModelFile.Write(context, Version, config, scorer.Model);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">The file is damaged, of another kind or from a newer version.</exception>
    public static (TttModel Model, TttImageScorer Scorer) Read(ModelLoadContext context, Device device)
    {
        var config = ModelFile.ReadConfiguration<TttConfiguration>(context, Version, What);
        var (columns, shape) = (config.Columns.ToScoreColumns(What), config.Shape);
        ModelJson.Check(shape.Violations(), What, "shape");
        var labels = KeyValuePart.ToLabels(config.KeyValues, config.Classes, What);
        var isPossible = shape.Classes == labels.Count && shape.Channels == 3;
        ModelJson.Check(isPossible ? [] : [$"The network has {shape.Classes} classes and {shape.Channels} channels; the label has {labels.Count} classes and images have 3 channels."], What, "shape");
        var normalization = NormalizationPart.ToNormalization(config.Normalization, isImage: true, shape.Channels, What)!;

        ModelJson.Check(config.Threshold is null == columns.Known is null && config.Threshold is null or (>= (float)TttImageScorer.LeastThreshold and <= 1) ? []
            : ["A classifier that rejects has a column of known scores and a threshold in [0.0001, 1], and no other has."], What, "threshold");
        using var mode = new TorchMode(gradients: false);
        var network = ModelFile.ReadNetwork(context, What, () => new VisionTransformer(shape, seed: 0));
        try
        {
            return (new TttModel(config.Columns.Feature, columns, labels), new TttImageScorer(network, normalization, config.Mirror, device, config.Threshold));
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }
}

/// <summary>Config.json of a classifier.</summary>
/// <param name="Columns">The names of the columns.</param>
/// <param name="Classes">The number of classes.</param>
/// <param name="KeyValues">What they are called; null where the label had no values.</param>
/// <param name="Mirror">Whether images are scored together with their mirror images.</param>
/// <param name="Normalization">How pixels become numbers.</param>
/// <param name="Shape">The sizes of the network.</param>
/// <param name="Threshold">How far the largest probability may be below 1 in an image of the classes; null where nothing is rejected, as in older files.</param>
internal sealed record TttConfiguration(
    [property: JsonPropertyName("columns")] TttColumnPart Columns,
    [property: JsonPropertyName("classes")] int Classes,
    [property: JsonPropertyName("keyValues")] KeyValuePart? KeyValues,
    [property: JsonPropertyName("mirror")] bool Mirror,
    [property: JsonPropertyName("normalization")] NormalizationPart Normalization,
    [property: JsonPropertyName("shape")] ModelShape Shape,
    [property: JsonPropertyName("threshold"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] float? Threshold = null);

/// <summary>The names of columns.</summary>
internal sealed record TttColumnPart(
    [property: JsonPropertyName("feature")] string Feature,
    [property: JsonPropertyName("score")] string Score,
    [property: JsonPropertyName("predictedLabel")] string PredictedLabel,
    [property: JsonPropertyName("knownScore"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? KnownScore = null)
{
    /// <exception cref="FormatException">A name is empty.</exception>
    public ScoreColumns ToScoreColumns(string what)
    {
        ModelJson.CheckColumns(what, ("feature", Feature), ("score", Score), ("predictedLabel", PredictedLabel), ("knownScore", KnownScore));
        return new ScoreColumns(Score, PredictedLabel, KnownScore);
    }
}
