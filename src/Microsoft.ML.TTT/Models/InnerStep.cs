using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Models;

/// <summary>
/// One step of gradient descent on the fast weights, in closed form and as a pure function. Everything is an ordinary tensor
/// operation, so the outer training differentiates through it without nested autograd.
/// </summary>
/// <remarks>
/// "Learning to (Learn at Test Time)", arXiv 2310.13807. With z = f(k; W), a the hidden activations and dZ the gradient of
/// step size times reconstruction loss:  linear W1 -= kᵀ dZ;  MLP W2 -= aᵀ dZ, b2 -= Σ dZ, d1 = (dZ W2ᵀ)·gelu'(z1),
/// W1 -= kᵀ d1, b1 -= Σ d1.
/// </remarks>
internal static class InnerStep
{
    /// <summary>The weights after one step; what has stepped is per image from then on.</summary>
    /// <param name="weights">The weights before the step.</param>
    /// <param name="rows">The training views [H, B, n, K] that this step reads.</param>
    /// <param name="gradient">From the outputs [H, B, n, K] of the inner model to dZ, the step size included.</param>
    /// <param name="lastLayerOnly">Whether the first layer of an MLP stays as it is.</param>
    internal static FastWeights Take(FastWeights weights, Tensor rows, Func<Tensor, Tensor> gradient, bool lastLayerOnly)
    {
        long H = rows.shape[0], perImage = H * rows.shape[1];
        var keys = Heads.Group(rows, perImage).transpose(1, 2);                          // [H·B, K, n]
        if (weights is not { W1: var W1, B1: { } B1, W2: { } W2, B2: { } B2 })
        {
            var dOut = Heads.Group(gradient(weights.Apply(rows)), perImage);
            return new FastWeights(Minus(weights.W1, keys.bmm(dOut), H));
        }

        var z1 = FastWeights.FirstLayer(rows, W1, B1);                                   // [G, *, M]
        var (a, slope) = lastLayerOnly ? (Activations.TanhGelu(z1), null) : Activations.TanhGeluAndSlope(z1);
        var dZ = gradient(FastWeights.SecondLayer(a, W2, B2).view(rows.shape));
        var dOutput = Heads.Group(dZ, perImage);                                         // [H·B, n, K]
        var stepped = weights with
        {
            W2 = Minus(W2, Heads.Group(a, perImage).transpose(1, 2).bmm(dOutput), H),
            B2 = Minus(B2, dOutput.sum(1, true), H)
        };
        if (slope is null)
        {
            return stepped;
        }

        var dHidden = Heads.Group(dZ, W2.shape[0]).bmm(W2.transpose(1, 2));              // [G, *, M]
        var d1 = Heads.Group(dHidden.view(slope.shape).mul(slope), perImage);            // [H·B, n, M]
        return stepped with { W1 = Minus(W1, keys.bmm(d1), H), B1 = Minus(B1, d1.sum(1, true), H) };
    }

    /// <summary>The first step of a linear model that starts at zero: W1 = scale·kᵀ pull.</summary>
    /// <param name="rows">The training views [H, B, n, K] that this step reads.</param>
    /// <param name="pull">Minus the gradient at output zero, [H, B, n, K], without the scale.</param>
    /// <param name="scale">Step size / (n·K).</param>
    internal static FastWeights FromZero(Tensor rows, Tensor pull, double scale)
    {
        long perImage = rows.shape[0] * rows.shape[1];
        return new FastWeights(Heads.Group(rows, perImage).transpose(1, 2).bmm(Heads.Group(pull, perImage)).mul(scale));
    }

    /// <summary>Shared weights [H, a, b] or weights per image [H·B, a, b], minus a step [H·B, a, b].</summary>
    private static Tensor Minus(Tensor weights, Tensor step, long heads) =>
        weights.shape[0] == step.shape[0]
            ? weights.sub(step)
            : weights.unsqueeze(1).sub(step.view(heads, -1, step.shape[1], step.shape[2])).view(step.shape);
}
