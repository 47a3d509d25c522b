using Microsoft.ML.VisionCore.Torch;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Models;

/// <summary>
/// A logits layer for any embedding, in closed form (ridge regression as in Bertinetto et al., arXiv 1805.08136, section 3.2). Samples are centred at the support's
/// mean and become unit vectors x; queries are divided by the root-mean-square length that the samples had. Soft k-means says what samples without a label are, as
/// far as it can be said; ridge regression on these shares Y of the classes, with a weight D for each sample by which all classes weigh the same, gives the layer:
/// A = Xᵀ (X Xᵀ + λ D⁻¹)⁻¹ (Y - 1/W), logits = τ x A. With a large λ that is the nearest class mean. Where a model knows how far samples of one class are
/// apart in its embedding, they are whitened before; a mean that it knows steadies that of few samples.
/// </summary>
internal sealed class RidgeHead : Module, IHead
{
    /// <summary>λ of photographs, in units of a squared length.</summary>
    internal const double Penalty = 1;

    /// <summary>The examples that a known mean counts for.</summary>
    internal const double MeanExamples = 5;

    // τ: between 10 and 15 the probabilities of photographs of unseen classes are best, with 1 shot and with 5.
    private const double LogitScale = 12;

    // Squared distances are multiplied with it in soft k-means; 4 to 5 is best for photographs with 1 shot and with 5, 10 worse than no unlabelled samples.
    private const double Heat = 5;
    private const int Refinements = 3;

    private readonly Tensor? whitening;     // float16 [parts, C, C], symmetric
    private readonly Tensor? mean;          // [F]

    /// <param name="parts">The parts of the embedding that are whitened each by itself; 0 for an embedding that nothing is known of.</param>
    /// <param name="length">The length F of the embedding.</param>
    internal RidgeHead(int parts = 0, int length = 0)
        : base(nameof(RidgeHead))
    {
        if (parts > 0)
        {
            whitening = Parameters.Buffer(eye(length / parts, dtype: float16).expand(parts, -1, -1).clone());
            mean = Parameters.ZeroBuffer(length);
        }

        RegisterComponents();
    }

    /// <summary>The mean of the embeddings of other samples, [F]; null where nothing is known of them.</summary>
    internal Tensor? Mean => mean;

    /// <summary>Sets what is known of the embedding: [parts, C, C] and [F].</summary>
    internal void SetKnown(Tensor newWhitening, Tensor newMean)
    {
        using var mode = no_grad();
        whitening!.copy_(newWhitening);
        mean!.copy_(newMean);
    }

    /// <summary>Another one that knows the same.</summary>
    internal RidgeHead Copy()
    {
        if (whitening is null || mean is null)
        {
            return new RidgeHead();
        }

        var copy = new RidgeHead((int)whitening.size(0), (int)mean.size(0));
        copy.SetKnown(whitening, mean);
        return copy;
    }

    public (Tensor Weight, Tensor Bias) Fit(Tensor embeddings, SupportLabels labels) => Fit(embeddings, labels, Penalty);

    /// <summary>The same with another λ.</summary>
    internal (Tensor Weight, Tensor Bias) Fit(Tensor embeddings, SupportLabels labels, double penalty)
    {
        using var scope = NewDisposeScope();
        var fits = Enumerable.Range(0, (int)embeddings.size(0)).Select(task => FitTask(embeddings[task], Candidates(labels, task), penalty)).ToArray();
        var weight = stack(fits.Select(fit => fit.Weight)).to(embeddings.dtype, embeddings.device);
        var bias = stack(fits.Select(fit => fit.Bias)).to(embeddings.dtype, embeddings.device);
        return (weight.MoveToOuterDisposeScope(), bias.MoveToOuterDisposeScope());
    }

    /// <summary>
    /// How well the layer does on samples that are left out, one at a time, in closed form: the residuals of all divided by what each sample has no part in.
    /// </summary>
    /// <param name="embeddings">[1, N, F].</param>
    /// <param name="labels">What is known of the samples' classes.</param>
    /// <param name="penalty">λ.</param>
    /// <returns>The share of right answers and the mean squared error, of the labelled samples whose class has another; null where there are none.</returns>
    internal (double Accuracy, double Error)? LeaveOneOut(Tensor embeddings, SupportLabels labels, double penalty)
    {
        using var scope = NewDisposeScope();
        var task = Prepare(embeddings[0], Candidates(labels, 0));
        var isChecked = task.Labeled.mul(task.Labeled.sum([0])).sum([1]).Gt(1.5);                    // [N]
        if (!isChecked.any().item<bool>())
        {
            return null;
        }

        var without = WithoutEach(task.Rows, task.Targets, task.Weights, penalty);                    // [N, W]
        var rows = isChecked.nonzero().squeeze(1);
        var (answers, wanted) = (without.index_select(0, rows), task.Labeled.index_select(0, rows));
        var right = answers.argmax(1).eq(wanted.argmax(1)).to(float64).mean().item<double>();
        return (right, answers.sub(task.Targets.index_select(0, rows)).Square().sum([1]).mean().item<double>());
    }

    /// <summary>What ridge regression on all other rows gives for each row: X [N, F], Y [N, W] and weights [N] → [N, W].</summary>
    internal static Tensor WithoutEach(Tensor rows, Tensor targets, Tensor weights, double penalty)
    {
        using var scope = NewDisposeScope();
        var (root, kernel) = Kernel(rows, weights);
        var inverse = kernel.Add(eye(kernel.size(0), dtype: float64).Mul(penalty)).inverse();              // [N, N]
        // I - K (K + λ)⁻¹ = λ (K + λ)⁻¹: the residual of row i over its own share of it, without λ in both.
        return targets.sub(inverse.matmul(root.mul(targets)).div(inverse.diagonal().unsqueeze(1)).div(root)).MoveToOuterDisposeScope();
    }

    private static Tensor Candidates(SupportLabels labels, int task) => labels.Candidates[task].to(float64).cpu();

    // [N, F], [N, W] → [W, F], [W].
    private (Tensor Weight, Tensor Bias) FitTask(Tensor embeddings, Tensor candidates, double penalty)
    {
        using var scope = NewDisposeScope();
        var task = Prepare(embeddings, candidates);
        var (root, kernel) = Kernel(task.Rows, task.Weights);
        var solution = linalg.solve(kernel.Add(eye(kernel.size(0), dtype: float64).Mul(penalty)), root.mul(task.Targets));              // [N, W]
        var own = task.Rows.t().matmul(root.mul(solution)).Mul(LogitScale / task.Length);                                          // [F, W']
        var bias = task.Centre.unsqueeze(0).matmul(own).squeeze(0).neg();                                                          // [W']
        own = Whiten(own.t());
        var weight = zeros([candidates.size(1), embeddings.size(1)], float64).index_copy(0, task.Ways, own);
        var all = TensorArithmetic.Full([candidates.size(1)], LogitsGenerator.AbsentLogit, float64).index_copy(0, task.Ways, bias);
        return (weight.MoveToOuterDisposeScope(), all.MoveToOuterDisposeScope());
    }

    // What a layer is fitted to, in float64 on the CPU.
    private Task Prepare(Tensor embeddings, Tensor candidates)
    {
        var ways = candidates.sum([0]).Gt(0.5).nonzero().squeeze(1);                                 // int64 [W']
        var present = candidates.sum([1]).Gt(0.5).nonzero().squeeze(1);                              // int64 [N']
        var possible = candidates.index_select(0, present).index_select(1, ways);                    // [N', W']
        var rows = Whiten(embeddings.index_select(0, present.to(embeddings.device)).to(float64).cpu());
        var (sum, count) = (rows.sum([0]), (double)rows.size(0));
        if (mean is not null)
        {
            (sum, count) = (sum.Add(Whiten(mean.to(float64).cpu().unsqueeze(0)).squeeze(0).Mul(MeanExamples)), count + MeanExamples);
        }

        var centre = sum.Div(count);
        rows = rows.sub(centre);
        var length = Math.Sqrt(rows.Square().sum([1]).mean().item<double>()) is > 0 and var spread ? spread : 1;
        rows = PhotographEmbedding.Unit(rows);
        var labels = new SupportLabels(possible.unsqueeze(0), null);
        var labeled = labels.Labeled.squeeze(0);
        var shares = labeled.Add(Open(rows, labels));
        // Every class has the weight of N / W samples.
        var portions = shares.div(shares.sum([0]).ClampMin(1e-9));                                    // [N, W]
        var weights = portions.sum([1]).Mul((double)rows.size(0) / ways.size(0));                   // [N]
        return new Task(rows, shares.Sub(1.0 / ways.size(0)), labeled, weights, ways, centre, length);
    }

    // The shares of the classes in samples that have no label, by soft k-means: [N, F] → [N, W], 0 for labelled ones.
    private static Tensor Open(Tensor rows, SupportLabels labels)
    {
        var open = labels.Candidates.sub(labels.Labeled);                                             // [1, N, W]
        if (open.sum().item<double>() == 0)
        {
            return open.squeeze(0);
        }

        using var means = new SoftKMeans(Refinements);
        means.to(float64);
        using var mode = no_grad();
        var heat = TensorArithmetic.Full([1], Heat, float64);
        var batch = rows.unsqueeze(0);
        return SoftKMeans.Responsibilities(batch, means.Means(batch, labels, heat), heat, open).squeeze(0);
    }

    private static (Tensor Root, Tensor Kernel) Kernel(Tensor rows, Tensor weights)
    {
        var root = weights.sqrt().unsqueeze(1);                                                        // [N, 1]
        var weighted = rows.mul(root);
        return (root, weighted.matmul(weighted.t()));                                                 // [N, N]
    }

    // [N, F] → [N, F].
    private Tensor Whiten(Tensor rows)
    {
        if (whitening is null)
        {
            return rows;
        }

        var (parts, length) = (whitening.size(0), whitening.size(1));
        return rows.view(rows.size(0), parts, length).transpose(0, 1).bmm(whitening.to(float64).cpu()).transpose(0, 1).reshape(rows.size(0), parts * length);
    }

    /// <param name="Rows">[N, F], centred, of length 1.</param>
    /// <param name="Targets">[N, W]: the shares of the classes, less 1 / W.</param>
    /// <param name="Labeled">[N, W]: 1 for the class of a labelled sample.</param>
    /// <param name="Weights">[N], 1 on average.</param>
    /// <param name="Ways">The classes that the task has, int64 [W].</param>
    /// <param name="Centre">[F].</param>
    /// <param name="Length">The root of the mean squared length that they had.</param>
    private sealed record Task(Tensor Rows, Tensor Targets, Tensor Labeled, Tensor Weights, Tensor Ways, Tensor Centre, double Length);
}
