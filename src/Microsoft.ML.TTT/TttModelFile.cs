using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Images;
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
    private const int LongestConfig = 1 << 26;

    private static VersionInfo Version => new(
        modelSignature: "TTTIMAGE",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderAssemblyName: typeof(TTTImageClassificationTransformer).Assembly.FullName,
        loaderSignature: TTTImageClassificationTransformer.LoaderSignature);

    public static void Write(ModelSaveContext context, TttModel model, TttImageScorer scorer)
    {
        var labels = model.Labels;
        var config = new JsonObject
        {
            ["columns"] = new JsonObject
            {
                ["feature"] = model.FeatureColumn,
                ["score"] = model.Columns.Score,
                ["predictedLabel"] = model.Columns.PredictedLabel,
            },
            ["classes"] = labels.Count,
            ["keyValues"] = labels.ValueType is null ? null : new JsonObject
            {
                ["type"] = KeyValueCodec.NameOf(labels.ValueType),
                ["values"] = JsonSerializer.SerializeToNode(labels.ToText()),
            },
            ["mirror"] = scorer.IsMirroring,
            ["normalization"] = new JsonObject
            {
                ["mean"] = JsonSerializer.SerializeToNode(scorer.Normalization.Mean),
                ["deviation"] = JsonSerializer.SerializeToNode(scorer.Normalization.Deviation),
            },
            ["shape"] = JsonNode.Parse(scorer.Model.Shape.ToJson()),
        };
        ModelStreams.Begin(context, Version);
        ModelStreams.Write(context, ConfigName, stream => JsonSerializer.Serialize(stream, config));
        ModelStreams.Write(context, WeightsName, stream => ModuleWeights.Save(scorer.Model, stream));
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <remarks>What it throws has no inner exception: ML.NET wraps it, and the innermost exception is where users find the reason.</remarks>
    /// <exception cref="FormatException">The file is damaged, of another kind or from a newer version.</exception>
    public static (TttModel Model, TttImageScorer Scorer) Read(ModelLoadContext context, Device device)
    {
        ModelStreams.Check(context, Version, What);
        using var config = ModelStreams.Read(context, ConfigName, What, ReadConfig);
        try
        {
            return Read(context, config.RootElement, device);
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or OverflowException)
        {
            throw new FormatException($"The configuration of the {What} lacks a value or has one of the wrong kind: {exception.Message}");
        }
    }

    private static (TttModel Model, TttImageScorer Scorer) Read(ModelLoadContext context, JsonElement config, Device device)
    {
        var columns = config.GetProperty("columns");
        var shape = ModelShape.FromJson(config.GetProperty("shape").GetRawText());
        var labels = ReadLabels(config);
        if (shape.Classes != labels.Count || shape.Channels != 3)
        {
            throw new FormatException(
                $"The configuration of the {What} contradicts itself: the network has {shape.Classes} classes and {shape.Channels} channels; " +
                $"the label has {labels.Count} classes and images have 3 channels.");
        }

        var model = new TttModel(Text(columns, "feature"), new ScoreColumns(Text(columns, "score"), Text(columns, "predictedLabel")), labels);
        var normalization = config.GetProperty("normalization");
        var (mean, deviation) = (Floats(normalization, "mean"), Floats(normalization, "deviation"));
        var isMirroring = config.GetProperty("mirror").GetBoolean();
        var network = new VisionTransformer(shape, seed: 0);
        try
        {
            ModelStreams.Read(context, WeightsName, What, stream =>
            {
                ModuleWeights.Load(network, stream, stream.Length);
                return true;
            });
            return (model, new TttImageScorer(network, new ImageNormalization(mean, deviation), isMirroring, device));
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private static JsonDocument ReadConfig(Stream stream)
    {
        if (stream.Length > LongestConfig)
        {
            throw new FormatException($"The configuration of the {What} is {stream.Length} bytes long; at most {LongestConfig} are read.");
        }

        try
        {
            return JsonDocument.Parse(stream);
        }
        catch (JsonException exception)
        {
            throw new FormatException($"The configuration of the {What} is not JSON: {exception.Message}");
        }
    }

    private static ClassLabels ReadLabels(JsonElement config)
    {
        var count = config.GetProperty("classes").GetInt32();
        var keyValues = config.GetProperty("keyValues");
        if (keyValues.ValueKind == JsonValueKind.Null)
        {
            return count is >= 2 and <= ClassLabels.MaxCount ? new ClassLabels(count)
                : throw new FormatException($"The {What} has {count} classes; 2 to {ClassLabels.MaxCount} were expected.");
        }

        string[] values = [.. keyValues.GetProperty("values").EnumerateArray().Select(value => value.GetString() ?? "")];
        var labels = KeyValueCodec.Parse(Text(keyValues, "type"), values);
        return labels.Count == count && count >= 2 ? labels
            : throw new FormatException($"The {What} has {count} classes and {labels.Count} key values; as many of both, at least 2, were expected.");
    }

    private static string Text(JsonElement parent, string name) => parent.GetProperty(name).GetString() is { Length: > 0 } text ? text
        : throw new FormatException($"The configuration of the {What} has no text for '{name}'.");

    private static float[] Floats(JsonElement parent, string name)
    {
        float[] values = [.. parent.GetProperty(name).EnumerateArray().Select(value => value.GetSingle())];
        return values.Length == 3 && Array.TrueForAll(values, float.IsFinite) ? values
            : throw new FormatException($"The configuration of the {What} has {values.Length} values for '{name}'; 3 finite ones were expected.");
    }
}
