using System.Security.Cryptography;
using Microsoft.ML.VisionCore.Onnx;

namespace Microsoft.ML.VisionCore.Backbones;

/// <summary>Finds the pretrained network that ML.NET ships, beside the app, where its package puts it.</summary>
internal static class ResNet18File
{
    /// <summary>The SHA-256 of the network's file, which models that build on it name.</summary>
    internal const string Checksum = "e2552f19db2dfdb01b3669537b6a0f1b44da38d18279535492ed5dfc2ef1ff8f";

    private const string PreprocessingChecksum = "84bf8def78d0befaa3f6e73745d57d7016c6a192ead76f79686bd438c1047004";
    internal const string Package = "Microsoft.ML.DnnImageFeaturizer.ResNet18";
    private const string Version = "0.23.1";

    private static readonly string Network = Path.Combine("DnnImageModels", "ResNet18Onnx", "ResNet18.onnx");
    private static readonly string Preprocessing = Path.Combine("DnnImageModels", "ResNetPrepOnnx", "ResNetPreprocess.onnx");

    /// <summary>Loads the network in two parts.</summary>
    /// <param name="stage">Where it is cut: 0 to 4.</param>
    /// <param name="folder">Where the app is; null for this one.</param>
    /// <exception cref="FileNotFoundException">A file is missing; the message names the package.</exception>
    /// <exception cref="FormatException">A file is another one; the message names the package, and the checksums.</exception>
    internal static (ResNet18 Trunk, ResNetStages? Tail) Load(int stage, string? folder = null)
    {
        folder ??= AppContext.BaseDirectory;
        return ResNet18.Split(Read(folder, Network, Checksum), Read(folder, Preprocessing, PreprocessingChecksum), stage);
    }

    /// <summary>Whether the files are there.</summary>
    internal static bool Exists(string? folder = null) =>
        File.Exists(Path.Combine(folder ?? AppContext.BaseDirectory, Network)) && File.Exists(Path.Combine(folder ?? AppContext.BaseDirectory, Preprocessing));

    private static ModelProto Read(string folder, string name, string checksum)
    {
        var file = Path.Combine(folder, name);
        if (!File.Exists(file))
        {
            throw new FileNotFoundException($"The pretrained ResNet-18 is not beside this app: reference the package {Package}, version {Version}, in the app's project. Expected '{file}'.", file);
        }

        var bytes = File.ReadAllBytes(file);
        var found = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return found == checksum ? ModelProto.Parser.ParseFrom(bytes)
            : throw new FormatException($"'{file}' is not the file of {Package}, version {Version}: its SHA-256 is {found}; expected {checksum}.");
    }
}
