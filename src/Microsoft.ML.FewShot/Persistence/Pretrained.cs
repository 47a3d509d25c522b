using Microsoft.ML.FewShot.Classifiers;
using Microsoft.ML.FewShot.Models;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Persistence;

/// <summary>The trained models that come with the package: what a model file holds, as embedded resources.</summary>
internal static class Pretrained
{
    /// <summary>Loads a generator.</summary>
    /// <exception cref="NotSupportedException">This build has no weights.</exception>
    public static FewShotNetwork Load(PretrainedGenerator generator, Device device)
    {
        if (generator == PretrainedGenerator.Embeddings)
        {
            // There is nothing to load.
            return new FewShotNetwork(new EmbeddingModel(EmbeddingModel.Vectors(0)), FewShotMethod.RidgeRegression, null, device);
        }

        var name = generator == PretrainedGenerator.Symbols ? "Omniglot" : "Photographs";
        using var config = Open($"{name}.json");
        using var weights = Open($"{name}.safetensors");
        return FewShotModelFile.Read(config, weights, device);
    }

    private static Stream Open(string resource) => typeof(Pretrained).Assembly.GetManifestResourceStream($"Pretrained/{resource}")
        ?? throw new NotSupportedException(
            $"This build of Microsoft.ML.FewShot comes without pretrained weights ('Pretrained/{resource}'). Train a hyper-transformer, or load a saved one.");
}
