using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Torch;
using Microsoft.ML.VisionCore.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Training;

/// <summary>Tasks of held-out classes, the same at every validation.</summary>
internal sealed class ValidationEpisodes
{
    private readonly ExamplePool _pool;
    private readonly EpisodePlan[] _plans;
    private readonly (int Example, byte Orientation)[] _examples;
    private readonly ImageNormalization _scale;
    private readonly Device _device;
    private readonly Team _team;

    /// <param name="pool">The held-out classes.</param>
    /// <param name="settings">What the tasks are like; images are never varied.</param>
    /// <param name="batches">How many batches of them.</param>
    /// <param name="scale">How pixels become numbers.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="device">Where the model is.</param>
    /// <param name="team">Whose processes measure together; null for this one alone.</param>
    /// <exception cref="InvalidOperationException">The classes are too few, or have too few examples.</exception>
    public ValidationEpisodes(ExamplePool pool, EpisodeSettings settings, int batches, ImageNormalization scale, int seed, Device device, Team? team = null)
    {
        (_pool, _scale, _device, _team) = (pool, scale, device, team ?? Team.Alone);
        var sampler = new EpisodeSampler(pool, settings with { Variation = ClassVariation.None, SlotRows = 0 }, seed);
        _plans = [.. Enumerable.Range(0, batches).Select(number => sampler.Draw(ValidationEpoch, number))];
        _examples = [.. _plans.SelectMany(plan => plan.Support.Concat(plan.Query)).Select(draw => (draw.Example, draw.Orientation)).Distinct()];
    }

    /// <summary>No training reaches this epoch.</summary>
    private static int ValidationEpoch => int.MaxValue;

    /// <summary>The different examples in all tasks.</summary>
    public int ExampleCount => _examples.Length;

    /// <summary>The support samples and queries of all tasks.</summary>
    public long ExampleDrawCount => _plans.Sum(plan => (long)plan.Support.Length + plan.Query.Length);

    public int TaskCount => _plans.Sum(plan => plan.BatchSize);

    /// <summary>The queries of all tasks.</summary>
    public long QueryCount => _plans.Sum(plan => (long)plan.Query.Length);

    /// <summary>With the means of the labelled embeddings as classes and logits -scale · |e - mean|².</summary>
    public ValidationMetrics MeasureClassMeans(Backbone backbone, double scale, CancellationToken cancellationToken)
    {
        using var table = Embed(backbone, hasViews: false, cancellationToken);
        return MeasureEmbedded(table, batch => ClassMeanLogits(batch, scale), cancellationToken);
    }

    /// <summary>Embeds all examples, with their views or without; the backbone must be in evaluation mode.</summary>
    public EmbeddingTable Embed(Backbone backbone, bool hasViews, CancellationToken cancellationToken) =>
        EmbeddingTable.Create(backbone, _pool, _examples, _scale, _device, hasViews, cancellationToken, _team);

    /// <summary>Loss and accuracy of what gives logits [B, Q, W] for tasks on embeddings.</summary>
    public ValidationMetrics MeasureEmbedded(EmbeddingTable table, Func<EpisodeBatch, Tensor> logits, CancellationToken cancellationToken) =>
        Measure(table.Episodes, logits, cancellationToken);

    /// <summary>Loss and accuracy of what gives logits [B, Q, W] for tasks on images or vectors.</summary>
    public ValidationMetrics Measure(Func<EpisodeBatch, Tensor> logits, CancellationToken cancellationToken) =>
        Measure(plan => EpisodeSource.Create(plan, _pool, _scale, _device), logits, cancellationToken);

    private ValidationMetrics Measure(Func<EpisodePlan, EpisodeBatch> read, Func<EpisodeBatch, Tensor> logits, CancellationToken cancellationToken)
    {
        var (loss, right) = (0.0, 0L);
        foreach (var plan in _plans.Where((_, number) => _team.Owns(number)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var detached = no_grad();
            using var batch = read(plan);
            var scores = logits(batch).reshape(-1, plan.Ways);
            var labels = batch.QueryLabels.reshape(-1);
            loss += nn.functional.cross_entropy(scores, labels, reduction: nn.Reduction.Sum).item<float>();
            right += scores.argmax(1).eq(labels).sum().item<long>();
        }

        var sums = _team.Sum(loss, right);
        return new ValidationMetrics(sums[0] / QueryCount, sums[1] / QueryCount, QueryCount);
    }

    // [B, N, F], [B, N, W], [B, Q, F] → [B, Q, W]; unlabelled samples do not count
    private static Tensor ClassMeanLogits(EpisodeBatch batch, double scale)
    {
        var isOpen = batch.Candidates.sum(2, keepdim: true).Gt(1.5).to(float32);
        var labels = batch.Candidates.mul(isOpen.neg().Add(1));
        var means = labels.transpose(1, 2).bmm(batch.Support).div(labels.sum(1).unsqueeze(2));      // [B, W, F]
        var lengths = means.Square().sum(2).unsqueeze(1);
        return batch.Query.bmm(means.transpose(1, 2)).Mul(2).sub(lengths).Mul(scale);               // up to a constant a query
    }
}
