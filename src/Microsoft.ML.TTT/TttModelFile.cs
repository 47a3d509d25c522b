using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Interop;
using Microsoft.ML.VisionCore.Scoring;
using Microsoft.ML.VisionCore.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT;

/// <summary>Writes and reads a classifier inside the file that ML.NET makes of a model.</summary>
/// <remarks>
/// *** Binary format ***
/// Config.json: UTF-8 JSON
///   columns: { feature, score, predictedLabel }: names
///   classes: int
///   keyValues: { type, values: [strings] }, or null where the label had none
///   mirror: bool: whether images are scored together with their mirror images
///   normalization: { mean: [3 floats], deviation: [3 floats] }, in units of bytes
///   shape: the sizes of the network
/// Weights.safetensors: the tensors of the network by name
/// </remarks>
internal static class TttModelFile
{
    private const string ConfigName = "Config.json";
    private const string WeightsName = "Weights.safetensors";
    private const string What = "test-time-training image classifier";

    private static readonly ModelConfiguration Configuration = new(What);

    private static VersionInfo Version => new(
        modelSignature: "TTTIMAGE",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderAssemblyName: typeof(TTTImageClassificationTransformer).Assembly.FullName,
        loaderSignature: TTTImageClassificationTransformer.LoaderSignature);

    public static void Write(ModelSaveContext context, TttModel model, TttImageScorer scorer)
    {
        var config = new JsonObject
        {
            ["columns"] = new JsonObject
            {
                ["feature"] = model.FeatureColumn,
                ["score"] = model.Columns.Score,
                ["predictedLabel"] = model.Columns.PredictedLabel,
            },
            ["mirror"] = scorer.IsMirroring,
            ["normalization"] = ModelConfiguration.ToJson(scorer.Normalization),
            ["shape"] = JsonNode.Parse(scorer.Model.Shape.ToJson()),
        };
        ModelConfiguration.Write(config, model.Labels);
        ModelStreams.Begin(context, Version);
        ModelStreams.Write(context, ConfigName, stream => JsonSerializer.Serialize(stream, config));
        ModelStreams.Write(context, WeightsName, stream => ModuleWeights.Save(scorer.Model, stream));
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">The file is damaged, of another kind or from a newer version.</exception>
    public static (TttModel Model, TttImageScorer Scorer) Read(ModelLoadContext context, Device device)
    {
        ModelStreams.Check(context, Version, What);
        using var config = ModelStreams.Read(context, ConfigName, What, Configuration.Parse);
        return Configuration.Read(() => Read(context, config.RootElement, device));
    }

    private static (TttModel Model, TttImageScorer Scorer) Read(ModelLoadContext context, JsonElement config, Device device)
    {
        var columns = config.GetProperty("columns");
        var shape = ModelShape.FromJson(config.GetProperty("shape").GetRawText());
        var labels = Configuration.Labels(config);
        if (shape.Classes != labels.Count || shape.Channels != 3)
        {
            throw new FormatException(
                $"The configuration of the {What} contradicts itself: the network has {shape.Classes} classes and {shape.Channels} channels; " +
                $"the label has {labels.Count} classes and images have 3 channels.");
        }

        var model = new TttModel(
            Configuration.Text(columns, "feature"), new ScoreColumns(Configuration.Text(columns, "score"), Configuration.Text(columns, "predictedLabel")), labels);
        var normalization = Configuration.Normalization(config.GetProperty("normalization"), 3);
        var isMirroring = config.GetProperty("mirror").GetBoolean();
        var network = new VisionTransformer(shape, seed: 0);
        try
        {
            ModelStreams.Read(context, WeightsName, What, stream =>
            {
                ModuleWeights.Load(network, stream, stream.Length);
                return true;
            });
            return (model, new TttImageScorer(network, normalization, isMirroring, device));
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }
}
