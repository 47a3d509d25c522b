using Microsoft.ML.FewShot.Baselines.Models;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Evaluation;
using Microsoft.ML.FewShot.Models;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Baselines;

/// <summary>Solves tasks by a logits layer on the embeddings of a finished trunk.</summary>
/// <param name="trunk">In evaluation mode, with learned weights in every layer; not owned.</param>
/// <param name="head">Makes the logits layer; not owned.</param>
/// <param name="normalization">Whose statistics normalise.</param>
internal sealed class EmbeddingSolver(Trunk trunk, IHead head, FewShotNormalization normalization) : ITaskSolver
{
    public Tensor Logits(TaskBatch batch)
    {
        using var scope = NewDisposeScope();
        using var detached = no_grad();
        var labels = new SupportLabels(batch.Candidates, null);
        var (support, query) = Embed(batch, labels);
        var (weight, bias) = head.Fit(support, labels);
        return LogitsGenerator.Logits(query, weight, bias).MoveToOuterDisposeScope();
    }

    private (Tensor Support, Tensor Query) Embed(TaskBatch batch, SupportLabels labels)
    {
        var (B, N) = (batch.Support.shape[0], batch.Support.shape[1]);
        if (normalization != FewShotNormalization.Running && trunk.Shape.IsImages)
        {
            return TaskEmbedding.Embed(trunk, TaskEmbedding.Shared(trunk, B), batch.Support, batch.Query, TaskEmbedding.PresenceOf(labels),
                transductive: normalization == FewShotNormalization.Query);
        }

        var rows = cat([batch.Support, batch.Query], 1);        // [B, M, ...]
        long M = rows.shape[1];
        var embedded = trunk.call(rows.view([B * M, .. rows.shape[2..]])).view(B, M, -1);
        return (embedded.narrow(1, 0, N), embedded.narrow(1, N, M - N));
    }
}
