using Microsoft.ML.FewShot.Baselines.Models;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Evaluation;
using Microsoft.ML.FewShot.Models;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Baselines;

/// <summary>Solves tasks by a logits layer on the embeddings of a finished trunk.</summary>
/// <param name="trunk">In evaluation mode, with learned weights in every layer.</param>
/// <param name="head">Makes the logits layer; owned.</param>
/// <param name="normalization">Whose statistics normalise.</param>
internal sealed class EmbeddingSolver(Trunk trunk, IHead head, FewShotNormalization normalization) : ITaskSolver
{
    public Tensor Logits(TaskBatch batch)
    {
        using var scope = NewDisposeScope();
        using var detached = no_grad();
        var labels = new SupportLabels(batch.Candidates, null);
        var (support, query) = Embed(batch.Support, batch.Query, labels, null);
        var (weight, bias) = head.Fit(support, labels);
        return LogitsGenerator.Logits(query, weight, bias).MoveToOuterDisposeScope();
    }

    public GeneratedTask Solve(Tensor support, Tensor candidates)
    {
        using var scope = NewDisposeScope();
        using var detached = no_grad();
        var labels = new SupportLabels(candidates, null);
        var statistics = new List<ChannelStatistics>();
        var (embedded, _) = Embed(support, null, labels, statistics);
        var (weight, bias) = head.Fit(embedded, labels);
        var layers = Enumerable.Range(0, trunk.Shape.Layers).Select(layer => new TargetLayer(null, null, statistics.ElementAtOrDefault(layer)));
        return new GeneratedTask(trunk, [.. layers], weight, bias).MoveToOuterDisposeScope();
    }

    public void Dispose() => head.Dispose();

    private (Tensor Support, Tensor Query) Embed(Tensor support, Tensor? query, SupportLabels labels, List<ChannelStatistics>? statistics)
    {
        var (B, N) = (support.shape[0], support.shape[1]);
        if (normalization != FewShotNormalization.Running && trunk.Shape.IsImages)
        {
            return TaskEmbedding.Embed(trunk, TaskEmbedding.Shared(trunk, B), support, query, TaskEmbedding.PresenceOf(labels),
                transductive: normalization == FewShotNormalization.Query, statistics);
        }

        var rows = query is null ? support : cat([support, query], 1);      // [B, M, ...]
        long M = rows.shape[1];
        var embedded = trunk.call(rows.reshape([B * M, .. rows.shape[2..]])).view(B, M, -1);
        return (embedded.narrow(1, 0, N), embedded.narrow(1, N, M - N));
    }
}
