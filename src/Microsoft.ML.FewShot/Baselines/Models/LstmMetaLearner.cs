using System.Text.Json;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Baselines.Models;

/// <summary>
/// The meta-learner LSTM (Ravi and Larochelle, "Optimization as a Model for Few-Shot Learning", ICLR 2017, section 3): the classifier's weights are the state of a cell,
/// c_t = f_t·c_(t-1) - i_t·∇L_t, whose start c_0 is learned, and whose gates come from a small recurrent cell that sees gradient, loss and weight, the same for every weight.
/// Gradients are taken for constants on the way back, as in the paper.
/// </summary>
/// <remarks>
/// Differs from the paper: one batch of the support set is at least as large as the task has classes, and has every so-many-th sample of each class, or one where it has few, and all
/// classes count alike in its loss; a batch is normalised by its own statistics and the queries by those of the support set, never by their own; an open gate takes four times
/// what MAML starts with, which in the logits layer counts for each class, so that one gate serves all layers and sizes of tasks; the weight itself is among what the recurrent cell sees.
/// </remarks>
internal sealed class LstmMetaLearner : MetaLearner
{
    /// <summary>Logarithms of numbers smaller than e to the power of minus this are not taken (the paper's p).</summary>
    private const double Smallest = 10;

    // Two numbers each for gradient, loss and weight.
    private const int Inputs = 6;

    // What the gates start near: nearly all of a weight stays, and a quarter of the most that may be taken of a gradient is, which is then what MAML takes.
    private const double StartForget = 5, StartTaken = 0.25, Rate = 0.1;

    private readonly Parameter weight;      // [rows, F]: the start of the logits layer
    private readonly Parameter bias;        // [rows]
    private readonly LSTMCell cell;
    private readonly Dense forget_gate, input_gate;

    internal LstmMetaLearner(FewShotShape shape, LstmSettings settings, Random random)
        : base(nameof(LstmMetaLearner), shape, random)
    {
        Settings = settings;
        weight = Parameters.Zeros(shape.MaxWays, shape.EmbeddingLength);
        bias = Parameters.Zeros(shape.MaxWays);
        cell = SeededCell(settings.Width, random);
        (forget_gate, input_gate) = (Gate(settings.Width, StartForget, random), Gate(settings.Width, Math.Log(StartTaken / (1 - StartTaken)), random));
        RegisterComponents();
    }

    internal LstmSettings Settings { get; }

    internal override string Adaptation => JsonSerializer.Serialize(Settings);

    // Of every weight and update what the cell saw, its four gates, its memory and that memory's tanh, and its state.
    internal override double KeptOfTask
    {
        get
        {
            using var scope = NewDisposeScope();
            var weights = TaskEmbedding.Shared(trunk, 1).Sum(layer => layer.numel()) + ((double)Shape.MaxWays * (Shape.EmbeddingLength + 1));
            return Settings.Updates * (Inputs + (7 * Settings.Width)) * weights;
        }
    }

    /// <summary>The gates, from [..., Width + 1] → [..., 1]: of what stays, and of what is taken.</summary>
    internal (Dense Forget, Dense Input) Gates => (forget_gate, input_gate);

    internal override TaskWeights Adapt(Tensor support, SupportLabels labels, TaskDraws? draws)
    {
        var present = Start(labels, weight, bias);
        var (units, tasks) = (Units(present, labels), Tasks(labels));                             // [B, P]
        var (state, memory) = (zeros([units.numel(), Settings.Width], units.dtype, units.device), zeros([units.numel(), Settings.Width], units.dtype, units.device));
        var (forget, input) = (zeros([units.numel(), 1], units.dtype, units.device), zeros([units.numel(), 1], units.dtype, units.device));
        for (var update = 0; update < Settings.Updates; update++)
        {
            // What no gradient needs goes at once.
            using var scope = NewDisposeScope();
            var (gradient, losses) = GradientOf(present, support, labels, tasks, update);       // [B, P], [B]
            using var mode = enable_grad(training);
            var flat = present.Flat();                                                          // [B, P]
            var seen = cat([Preprocessed(gradient), Preprocessed(losses.unsqueeze(1).expand_as(gradient)), Preprocessed(flat)], 1);
            (state, memory) = cell.call(seen, (state, memory));
            forget = forget_gate.call(cat([state, forget], 1)).sigmoid();
            input = input_gate.call(cat([state, input], 1)).sigmoid();
            present = present.OfFlat(forget.view(flat.shape).mul(flat).sub(input.view(flat.shape).mul(units).mul(gradient)));
            foreach (var kept in (Tensor[])[state, memory, forget, input, .. present.All])
            {
                kept.MoveToOuterDisposeScope();
            }
        }

        return training ? present : present.Detached();
    }

    /// <summary>The places, among the samples of a task with any label, of those that an update sees: of each class every so-many-th, and one at least.</summary>
    /// <param name="classes">The class of each sample; of several possible ones the first.</param>
    /// <param name="update">From 0.</param>
    internal int[] Batch(IReadOnlyList<long> classes, int update)
    {
        var members = Enumerable.Range(0, classes.Count).GroupBy(place => classes[place], (_, places) => places.ToArray()).ToArray();
        var size = Math.Max(members.Length, (classes.Count + Settings.Updates - 1) / Settings.Updates);
        var batches = Math.Max(1, classes.Count / Math.Max(1, size));
        var batch = update % batches;
        return [.. members.SelectMany(places => places.Length < batches ? [places[batch % places.Length]] : places.Where((_, number) => number % batches == batch)).Order()];
    }

    // The rows of each task that have a label, and the class of each.
    private static (long[] Rows, long[] Classes)[] Tasks(SupportLabels labels)
    {
        var counted = labels.Informative.squeeze(2).to(ScalarType.Float32).cpu();
        var classes = labels.Candidates.argmax(2).cpu();
        return [.. Enumerable.Range(0, (int)counted.size(0)).Select(task =>
        {
            var rows = counted[task].nonzero().squeeze(1);
            return (rows.data<long>().ToArray(), classes[task].index_select(0, rows).data<long>().ToArray());
        })];
    }

    private (Tensor Gradient, Tensor Losses) GradientOf(TaskWeights weights, Tensor support, SupportLabels labels, (long[] Rows, long[] Classes)[] tasks, int update)
    {
        using var mode = enable_grad();
        var (N, batches) = (support.size(1), Array.ConvertAll(tasks, task => Array.ConvertAll(Batch(task.Classes, update), place => task.Rows[place])));
        var most = batches.Max(batch => batch.Length);
        // A task with fewer samples has absent ones, as those of a task that has none at all.
        long[] rows = [.. batches.SelectMany((batch, task) => batch.Concat(Enumerable.Repeat(0L, most - batch.Length)).Select(row => (task * N) + row))];
        float[] present = [.. batches.SelectMany(batch => Enumerable.Range(0, most).Select(place => place < batch.Length ? 1f : 0f))];
        var (some, there) = (tensor(rows, device: support.device), tensor(present, [batches.Length, most, 1], device: support.device));
        var known = new SupportLabels(Of(labels.Candidates).mul(there.to(labels.Candidates.dtype)), labels.SlotRows);
        var (gradients, losses) = Gradients(weights.Detached(), Of(support), known, isSecondOrder: false);
        return (TaskWeights.Flat(gradients), losses.detach());

        Tensor Of(Tensor all) => all.flatten(0, 1).index_select(0, some).unflatten(0, [batches.Length, most]);
    }

    // What a gate that is all open takes of the gradient of each weight, [B, P].
    private Tensor Units(TaskWeights start, SupportLabels labels)
    {
        using var mode = no_grad();
        var head = labels.Ways.sum([1]).Mul(2 * Shape.StartLogitScale / StartTaken);             // [B]
        return TaskWeights.Flat([.. start.Layers.Select(layer => ones_like(layer).Mul(Rate / StartTaken)), ones_like(start.Head).mul(head.view(-1, 1, 1)), ones_like(start.Bias).mul(head.view(-1, 1))]);
    }

    // (log|x| / p, sign x) where |x| is at least e^-p, else (-1, e^p·x): the paper's appendix A. [B, P] → [B·P, 2].
    private static Tensor Preprocessed(Tensor x)
    {
        var flat = x.detach().reshape(-1);
        var isLarge = flat.abs().Gt(Math.Exp(-Smallest));
        var logarithm = flat.abs().ClampMin(Math.Exp(-Smallest)).log().Div(Smallest);
        return stack([where(isLarge, logarithm, ones_like(flat).neg()), where(isLarge, flat.sign(), flat.Mul(Math.Exp(Smallest)))], 1);
    }

    private static LSTMCell SeededCell(int width, Random random)
    {
        var cell = LSTMCell(Inputs, width);
        using var mode = no_grad();
        foreach (var (_, parameter) in cell.named_parameters())
        {
            using var drawn = Parameters.Uniform(random, 1 / Math.Sqrt(width), parameter.shape);
            parameter.copy_(drawn);
        }

        return cell;
    }

    private static Dense Gate(int width, double start, Random random)
    {
        var gate = Dense.Xavier(random, width + 1, 1);
        using var mode = no_grad();
        gate.bias.Fill_(start);
        return gate;
    }
}
