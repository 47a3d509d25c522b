using Microsoft.ML.FewShot.Baselines.Models;
using Microsoft.ML.FewShot.Classifiers;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.FewShot.Support;
using Microsoft.ML.VisionCore.Persistence;
using Microsoft.ML.VisionCore.Torch;
using Microsoft.ML.VisionCore.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Persistence;

/// <summary>Writes and reads a hyper-transformer inside the file that ML.NET makes of a model.</summary>
/// <remarks>
/// *** Binary format ***
/// Config.json: UTF-8 JSON, a <see cref="GeneratorConfiguration"/>
/// Weights.safetensors: the tensors of the model by name
/// </remarks>
internal static class FewShotModelFile
{
    /// <summary>By which ML.NET finds the type that a file holds.</summary>
    public const string LoaderSignature = "FewShotHyperTransformer";

    private const string What = "few-shot hyper-transformer";

    private static VersionInfo Version => new(
        modelSignature: "FEWSHOTH",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderAssemblyName: typeof(FewShotModelFile).Assembly.FullName,
        loaderSignature: LoaderSignature);

    public static void Write(ModelSaveContext context, FewShotColumns columns, FewShotNetwork network)
    {
        var config = new GeneratorConfiguration(
            ColumnPart.Of(columns), network.Method, NormalizationPart.Of(network.Scale), network.Shape, (network.Model as MamlModel)?.Settings,
            network.Spread, (network.Model as LstmMetaLearner)?.Settings);
        ModelFile.Write(context, Version, config, network.Model);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">The file is damaged, of another kind or from a newer version.</exception>
    public static (FewShotColumns Columns, FewShotNetwork Network) Read(ModelLoadContext context, Device device)
    {
        var config = ModelFile.ReadConfiguration<GeneratorConfiguration>(context, Version, What);
        var columns = config.Columns.ToColumns(What);
        return (columns, Read(config, create => ModelFile.ReadNetwork(context, What, create), device));
    }

    /// <summary>Reads the two parts of a model by themselves.</summary>
    /// <exception cref="FormatException">A part is damaged.</exception>
    public static FewShotNetwork Read(Stream config, Stream weights, Device device) =>
        Read(ModelJson.Read<GeneratorConfiguration>(config, What), create => ModuleWeights.Load(create, weights), device);

    private static FewShotNetwork Read(GeneratorConfiguration config, Func<Func<nn.Module>, nn.Module> read, Device device)
    {
        var shape = config.Shape;
        ModelJson.Check(shape.Violations(), What, "shape");
        CheckGiven("maml", config.Maml, FewShotMethod.Maml, config.Maml?.Violations);
        CheckGiven("lstm", config.Lstm, FewShotMethod.LstmMetaLearner, config.Lstm?.Violations);
        ModelJson.Check(config.Method == FewShotMethod.LgmNet == shape.ContextLength > 0 ? [] : [$"The method is {config.Method}, and ContextLength {shape.ContextLength}."], What, "shape");
        ModelJson.Check(shape.Embedding is null || config.Method == FewShotMethod.RidgeRegression ? []
            : [$"The method is {config.Method}; a model of embeddings has {FewShotMethod.RidgeRegression}."], What, "method");
        ModelJson.Check(config.Spread is null || (config.Spread.Count > 0 && config.Spread.All(value => float.IsFinite(value) && value >= 0)) ? []
            : ["Finite numbers of at least 0 were expected."], What, "spread");
        var scale = NormalizationPart.ToNormalization(config.Normalization, shape.IsImages, shape.Colors, What);

        using var mode = new TorchMode(gradients: true);
        var model = read(() => config.Maml is { } maml ? new MamlModel(shape, maml, new Random(0))
            : config.Lstm is { } lstm ? new LstmMetaLearner(shape, lstm, new Random(0))
            : shape.ContextLength > 0 ? new LgmNet(shape, new Random(0))
            : shape.Embedding is not null ? new EmbeddingModel(shape)
            : new HyperTransformerModel(shape, seed: 0));
        try
        {
            return new FewShotNetwork(model, config.Method, scale, device, config.Spread);
        }
        catch
        {
            model.Dispose();
            throw;
        }

        void CheckGiven(string name, object? settings, FewShotMethod method, IEnumerable<string>? violations)
        {
            ModelJson.Check(config.Method == method == settings is not null ? [] : [$"The method is {config.Method}, and '{name}' is {(settings is null ? "null" : "given")}."], What, name);
            ModelJson.Check(violations ?? [], What, name);
        }
    }
}
