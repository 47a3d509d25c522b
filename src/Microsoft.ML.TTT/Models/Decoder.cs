using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Models;

/// <summary>
/// The decoder of the reconstruction task, [H, B, n, K] → [H, B, n, D]: each head tries to rebuild the whole token from its K numbers.
/// </summary>
/// <param name="Weight">g in the paper, [H, K, D].</param>
/// <param name="Bias">Shared by the heads, [D].</param>
/// <param name="Gamma">Scale of the closing layer normalisation, [H, D]; null if there is none.</param>
/// <param name="Beta">Its shift, [H, D].</param>
internal readonly record struct Decoder(Tensor Weight, Tensor Bias, Tensor? Gamma, Tensor? Beta)
{
    internal long Heads => Weight.shape[0];

    internal long HeadWidth => Weight.shape[1];

    internal long Width => Weight.shape[2];
}
