using Microsoft.ML.VisionCore.Interop;
using Microsoft.ML.VisionCore.Weights;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.VisionCore.Persistence;

/// <summary>What every model file has: a record as Config.json and the tensors of a network as Weights.safetensors.</summary>
internal static class ModelFile
{
    private const string ConfigName = "Config.json";
    private const string WeightsName = "Weights.safetensors";

    /// <summary>Writes both; further streams may follow.</summary>
    public static void Write<T>(ModelSaveContext context, VersionInfo version, T configuration, Module network)
    {
        ModelStreams.Begin(context, version);
        ModelStreams.Write(context, ConfigName, stream => ModelJson.Write(stream, configuration));
        ModelStreams.Write(context, WeightsName, stream => ModuleWeights.Save(network, stream));
    }

    /// <summary>Reads the configuration.</summary>
    /// <param name="context">The model to be read.</param>
    /// <param name="version">What this version writes and reads.</param>
    /// <param name="what">What the model is, as messages name it.</param>
    /// <exception cref="FormatException">The file is of another kind, from a newer version or incomplete, or its configuration cannot be read.</exception>
    public static T ReadConfiguration<T>(ModelLoadContext context, VersionInfo version, string what)
        where T : class
    {
        ModelStreams.Check(context, version, what);
        return ModelStreams.Read(context, ConfigName, what, stream => ModelJson.Read<T>(stream, what));
    }

    /// <summary>Creates a network and reads the tensors into it.</summary>
    /// <param name="context">The model to be read.</param>
    /// <param name="what">What the model is, as messages name it.</param>
    /// <param name="create">Creates the network that the configuration tells.</param>
    /// <exception cref="FormatException">The tensors are missing, damaged or not those of the network.</exception>
    public static T ReadNetwork<T>(ModelLoadContext context, string what, Func<T> create)
        where T : Module => ModelStreams.Read(context, WeightsName, what, stream => ModuleWeights.Load(create, stream));
}
