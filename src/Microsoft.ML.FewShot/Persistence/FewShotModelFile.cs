using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.FewShot.Baselines.Models;
using Microsoft.ML.FewShot.Classifiers;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.FewShot.Support;
using Microsoft.ML.VisionCore.Interop;
using Microsoft.ML.VisionCore.Scoring;
using Microsoft.ML.VisionCore.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Persistence;

/// <summary>Writes and reads a hyper-transformer inside the file that ML.NET makes of a model.</summary>
/// <remarks>
/// *** Binary format ***
/// Config.json: UTF-8 JSON
///   columns: { label, feature, group (or null), candidates (or null), score, predictedLabel }: names
///   method: the name of what the model was trained as
///   normalization: { mean: [floats], deviation: [floats] }, a colour each, in units of bytes; null for features
///   shape: the sizes of the model
///   maml: how a model of that method adapts; null for others
/// Weights.safetensors: the tensors of the model by name
/// </remarks>
internal static class FewShotModelFile
{
    /// <summary>By which ML.NET finds the type that a file holds.</summary>
    public const string LoaderSignature = "FewShotHyperTransformer";

    private const string ConfigName = "Config.json";
    private const string WeightsName = "Weights.safetensors";
    private const string What = "few-shot hyper-transformer";

    private static readonly ModelConfiguration Configuration = new(What);

    private static VersionInfo Version => new(
        modelSignature: "FEWSHOTH",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderAssemblyName: typeof(FewShotModelFile).Assembly.FullName,
        loaderSignature: LoaderSignature);

    public static void Write(ModelSaveContext context, FewShotColumns columns, FewShotNetwork network)
    {
        var config = new JsonObject
        {
            ["columns"] = FewShotModelParts.ToJson(columns),
            ["method"] = $"{network.Method}",
            ["normalization"] = network.Scale is { } scale ? ModelConfiguration.ToJson(scale) : null,
            ["shape"] = JsonNode.Parse(network.Shape.ToJson()),
            ["maml"] = network.Model is MamlModel maml ? JsonSerializer.SerializeToNode(maml.Settings) : null,
        };
        ModelStreams.Begin(context, Version);
        ModelStreams.Write(context, ConfigName, stream => JsonSerializer.Serialize(stream, config));
        ModelStreams.Write(context, WeightsName, stream => ModuleWeights.Save(network.Model, stream));
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">The file is damaged, of another kind or from a newer version.</exception>
    public static (FewShotColumns Columns, FewShotNetwork Network) Read(ModelLoadContext context, Device device)
    {
        ModelStreams.Check(context, Version, What);
        using var config = ModelStreams.Read(context, ConfigName, What, Configuration.Parse);
        return Configuration.Read(() =>
        {
            var columns = FewShotModelParts.Columns(Configuration, config.RootElement.GetProperty("columns"));
            return (columns, Read(config.RootElement, load => ModelStreams.Read(context, WeightsName, What, stream =>
            {
                load(stream);
                return true;
            }), device));
        });
    }

    /// <summary>Reads the two parts of a model by themselves.</summary>
    /// <exception cref="FormatException">A part is damaged.</exception>
    public static FewShotNetwork Read(Stream config, Stream weights, Device device)
    {
        using var json = Configuration.Parse(config);
        return Configuration.Read(() => Read(json.RootElement, load => load(weights), device));
    }

    private static FewShotNetwork Read(JsonElement config, Action<Action<Stream>> readWeights, Device device)
    {
        var shape = FewShotShape.FromJson(config.GetProperty("shape").GetRawText());
        var scale = shape.IsImages ? Configuration.Normalization(config.GetProperty("normalization"), shape.Colors) : null;
        var method = FewShotModelParts.Method(What, config.GetProperty("method").GetString());
        var maml = config.GetProperty("maml");
        if (method == FewShotMethod.Maml != (maml.ValueKind == JsonValueKind.Object))
        {
            throw new FormatException($"The configuration of the {What} contradicts itself: the method is {method}, and 'maml' is {maml.ValueKind}.");
        }

        nn.Module model = method == FewShotMethod.Maml ? new MamlModel(shape, Settings(maml), new Random(0)) : new HyperTransformerModel(shape, seed: 0);
        try
        {
            readWeights(stream => ModuleWeights.Load(model, stream, stream.Length));
            return new FewShotNetwork(model, method, scale, device);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static MamlSettings Settings(JsonElement json)
    {
        MamlSettings? settings;
        try
        {
            settings = json.Deserialize<MamlSettings>();
        }
        catch (JsonException exception)
        {
            throw new FormatException($"The configuration of the {What} has settings that cannot be read: {exception.Message}");
        }

        string[] violations = settings is null ? ["it is null."] : [.. settings.Violations];
        return violations.Length == 0 ? settings! : throw new FormatException($"The configuration of the {What} has impossible settings: {string.Join(" ", violations)}");
    }
}
