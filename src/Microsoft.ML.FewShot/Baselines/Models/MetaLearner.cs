using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Baselines.Models;

/// <summary>
/// A model that was made to make classifiers in one way of its own: from a support set it gets the weights of the whole network. The support set's
/// statistics, those of samples of which something is known, normalise support and queries, so that a query's score depends on no other query.
/// </summary>
internal abstract class MetaLearner : Module
{
    private protected readonly Backbone trunk;                 // model files have this name

    /// <param name="name">Of the module.</param>
    /// <param name="shape">The network; what it says of the hyper-transformer's generators is ignored.</param>
    /// <param name="random">Draws the start weights.</param>
    private protected MetaLearner(string name, FewShotShape shape, Random random)
        : base(name)
    {
        Shape = shape with { GeneratedLayers = 0, Design = FewShotDesign.Prototype, Normalization = FewShotNormalization.Support };
        trunk = new Backbone(Shape, random);
    }

    internal FewShotShape Shape { get; }

    internal Backbone Backbone => trunk;

    /// <summary>All that decides how it adapts, beside the shape, for the fingerprint of a run.</summary>
    internal abstract string Adaptation { get; }

    /// <summary>Numbers that are kept for the gradient while a task is adapted to, at least; 0 where they are few beside the maps of its examples.</summary>
    internal virtual double KeptOfTask => 0;

    /// <summary>Whether models of a method are meta-learners.</summary>
    internal static bool Is(FewShotMethod method) => method is FewShotMethod.Maml or FewShotMethod.LstmMetaLearner or FewShotMethod.LgmNet;

    /// <summary>Scores of the queries, [B, Q, W], with the graph to the weights where the module is in training.</summary>
    /// <param name="support">[B, N, ...].</param>
    /// <param name="candidates">[B, N, W].</param>
    /// <param name="query">[B, Q, ...].</param>
    /// <param name="slotRows">The rows of the logits layer's start, int64 [B, W]; null for the first W.</param>
    /// <param name="transductive">Whether the queries are normalised with their own statistics.</param>
    /// <param name="draws">What a model draws in training; null for no draws.</param>
    internal Tensor Logits(Tensor support, Tensor candidates, Tensor query, Tensor? slotRows, bool transductive = false, TaskDraws? draws = null)
    {
        using var scope = NewDisposeScope();
        using var mode = enable_grad(training);
        var labels = new SupportLabels(candidates.to(support.dtype), slotRows);
        var adapted = Adapt(support, labels, draws);
        var (_, embedded) = TaskEmbedding.Embed(trunk, adapted.Layers, support, query, TaskEmbedding.InformativeOf(labels), transductive);
        return CandidateLoss.Exclude(LogitsGenerator.Logits(embedded, adapted.Head, adapted.Bias), labels).MoveToOuterDisposeScope();
    }

    /// <summary>The classifiers of B tasks, from their support sets as in <see cref="Logits"/>, without a graph. In evaluation mode only.</summary>
    internal GeneratedLayers Solve(Tensor support, Tensor candidates)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var labels = new SupportLabels(candidates, null);
        var adapted = Adapt(support, labels, null);
        var statistics = new List<ChannelStatistics>();
        TaskEmbedding.Embed(trunk, adapted.Layers, support, null, TaskEmbedding.InformativeOf(labels), transductive: false, statistics);
        var offsets = trunk.Hidden?.bias.unsqueeze(0).expand(labels.Ways.size(0), -1);
        var layers = adapted.Layers.Select((layer, i) => new TargetLayer(layer.detach(), offsets?.alias(), statistics.ElementAtOrDefault(i)));
        var presence = labels.Ways;                                                             // [B, W]
        var bias = adapted.Bias.detach().mul(presence).Add(presence.Sub(1).Mul(-LogitsGenerator.AbsentLogit));
        return new GeneratedLayers(trunk, [.. layers], adapted.Head.detach().mul(presence.unsqueeze(2)), bias).MoveToOuterDisposeScope();
    }

    /// <summary>The weights that support sets give. In evaluation they have no graph.</summary>
    /// <param name="support">[B, N, ...].</param>
    /// <param name="labels">What is known of its classes.</param>
    /// <param name="draws">See <see cref="Logits"/>.</param>
    internal abstract TaskWeights Adapt(Tensor support, SupportLabels labels, TaskDraws? draws);

    /// <summary>The gradients of the mean loss of samples, in the order of <see cref="TaskWeights.All"/>.</summary>
    /// <param name="weights">Of whom the gradients are.</param>
    /// <param name="support">[B, n, ...]: the samples.</param>
    /// <param name="labels">What is known of their classes.</param>
    /// <param name="isSecondOrder">Whether the gradients can be differentiated again.</param>
    /// <returns>The gradients, and the loss of each task, [B].</returns>
    private protected (IList<Tensor> Gradients, Tensor Losses) Gradients(TaskWeights weights, Tensor support, SupportLabels labels, bool isSecondOrder)
    {
        var (embedded, _) = TaskEmbedding.Embed(trunk, weights.Layers, support, null, TaskEmbedding.InformativeOf(labels), isTwice: isSecondOrder);
        var losses = CandidateLoss.Of(LogitsGenerator.Logits(embedded, weights.Head, weights.Bias), labels);
        IList<Tensor> gradients = [];
        // The sum keeps the tasks apart: each loss depends on its own task's weights only.
        BackwardFaults.ThrowAfter(() => gradients = autograd.grad([losses.sum()], weights.All, retain_graph: isSecondOrder, create_graph: isSecondOrder));
        return (gradients, losses);
    }

    /// <summary>The weights that B tasks start with.</summary>
    /// <param name="labels">Which classes they have.</param>
    /// <param name="head">The start of the logits layer, [rows, F].</param>
    /// <param name="bias">The same of its biases, [rows].</param>
    private protected TaskWeights Start(SupportLabels labels, Tensor head, Tensor bias)
    {
        var (B, W) = (labels.Ways.size(0), labels.Ways.size(1));
        return new(TaskEmbedding.Shared(trunk, B), labels.SlotsOf(head), labels.SlotsOf(bias.unsqueeze(1)).view(B, W));
    }
}
