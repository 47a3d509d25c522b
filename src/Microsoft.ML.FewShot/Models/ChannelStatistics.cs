using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Models;

/// <summary>Mean and variance of every channel of every task, both [B·c].</summary>
internal sealed record ChannelStatistics(Tensor Mean, Tensor Variance)
{
    /// <summary>The statistics of <paramref name="maps"/> [M, B·c, S, S] over rows and pixels.</summary>
    /// <param name="maps">The maps.</param>
    /// <param name="presence">1 for a row that counts in a task and 0 for one that is absent, [M, B]; null where all count.</param>
    internal static ChannelStatistics Of(Tensor maps, Tensor? presence)
    {
        var all = maps.shape;
        if (presence is null)
        {
            var plain = maps.mean([0, 2, 3], keepdim: true);
            return new ChannelStatistics(plain.view(-1), maps.sub(plain).square().mean([0, 2, 3]));
        }

        long tasks = presence.shape[1];
        var weights = presence.div(presence.sum([0], keepdim: true).clamp_min(1).mul(all[2] * all[3]))              // [M, B], sums to 1 over a task's pixels
            .unsqueeze(2).expand(all[0], tasks, all[1] / tasks).reshape(all[0], all[1], 1, 1);
        var mean = maps.mul(weights).sum([0, 2, 3], keepdim: true);
        var variance = maps.sub(mean).square().mul(weights).sum([0, 2, 3]);
        return new ChannelStatistics(mean.view(-1), variance);
    }
}
