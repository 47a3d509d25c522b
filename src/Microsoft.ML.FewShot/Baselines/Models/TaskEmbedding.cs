using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Baselines.Models;

/// <summary>The network below the logits layer as a function of each task's rows, statistics and, where it has them, own weights.</summary>
internal static class TaskEmbedding
{
    /// <summary>Embeds support and queries with weights that are each task's own, [B, N, ...] and [B, Q, ...] → [B, N, F] and [B, Q, F].</summary>
    /// <param name="backbone">Everything but the weights; its statistics are not used.</param>
    /// <param name="layers">[B, c, c', 3, 3] of every convolution; of feature vectors [B, hidden, length], if there is a hidden layer.</param>
    /// <param name="support">The samples whose statistics normalise.</param>
    /// <param name="query">Null where only the support is wanted.</param>
    /// <param name="presence">1 for a support sample that counts, [B, N]; null where all do.</param>
    /// <param name="transductive">Whether the queries are normalised with their own statistics instead.</param>
    /// <param name="measured">Receives the support's statistics of every convolution; null where they are not wanted.</param>
    /// <param name="isTwice">Whether gradients of gradients are wanted.</param>
    internal static (Tensor Support, Tensor Query) Embed(Backbone backbone, IReadOnlyList<Tensor> layers, Tensor support, Tensor? query, Tensor? presence,
        bool transductive = false, List<ChannelStatistics>? measured = null, bool isTwice = false)
    {
        long N = support.size(1);
        ChannelStatistics OfSupport(Tensor maps)
        {
            var statistics = ChannelStatistics.Of(maps.narrow(0, 0, N), presence?.transpose(0, 1));
            measured?.Add(statistics);
            return statistics;
        }

        Tensor Run(Tensor rows, bool fromSupport) => backbone.Shape.IsImages
            ? Images(backbone, layers, rows, maps => fromSupport ? OfSupport(maps) : ChannelStatistics.Of(maps, null), isTwice)
            : Vectors(backbone, layers, rows);

        if (transductive && query is not null)
        {
            return (Run(support, true), Run(query, false));
        }

        var rows = query is null ? support : cat([support, query], 1);      // [B, M, ...]
        var embedded = Run(rows, true);
        return (embedded.narrow(1, 0, N), embedded.narrow(1, N, rows.size(1) - N));
    }

    /// <summary>Images [B, M, C, S, S] → [B, M, F].</summary>
    /// <param name="backbone">Everything but the kernels.</param>
    /// <param name="kernels">[B, c, c', 3, 3] of every convolution.</param>
    /// <param name="rows">The images.</param>
    /// <param name="measure">Gives the statistics that normalise the maps [M, B·c, S, S] of a layer.</param>
    /// <param name="isTwice">Whether gradients of gradients are wanted.</param>
    internal static Tensor Images(Backbone backbone, IReadOnlyList<Tensor> kernels, Tensor rows, Func<Tensor, ChannelStatistics> measure, bool isTwice = false)
    {
        var sizes = rows.shape;
        var (B, M, S) = (sizes[0], sizes[1], sizes[3]);
        var maps = rows.transpose(0, 1).reshape(M, B * sizes[2], S, S);
        foreach (var (block, own) in backbone.Blocks.Zip(kernels))
        {
            var convolved = block.Convolve(maps, own, isTwice);
            maps = block.norm.Apply(convolved, measure(convolved));
        }

        return backbone.Compare(maps.reshape(M, B, -1)).transpose(0, 1);
    }

    /// <summary>The backbone's own weights for each of B tasks.</summary>
    internal static IReadOnlyList<Tensor> Shared(Backbone backbone, long tasks)
    {
        var layers = backbone.Shape.IsImages
            ? backbone.Blocks.Select(block => (Tensor)block.weight!)
            : backbone.Hidden is { } hidden ? [hidden.weight] : [];
        return [.. layers.Select(layer => layer.unsqueeze(0).expand([tasks, .. layer.shape]))];
    }

    /// <summary>[B, N], or null where no sample is absent: then nothing has to be weighed.</summary>
    internal static Tensor? PresenceOf(SupportLabels labels) => Weighed(labels.Presence);

    /// <summary>The same where samples of which nothing is known count for as little as absent ones.</summary>
    internal static Tensor? InformativeOf(SupportLabels labels) => Weighed(labels.Informative);

    private static Tensor? Weighed(Tensor samples) => samples.min().to(float32).item<float>() > 0 ? null : samples.squeeze(2);

    private static Tensor Vectors(Backbone backbone, IReadOnlyList<Tensor> layers, Tensor rows)
    {
        var standardized = backbone.Standardize(rows);
        return backbone.Compare(backbone.Hidden is { } hidden ? standardized.bmm(layers[0].transpose(1, 2)).Add(hidden.bias).relu() : standardized);
    }
}
