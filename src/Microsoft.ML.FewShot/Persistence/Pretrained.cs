using Microsoft.ML.FewShot.Classifiers;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Persistence;

/// <summary>The trained models that come with the package: what a model file holds, as embedded resources.</summary>
internal static class Pretrained
{
    private const string Name = "Omniglot";

    /// <summary>Loads the generator of classifiers of symbols.</summary>
    /// <exception cref="NotSupportedException">This build has no weights.</exception>
    public static FewShotNetwork Load(Device device)
    {
        using var config = Open($"{Name}.json");
        using var weights = Open($"{Name}.safetensors");
        return FewShotModelFile.Read(config, weights, device);
    }

    private static Stream Open(string resource) => typeof(Pretrained).Assembly.GetManifestResourceStream($"Pretrained/{resource}")
        ?? throw new NotSupportedException(
            $"This build of Microsoft.ML.FewShot comes without pretrained weights ('Pretrained/{resource}'). Train a hyper-transformer, or load a saved one.");
}
