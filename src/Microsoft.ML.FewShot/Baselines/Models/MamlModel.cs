using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Baselines.Models;

/// <summary>
/// Model-agnostic meta-learning (MAML): start weights from which a few gradient steps on a support set make a classifier. The support set's
/// statistics normalise support and queries, so that a query's score depends on no other query.
/// </summary>
/// <remarks>
/// Differs from the paper: the rates are learned for each layer and step; the logits layer's rate counts for each class, so that it means
/// the same for any number of classes; scale and offset of the normalisation are trained but stay the same for all tasks.
/// </remarks>
internal sealed class MamlModel : Module
{
    private readonly Backbone trunk;                           // model files have this name
    private readonly Parameter weight;      // [rows, F]: the start of the logits layer
    private readonly Parameter bias;        // [rows]
    private readonly Parameter rates;       // [steps, layers + 1]: logarithms

    internal MamlModel(FewShotShape shape, MamlSettings settings, Random random)
        : base(nameof(MamlModel))
    {
        Shape = shape with { GeneratedLayers = 0, Design = FewShotDesign.Prototype, Normalization = FewShotNormalization.Support };
        Settings = settings;
        trunk = new Backbone(Shape, random);
        weight = Parameters.Zeros(shape.MaxWays, shape.EmbeddingLength);
        bias = Parameters.Zeros(shape.MaxWays);
        rates = StartRates(Shape, settings);
        RegisterComponents();
    }

    internal FewShotShape Shape { get; }

    internal MamlSettings Settings { get; }

    internal Backbone Backbone => trunk;

    /// <summary>Scores of the queries, [B, Q, W], with the graph to the start weights where the module is in training.</summary>
    /// <param name="support">[B, N, ...].</param>
    /// <param name="candidates">[B, N, W].</param>
    /// <param name="query">[B, Q, ...].</param>
    /// <param name="slotRows">The rows of the logits layer's start, int64 [B, W]; null for the first W.</param>
    /// <param name="transductive">Whether the queries are normalised with their own statistics.</param>
    internal Tensor Logits(Tensor support, Tensor candidates, Tensor query, Tensor? slotRows, bool transductive = false)
    {
        using var scope = NewDisposeScope();
        using var mode = enable_grad(training);
        var labels = new SupportLabels(candidates.to(support.dtype), slotRows);
        var adapted = Adapt(support, labels);
        var (_, embedded) = TaskEmbedding.Embed(trunk, adapted.Layers, support, query, TaskEmbedding.PresenceOf(labels), transductive);
        return CandidateLoss.Exclude(LogitsGenerator.Logits(embedded, adapted.Head, adapted.Bias), labels).MoveToOuterDisposeScope();
    }

    /// <summary>The classifiers of B tasks, from their support sets as in <see cref="Logits"/>, without a graph. In evaluation mode only.</summary>
    internal GeneratedLayers Solve(Tensor support, Tensor candidates)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var labels = new SupportLabels(candidates, null);
        var adapted = Adapt(support, labels);
        var statistics = new List<ChannelStatistics>();
        TaskEmbedding.Embed(trunk, adapted.Layers, support, null, TaskEmbedding.PresenceOf(labels), transductive: false, statistics);
        var offsets = trunk.Hidden?.bias.unsqueeze(0).expand(labels.Ways.size(0), -1);
        var layers = adapted.Layers.Select((layer, i) => new TargetLayer(layer.detach(), offsets?.alias(), statistics.ElementAtOrDefault(i)));
        var presence = labels.Ways;                                                             // [B, W]
        var bias = adapted.Bias.detach().mul(presence).Add(presence.Sub(1).Mul(-LogitsGenerator.AbsentLogit));
        return new GeneratedLayers(trunk, [.. layers], adapted.Head.detach().mul(presence.unsqueeze(2)), bias).MoveToOuterDisposeScope();
    }

    /// <summary>The weights after the steps on the support sets. In evaluation they have no graph.</summary>
    internal MamlWeights Adapt(Tensor support, SupportLabels labels)
    {
        using var mode = enable_grad();
        var isSecondOrder = training && !Settings.FirstOrder;
        var presence = TaskEmbedding.PresenceOf(labels);
        var ways = labels.Ways.sum([1]);
        var present = Start(labels);
        var stepRates = rates.exp();
        for (int step = 0; step < Settings.Steps; step++)
        {
            present = training ? present : present.Detached();
            var (embedded, _) = TaskEmbedding.Embed(trunk, present.Layers, support, null, presence);
            // The sum keeps the tasks apart: each loss depends on its own task's weights only.
            var loss = CandidateLoss.Of(LogitsGenerator.Logits(embedded, present.Head, present.Bias), labels).sum();
            IList<Tensor> gradient = [];
            BackwardFaults.ThrowAfter(() => gradient = autograd.grad([loss], present.All, retain_graph: isSecondOrder, create_graph: isSecondOrder));
            present = present.Step(gradient, stepRates[step], ways);
        }

        return training ? present : present.Detached();
    }

    private MamlWeights Start(SupportLabels labels)
    {
        var (B, W) = (labels.Ways.size(0), labels.Ways.size(1));
        return new(TaskEmbedding.Shared(trunk, B), labels.SlotsOf(weight), labels.SlotsOf(bias.unsqueeze(1)).view(B, W));
    }

    private static Parameter StartRates(FewShotShape shape, MamlSettings settings)
    {
        var head = settings.HeadRate > 0 ? settings.HeadRate : 2 * shape.StartLogitScale;
        float[] row = [.. Enumerable.Repeat((float)Math.Log(settings.Rate), shape.Layers), (float)Math.Log(head)];
        var rates = Parameters.Zeros(settings.Steps, row.Length);
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        rates.copy_(tensor(row).expand(settings.Steps, row.Length));
        rates.requires_grad_(settings.LearnsRates);
        return rates;
    }
}
