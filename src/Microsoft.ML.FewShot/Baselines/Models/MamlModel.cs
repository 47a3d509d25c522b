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
internal sealed class MamlModel : Module, IParameterOwner
{
    private readonly Trunk trunk;
    private readonly Parameter weight;      // [rows, F]: the start of the logits layer
    private readonly Parameter bias;        // [rows]
    private readonly Parameter rates;       // [steps, layers + 1]: logarithms

    internal MamlModel(FewShotShape shape, MamlSettings settings, Random random)
        : base(nameof(MamlModel))
    {
        Shape = shape with { GeneratedLayers = 0 };
        Settings = settings;
        trunk = new Trunk(Shape, random);
        weight = Parameters.Zeros(shape.MaxWays, shape.EmbeddingLength);
        bias = Parameters.Zeros(shape.MaxWays);
        rates = StartRates(Shape, settings);
        RegisterComponents();
    }

    internal FewShotShape Shape { get; }

    internal MamlSettings Settings { get; }

    internal Trunk Trunk => trunk;

    public ParameterKind KindOf(string field) => field == nameof(weight) ? ParameterKind.Kernel : ParameterKind.Other;

    /// <summary>Scores of the queries, [B, Q, W], with the graph to the start weights where the module is in training.</summary>
    /// <param name="support">[B, N, ...].</param>
    /// <param name="candidates">[B, N, W].</param>
    /// <param name="query">[B, Q, ...].</param>
    /// <param name="slotRows">The rows of the logits layer's start, int64 [B, W]; null for the first W.</param>
    internal Tensor Logits(Tensor support, Tensor candidates, Tensor query, Tensor? slotRows)
    {
        using var scope = NewDisposeScope();
        using var mode = enable_grad(training);
        var targets = new TaskTargets(candidates.to(support.dtype));
        var adapted = Adapt(support, targets, slotRows);
        var (_, embedded) = MamlNetwork.Embed(trunk, adapted.Layers, support, query, PresenceOf(targets));
        return targets.Exclude(MamlNetwork.Score(embedded, adapted)).MoveToOuterDisposeScope();
    }

    /// <summary>The weights after the steps on the support sets. In evaluation they have no graph.</summary>
    internal MamlWeights Adapt(Tensor support, TaskTargets targets, Tensor? slotRows)
    {
        using var mode = enable_grad();
        var isSecondOrder = training && !Settings.FirstOrder;
        var presence = PresenceOf(targets);
        var ways = targets.Classes.sum([1]);
        var present = Start(targets.Candidates.shape, slotRows);
        var stepRates = rates.exp();
        for (int step = 0; step < Settings.Steps; step++)
        {
            present = training ? present : present.Detached();
            var (embedded, _) = MamlNetwork.Embed(trunk, present.Layers, support, null, presence);
            // The sum keeps the tasks apart: each loss depends on its own task's weights only.
            var loss = targets.Loss(MamlNetwork.Score(embedded, present)).sum();
            var gradient = autograd.grad([loss], present.All, retain_graph: isSecondOrder, create_graph: isSecondOrder);
            present = present.Step(gradient, stepRates[step], ways);
        }

        return training ? present : present.Detached();
    }

    private MamlWeights Start(long[] candidates, Tensor? slotRows)
    {
        var (B, W) = (candidates[0], candidates[2]);
        var layers = Shape.IsImages
            ? trunk.Blocks.Select(block => (Tensor)block.weight!)
            : trunk.Hidden is { } hidden ? [hidden.weight] : [];
        var head = slotRows is null ? weight.narrow(0, 0, W).unsqueeze(0) : weight.index_select(0, slotRows.view(-1)).view(B, W, -1);
        var offsets = slotRows is null ? bias.narrow(0, 0, W).unsqueeze(0) : bias.index_select(0, slotRows.view(-1)).view(B, W);
        return new([.. layers.Select(layer => layer.unsqueeze(0).expand([B, .. layer.shape]))], head.expand(B, W, -1), offsets.expand(B, W));
    }

    /// <summary>Null where no sample is absent: then nothing has to be weighed.</summary>
    private static Tensor? PresenceOf(TaskTargets targets)
    {
        var presence = targets.Presence;
        return presence.min().to(float32).item<float>() > 0 ? null : presence;
    }

    private static Parameter StartRates(FewShotShape shape, MamlSettings settings)
    {
        var head = settings.HeadRate > 0 ? settings.HeadRate : 8.0 / shape.EmbeddingLength;
        float[] row = [.. Enumerable.Repeat((float)Math.Log(settings.Rate), shape.Layers), (float)Math.Log(head)];
        var rates = Parameters.Zeros(settings.Steps, row.Length);
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        rates.copy_(tensor(row).expand(settings.Steps, row.Length));
        rates.requires_grad_(settings.LearnsRates);
        return rates;
    }
}
