using Microsoft.ML.FewShot.Evaluation;
using Microsoft.ML.FewShot.Models;

namespace Microsoft.ML.FewShot.Baselines;

/// <summary>The methods that share the trunk of a hyper-transformer.</summary>
internal static class TaskSolvers
{
    /// <summary>The steps of soft k-means.</summary>
    private const int Refinements = 3;

    /// <summary>Solves tasks with a hyper-transformer, or with a baseline on its trunk.</summary>
    /// <param name="method">Any but <see cref="FewShotMethod.Maml"/>, which has a model of its own.</param>
    /// <param name="model">In evaluation mode; not owned by what is returned.</param>
    /// <param name="transductive">Whether the queries are normalised with their own statistics, whatever the model was trained with.</param>
    /// <exception cref="InvalidOperationException">The model generates a layer from nothing, so that there is no trunk without a support set.</exception>
    internal static ITaskSolver Create(FewShotMethod method, HyperTransformerModel model, bool transductive)
    {
        if (method == FewShotMethod.HyperTransformer)
        {
            return new GeneratorSolver(model, transductive);
        }

        if (model.Shape is { GeneratedLayers: > 0, AddLearnedWeights: false })
        {
            throw new InvalidOperationException(
                $"{method} needs an embedding that does not depend on the support set; this hyper-transformer generates {model.Shape.GeneratedLayers} of its layers from nothing. "
                + "Train one that generates the logits layer only, or adds what it generates to learned weights.");
        }

        var device = model.parameters().First().device;
        IHead head = method switch
        {
            FewShotMethod.PrototypicalNetwork => new ClassMeanHead(model.LogitsGenerator.Sharpness, 0, device),
            FewShotMethod.SoftKMeans => new ClassMeanHead(model.LogitsGenerator.Sharpness, Refinements, device),
            FewShotMethod.LogisticRegression => new LogisticHead(),
            _ => throw new ArgumentOutOfRangeException(nameof(method), method, $"{method} has a model of its own."),
        };
        return new EmbeddingSolver(model.Trunk, head, transductive ? FewShotNormalization.Query : model.Shape.Normalization);
    }
}
