using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Models;

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
            ? Heads.Group(rows, W1.shape[0]).bmm(W1)
            : SecondLayer(Activations.TanhGelu(FirstLayer(rows, W1, B1)), W2, B2);
        return y.view(rows.shape);
    }

    internal static Tensor FirstLayer(Tensor rows, Tensor W1, Tensor B1) => Heads.Group(rows, W1.shape[0]).bmm(W1).add_(B1);

    internal static Tensor SecondLayer(Tensor activations, Tensor W2, Tensor B2) => Heads.Group(activations, W2.shape[0]).bmm(W2).add_(B2);
}
