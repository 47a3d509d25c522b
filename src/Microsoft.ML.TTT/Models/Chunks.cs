using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Models;

/// <summary>
/// Recurrences along the tokens in chunks of C: within a chunk all tokens are computed together, and only from chunk to chunk one after the other. Padding at the end is zeros,
/// which add nothing to a state and do not let it fade.
/// </summary>
internal static class Chunks
{
    /// <summary>[G, N, ...] → [G, n, C, ...].</summary>
    internal static Tensor Split(Tensor x, long length)
    {
        var (N, chunks) = (x.size(1), (x.size(1) + length - 1) / length);
        if (chunks * length > N)
        {
            x = cat([x, zeros([x.size(0), (chunks * length) - N, .. x.shape[2..]], x.dtype, x.device)], 1);
        }

        return x.reshape([x.size(0), chunks, length, .. x.shape[2..]]);
    }

    /// <summary>n chunks [G, C, K] → [G, N, K].</summary>
    internal static Tensor Join(IEnumerable<Tensor> chunks, long tokens) => cat([.. chunks], 1).narrow(1, 0, tokens);

    /// <summary>exp(G_i - G_j) where j is not after i, and 0 elsewhere, for sums [..., C, ...] along the tokens; each exponent is at most 0, whatever the gates are.</summary>
    /// <param name="sums">The sums of logarithms of gates up to each token, C on <paramref name="axis"/>.</param>
    /// <param name="axis">From the front.</param>
    /// <returns>[..., C, C, ...].</returns>
    internal static Tensor Decays(Tensor sums, int axis)
    {
        var differences = sums.unsqueeze(axis + 1).sub(sums.unsqueeze(axis));
        var length = sums.size(axis);
        var later = ones([length, length], ScalarType.Bool, sums.device).triu(1);
        return differences.MaskedFill(later.view([length, length, .. Enumerable.Repeat(1L, (int)sums.dim() - axis - 1)]), double.NegativeInfinity).exp();
    }

    /// <summary>Half of what a recurrence gives forwards and half of what it gives backwards, each of both with gates of its own.</summary>
    /// <param name="run">From tensors [G, N, ...] to [G, N, K].</param>
    /// <param name="alike">What both see.</param>
    /// <param name="forwards">What the first sees beside.</param>
    /// <param name="backwards">What the second sees beside, in the order of the tokens.</param>
    internal static Tensor BothWays(Func<Tensor[], Tensor> run, Tensor[] alike, Tensor[] forwards, Tensor[] backwards)
    {
        Tensor[] reversed = [.. alike.Concat(backwards).Select(x => x.flip(1))];
        return run([.. alike, .. forwards]).Add(run(reversed).flip(1)).Mul(0.5);
    }
}
