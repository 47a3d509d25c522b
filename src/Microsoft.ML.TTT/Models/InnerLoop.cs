using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Models;

/// <summary>
/// The inner loop of a test-time-training layer: gradient descent on the fast weights of every image, in closed form. Everything is an ordinary
/// tensor operation, so the outer training differentiates through it without nested autograd.
/// </summary>
/// <remarks>
/// "Learning to (Learn at Test Time)", arXiv 2310.13807, section 2. With z = f(k; W), a the hidden activations and dZ the gradient of the step
/// size times the reconstruction loss (<see cref="ReconstructionGradient"/>), the update rule is
///   linear:  W1 ← W1 - kᵀ dZ
///   MLP:     W2 ← W2 - aᵀ dZ,  b2 ← b2 - Σ dZ,  d1 = (dZ W2ᵀ)·gelu'(z1),  W1 ← W1 - kᵀ d1,  b1 ← b1 - Σ d1
/// </remarks>
internal static class InnerLoop
{
    /// <summary>The weights that the inner loop ends with, one step for each entry of <paramref name="batches"/>.</summary>
    /// <param name="task">What the tokens are trained to become.</param>
    /// <param name="start">The start weights; null is a linear model that is all zero, whose first output need not be computed.</param>
    /// <param name="batches">The tokens of each step, see <see cref="Batches"/>; at least one step.</param>
    /// <param name="inner">Step size and which layers learn.</param>
    internal static FastWeights Learn(ReconstructionViews task, FastWeights? start, long[]?[] batches, InnerLearning inner) =>
        Path(task, start, batches, inner).Last() ?? throw new ArgumentException("The inner model needs at least one step.", nameof(batches));

    /// <summary>The weights before the first step, null being a linear model that is all zero, and after each; arguments as of <see cref="Learn"/>.</summary>
    internal static IEnumerable<FastWeights?> Path(ReconstructionViews task, FastWeights? start, long[]?[] batches, InnerLearning inner)
    {
        var weights = start;
        yield return weights;
        foreach (var batch in batches)
        {
            var views = batch is null ? task : task.Select(batch);
            double scale = inner.StepSize / (views.Train.size(2) * views.Train.size(3));   // of a loss that is a mean over n tokens and K numbers
            weights = weights is { } current ? Step(current, views, scale, inner.LastLayerOnly) : StepFromZero(views, scale);
            yield return weights;
        }
    }

    /// <summary>
    /// Which tokens each step reads, one entry a step; null stands for all. Mini-batches cut a seeded random order into parts that differ by one
    /// token at most, so any number of tokens works; the parts are equal where the steps divide the tokens.
    /// Differs from the paper: one order for all heads, the same at every call, so that scoring is repeatable.
    /// </summary>
    /// <exception cref="ArgumentException">There are fewer tokens than steps.</exception>
    internal static long[]?[] Batches(long tokens, InnerLearning inner)
    {
        var batches = new long[]?[inner.Steps];
        if (!inner.MiniBatches || inner.Steps == 1)
        {
            return batches;
        }

        if (inner.Steps > tokens)
        {
            throw new ArgumentException($"{inner.Steps} inner mini-batches need at least {inner.Steps} tokens; the image has {tokens}.");
        }

        long[] order = [.. Enumerable.Range(0, (int)tokens)];
        new Random(unchecked(inner.OrderSeed * 31 + (int)tokens)).Shuffle(order);
        for (int step = 0, start = 0; step < batches.Length; step++)
        {
            int end = (int)(tokens * (step + 1) / batches.Length);
            batches[step] = order[start..end];
            start = end;
        }

        return batches;
    }

    /// <summary>One step; what has stepped is per image from then on. <paramref name="scale"/> is step size / (n·K).</summary>
    private static FastWeights Step(FastWeights weights, ReconstructionViews views, double scale, bool lastLayerOnly)
    {
        var rows = views.Train;                                                          // [H, B, n, K]
        long H = rows.size(0), perImage = H * rows.size(1);
        var keys = Heads.Group(rows, perImage).transpose(1, 2);                          // [H·B, K, n]
        if (weights is not { W1: var W1, B1: { } B1, W2: { } W2, B2: { } B2 })
        {
            var dOut = Heads.Group(views.GradientAt(weights.Apply(rows), scale), perImage);
            return new FastWeights(Minus(weights.W1, MatrixProduct.Of(keys, dOut), H));
        }

        var z1 = FastWeights.FirstLayer(rows, W1, B1);                                   // [G, *, M]
        var (a, timesSlope) = lastLayerOnly ? (Activations.TanhGelu(z1), null) : Activations.TanhGeluAndSlope(z1);
        var dZ = views.GradientAt(FastWeights.SecondLayer(a, W2, B2).view(rows.shape), scale);
        var dOutput = Heads.Group(dZ, perImage);                                         // [H·B, n, K]
        var stepped = weights with
        {
            W2 = Minus(W2, MatrixProduct.Of(Heads.Group(a, perImage).transpose(1, 2), dOutput), H),
            B2 = Minus(B2, dOutput.sum(1, true), H)
        };
        if (timesSlope is null)
        {
            return stepped;
        }

        var dHidden = MatrixProduct.Of(Heads.Group(dZ, W2.size(0)), W2.transpose(1, 2)); // [G, *, M]
        var d1 = Heads.Group(timesSlope(dHidden.view(z1.shape)), perImage);              // [H·B, n, M]
        return stepped with { W1 = Minus(W1, MatrixProduct.Of(keys, d1), H), B1 = Minus(B1, d1.sum(1, true), H) };
    }

    /// <summary>The first step of a linear model that starts at zero: W1 = scale·kᵀ pull, where the pull is minus the gradient at output zero.</summary>
    private static FastWeights StepFromZero(ReconstructionViews views, double scale)
    {
        long perImage = views.Train.size(0) * views.Train.size(1);
        return new FastWeights(MatrixProduct.Of(Heads.Group(views.Train, perImage).transpose(1, 2), Heads.Group(views.PullFromZero(), perImage)).Mul(scale));
    }

    /// <summary>Shared weights [H, a, b] or weights per image [H·B, a, b], minus a step [H·B, a, b].</summary>
    private static Tensor Minus(Tensor weights, Tensor step, long heads) =>
        weights.size(0) == step.size(0)
            ? weights.sub(step)
            : weights.unsqueeze(1).sub(step.view(heads, -1, step.size(1), step.size(2))).view(step.shape);
}

/// <summary>
/// The weights of the inner model: a linear map without bias, K → K, or an MLP, K → M → K, with the tanh form of GELU.
/// The first axis G of each is H where all images share the weight (before its first step) and H·B where each image has its own.
/// </summary>
/// <param name="W1">[G, K, K] or [G, K, M].</param>
/// <param name="B1">[G, 1, M]; null for the linear model.</param>
/// <param name="W2">[G, M, K]; null for the linear model.</param>
/// <param name="B2">[G, 1, K]; null for the linear model.</param>
internal readonly record struct FastWeights(Tensor W1, Tensor? B1 = null, Tensor? W2 = null, Tensor? B2 = null)
{
    /// <summary>The inner model at <paramref name="rows"/> [H, B, n, K] → [H, B, n, K].</summary>
    internal Tensor Apply(Tensor rows)
    {
        var y = B1 is null || W2 is null || B2 is null
            ? MatrixProduct.Of(Heads.Group(rows, W1.size(0)), W1)
            : SecondLayer(Activations.TanhGelu(FirstLayer(rows, W1, B1)), W2, B2);
        return y.view(rows.shape);
    }

    internal static Tensor FirstLayer(Tensor rows, Tensor W1, Tensor B1) => MatrixProduct.Of(Heads.Group(rows, W1.size(0)), W1).Add_(B1);

    internal static Tensor SecondLayer(Tensor activations, Tensor W2, Tensor B2) => MatrixProduct.Of(Heads.Group(activations, W2.size(0)), W2).Add_(B2);
}
