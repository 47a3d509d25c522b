using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.FewShot.Classifiers;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Interop;
using Microsoft.ML.VisionCore.Scoring;
using Microsoft.ML.VisionCore.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Persistence;

/// <summary>Writes and reads a generated classifier inside the file that ML.NET makes of a model.</summary>
/// <remarks>
/// *** Binary format ***
/// Config.json: UTF-8 JSON
///   columns: { label, feature, candidates (or null), score, predictedLabel }: names
///   classes: int
///   keyValues: { type, values: [strings] }, or null where the label had none
///   slots: [ints]: the class of every output of the network
///   method: the name of what made the classifier
///   normalization: { mean: [floats], deviation: [floats] }, a colour each, in units of bytes; null for features
///   shape: the sizes of the network
///   support: bool: whether the support samples are kept
/// Weights.safetensors: the tensors of the network by name
/// Support.safetensors, where samples are kept:
///   features: the images, uint8 [N, C, S, S], or features, float32 [N, F]
///   candidates: uint8 [N, W]: 1 for the outputs of the network that may be a sample's class
/// </remarks>
internal static class FewShotClassifierFile
{
    /// <summary>By which ML.NET finds the type that a file holds.</summary>
    public const string LoaderSignature = "FewShotClassifier";

    private const string ConfigName = "Config.json";
    private const string WeightsName = "Weights.safetensors";
    private const string SupportName = "Support.safetensors";
    private const string What = "few-shot classifier";

    private static readonly ModelConfiguration Configuration = new(What);

    private static VersionInfo Version => new(
        modelSignature: "FEWSHOTC",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderAssemblyName: typeof(FewShotClassifierFile).Assembly.FullName,
        loaderSignature: LoaderSignature);

    public static void Write(ModelSaveContext context, FewShotClassifierModel model, ClassifierScorer scorer)
    {
        var config = new JsonObject
        {
            ["columns"] = FewShotModelParts.ToJson(model.Columns),
            ["slots"] = JsonSerializer.SerializeToNode(ClassesOf(scorer.Slots)),
            ["method"] = $"{model.Method}",
            ["normalization"] = scorer.Scale is { } scale ? ModelConfiguration.ToJson(scale) : null,
            ["shape"] = JsonNode.Parse(scorer.Network.Shape.ToJson()),
            ["support"] = model.Support is not null,
        };
        ModelConfiguration.Write(config, model.Labels);
        ModelStreams.Begin(context, Version);
        ModelStreams.Write(context, ConfigName, stream => JsonSerializer.Serialize(stream, config));
        ModelStreams.Write(context, WeightsName, stream => ModuleWeights.Save(scorer.Network, stream));
        if (model.Support is { } support)
        {
            ModelStreams.Write(context, SupportName, stream => SupportTensors.Write(support, stream));
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">The file is damaged, of another kind or from a newer version.</exception>
    public static (FewShotClassifierModel Model, ClassifierScorer Scorer) Read(ModelLoadContext context, Device device)
    {
        ModelStreams.Check(context, Version, What);
        using var config = ModelStreams.Read(context, ConfigName, What, Configuration.Parse);
        return Configuration.Read(() => Read(context, config.RootElement, device));
    }

    private static (FewShotClassifierModel Model, ClassifierScorer Scorer) Read(ModelLoadContext context, JsonElement config, Device device)
    {
        var columns = FewShotModelParts.Columns(Configuration, config.GetProperty("columns"));
        var shape = TargetShape.FromJson(config.GetProperty("shape").GetRawText());
        var scale = shape.ImageSize > 0 ? Configuration.Normalization(config.GetProperty("normalization"), shape.Colors) : null;
        var labels = Configuration.Labels(config);
        int[] classes = [.. config.GetProperty("slots").EnumerateArray().Select(value => value.GetInt32())];
        if (classes.Length != shape.Classes || classes.Distinct().Count() != classes.Length || classes.Any(number => number < 0 || number >= labels.Count))
        {
            throw new FormatException(
                $"The configuration of the {What} contradicts itself: the network has {shape.Classes} classes, 'slots' has {classes.Length}, and the label {labels.Count}.");
        }

        var method = FewShotModelParts.Method(What, config.GetProperty("method").GetString());
        var network = new TargetNetwork(shape);
        try
        {
            ModelStreams.Read(context, WeightsName, What, stream =>
            {
                ModuleWeights.Load(network, stream, stream.Length);
                return true;
            });
            var scorer = new ClassifierScorer(network, scale, SlotsOf(classes, labels.Count), device);
            var support = !config.GetProperty("support").GetBoolean() ? null
                : ModelStreams.Read(context, SupportName, What, stream => SupportTensors.Read(stream, scorer.Shape, labels, classes));
            return (new FewShotClassifierModel(columns, labels, method, support), scorer);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private static int[] ClassesOf(IReadOnlyList<int> slots)
    {
        var classes = new int[slots.Count(slot => slot >= 0)];
        for (var number = 0; number < slots.Count; number++)
        {
            if (slots[number] >= 0)
            {
                classes[slots[number]] = number;
            }
        }

        return classes;
    }

    private static int[] SlotsOf(int[] classes, int count)
    {
        var slots = new int[count];
        Array.Fill(slots, -1);
        for (var slot = 0; slot < classes.Length; slot++)
        {
            slots[classes[slot]] = slot;
        }

        return slots;
    }
}
