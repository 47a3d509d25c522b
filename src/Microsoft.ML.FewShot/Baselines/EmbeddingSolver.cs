using Microsoft.ML.FewShot.Baselines.Models;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Baselines;

/// <summary>Solves tasks by a logits layer on the embeddings of a finished backbone.</summary>
/// <param name="backbone">In evaluation mode, with learned weights in every layer.</param>
/// <param name="head">Makes the logits layer; owned.</param>
/// <param name="normalization">Whose statistics normalise.</param>
internal sealed class EmbeddingSolver(Backbone backbone, IHead head, FewShotNormalization normalization) : ITaskSolver
{
    /// <summary>The steps of soft k-means.</summary>
    private const int Refinements = 3;

    /// <summary>Solves tasks with a baseline on the backbone of a hyper-transformer.</summary>
    /// <param name="method">The baseline.</param>
    /// <param name="model">In evaluation mode; not owned by what is returned.</param>
    /// <exception cref="InvalidOperationException">The model generates a layer from nothing, so that there is no backbone without a support set.</exception>
    internal static EmbeddingSolver Of(FewShotMethod method, HyperTransformerModel model)
    {
        if (model.Shape is { GeneratedLayers: > 0, AddLearnedWeights: false })
        {
            throw new InvalidOperationException(
                $"{method} needs an embedding that does not depend on the support set; this hyper-transformer generates {model.Shape.GeneratedLayers} of its layers from nothing. "
                + "Train one that generates the logits layer only, or adds what it generates to learned weights.");
        }

        return Of(method, model.Backbone, model.LogitsGenerator.LogitScale, model.parameters().First().device);
    }

    /// <summary>Solves tasks with a baseline on a backbone.</summary>
    /// <param name="method">The baseline.</param>
    /// <param name="backbone">In evaluation mode; not owned by what is returned.</param>
    /// <param name="logitScale">What squared distances between embeddings are multiplied with.</param>
    /// <param name="device">Where the backbone is.</param>
    internal static EmbeddingSolver Of(FewShotMethod method, Backbone backbone, double logitScale, Device device)
    {
        IHead head = method switch
        {
            FewShotMethod.PrototypicalNetwork => new ClassMeanHead(logitScale, 0, device),
            FewShotMethod.SoftKMeans => new ClassMeanHead(logitScale, Refinements, device),
            FewShotMethod.LogisticRegression => new LogisticHead(),
            FewShotMethod.RidgeRegression => new RidgeHead(),
            _ => throw new ArgumentOutOfRangeException(nameof(method), method, $"{method} is no baseline on the backbone of another model."),
        };
        return new EmbeddingSolver(backbone, head, backbone.Shape.Normalization);
    }

    public Tensor Logits(EpisodeBatch batch)
    {
        using var scope = NewDisposeScope();
        using var detached = no_grad();
        var labels = new SupportLabels(batch.Candidates, null);
        var (support, query) = Embed(batch.Support, batch.Query, labels, null);
        var (weight, bias) = head.Fit(support, labels);
        return LogitsGenerator.Logits(query, weight, bias).MoveToOuterDisposeScope();
    }

    public GeneratedLayers Solve(Tensor support, Tensor candidates)
    {
        using var scope = NewDisposeScope();
        using var detached = no_grad();
        var labels = new SupportLabels(candidates, null);
        var statistics = new List<ChannelStatistics>();
        var (embedded, _) = Embed(support, null, labels, statistics);
        var (weight, bias) = head.Fit(embedded, labels);
        var layers = Enumerable.Range(0, backbone.Shape.Layers).Select(layer => new TargetLayer(null, null, statistics.ElementAtOrDefault(layer)));
        return new GeneratedLayers(backbone, [.. layers], weight, bias).MoveToOuterDisposeScope();
    }

    public void Dispose() => head.Dispose();

    private (Tensor Support, Tensor Query) Embed(Tensor support, Tensor? query, SupportLabels labels, List<ChannelStatistics>? statistics)
    {
        var (B, N) = (support.size(0), support.size(1));
        if (normalization != FewShotNormalization.Running && backbone.Shape.IsImages)
        {
            return TaskEmbedding.Embed(backbone, TaskEmbedding.Shared(backbone, B), support, query, TaskEmbedding.PresenceOf(labels),
                transductive: normalization == FewShotNormalization.Query, statistics);
        }

        var rows = query is null ? support : cat([support, query], 1);      // [B, M, ...]
        long M = rows.size(1);
        var embedded = backbone.call(rows.reshape([B * M, .. rows.shape[2..]])).view(B, M, -1);
        return (embedded.narrow(1, 0, N), embedded.narrow(1, N, M - N));
    }
}
