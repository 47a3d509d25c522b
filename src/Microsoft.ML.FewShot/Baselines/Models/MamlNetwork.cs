using Microsoft.ML.FewShot.Models;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Baselines.Models;

/// <summary>The target network as a function of each task's own weights.</summary>
internal static class MamlNetwork
{
    /// <summary>Embeds support and queries, [B, N, ...] and [B, Q, ...] → [B, N, F] and [B, Q, F].</summary>
    /// <param name="trunk">Everything but the weights.</param>
    /// <param name="layers">Each task's own weights.</param>
    /// <param name="support">The samples whose statistics normalise.</param>
    /// <param name="query">Null where only the support is wanted.</param>
    /// <param name="presence">1 for a support sample that counts, [B, N]; null where all do.</param>
    internal static (Tensor Support, Tensor Query) Embed(Trunk trunk, IReadOnlyList<Tensor> layers, Tensor support, Tensor? query, Tensor? presence)
    {
        var rows = query is null ? support : cat([support, query], 1);      // [B, M, ...]
        long N = support.shape[1];
        var embedded = trunk.Shape.IsImages
            ? EmbedImages(trunk, layers, rows, maps => ChannelStatistics.Of(maps.narrow(0, 0, N), presence?.transpose(0, 1)))
            : EmbedVectors(trunk, layers, rows);
        return (embedded.narrow(1, 0, N), embedded.narrow(1, N, rows.shape[1] - N));
    }

    /// <summary>Scores [B, M, W] of embeddings [B, M, F].</summary>
    internal static Tensor Score(Tensor embedded, MamlWeights weights) =>
        embedded.bmm(weights.Head.transpose(1, 2)).add(weights.Bias.unsqueeze(1));

    /// <summary>Images [B, M, C, S, S] → [B, M, F].</summary>
    /// <param name="trunk">Everything but the kernels.</param>
    /// <param name="kernels">[B, c, c', 3, 3] of every convolution.</param>
    /// <param name="rows">The images.</param>
    /// <param name="measure">Gives the statistics that normalise the maps [M, B·c, S, S] of a layer.</param>
    internal static Tensor EmbedImages(Trunk trunk, IReadOnlyList<Tensor> kernels, Tensor rows, Func<Tensor, ChannelStatistics> measure)
    {
        var sizes = rows.shape;
        var (B, M, S) = (sizes[0], sizes[1], sizes[3]);
        var maps = rows.transpose(0, 1).reshape(M, B * sizes[2], S, S);
        foreach (var (block, own) in trunk.Blocks.Zip(kernels))
        {
            var convolved = block.Convolve(maps, own);
            maps = block.norm.Apply(convolved, measure(convolved));
        }

        return maps.reshape(M, B, -1).transpose(0, 1);
    }

    private static Tensor EmbedVectors(Trunk trunk, IReadOnlyList<Tensor> layers, Tensor rows)
    {
        var standardized = trunk.Standardize(rows);
        return trunk.Hidden is { } hidden ? standardized.bmm(layers[0].transpose(1, 2)).add(hidden.bias).relu() : standardized;
    }
}
