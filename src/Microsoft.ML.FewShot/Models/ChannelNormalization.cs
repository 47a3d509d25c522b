using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Models;

/// <summary>
/// Normalises the channels of the target network, [M, c, S, S]: with the batch's statistics in training and running ones in scoring, or
/// with given ones a task. The last layer has no offset: distances between embeddings do not depend on it, so that training would let it drift.
/// </summary>
internal sealed class ChannelNormalization : Module<Tensor, Tensor>, IBatchStatistics
{
    internal const double Epsilon = 1e-3;
    private const double Momentum = 0.05;

    private readonly Parameter weight;                      // [c]
    private readonly Parameter? bias;                       // [c]
    private readonly Tensor running_mean, running_var;      // [c], saved with the weights

    internal ChannelNormalization(long channels, bool hasOffset)
        : base(nameof(ChannelNormalization))
    {
        weight = Parameters.Ones(channels);
        bias = hasOffset ? Parameters.Zeros(channels) : null;
        running_mean = Parameters.ZeroBuffer(channels);
        running_var = Parameters.OneBuffer(channels);
        RegisterComponents();
    }

    public Team Team { get; set; } = Team.Alone;

    /// <summary>The batch's statistics in training, running ones in scoring.</summary>
    public override Tensor forward(Tensor maps) => training && !Team.IsAlone
        ? Team.Normalize(maps, running_mean, running_var, weight, bias, Momentum, Epsilon)
        : functional.batch_norm(maps, running_mean, running_var, weight, bias, training, Momentum, Epsilon);

    /// <summary>Normalises maps [M, B·c, S, S] with a task's own statistics.</summary>
    internal Tensor Apply(Tensor maps, ChannelStatistics statistics)
    {
        var (scale, shift) = Affine(statistics);
        return maps.mul(scale.view(1, -1, 1, 1)).Add(shift.view(1, -1, 1, 1));
    }

    /// <summary>The normalisation as y = scale · x + shift, both [B·c]; with running statistics where none are given, both [c].</summary>
    internal (Tensor Scale, Tensor Shift) Affine(ChannelStatistics? statistics)
    {
        var (mean, variance) = statistics ?? new ChannelStatistics(running_mean, running_var);
        long tasks = mean.size(0) / weight.size(0);
        var scale = Each(weight, tasks).mul(variance.Add(Epsilon).rsqrt());
        var shift = mean.mul(scale).neg();
        return (scale, bias is null ? shift : shift.Add(Each(bias, tasks)));
    }

    // [c] → [B·c]
    private static Tensor Each(Tensor values, long tasks) => values.unsqueeze(0).expand(tasks, values.size(0)).reshape(-1);
}

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
            return new ChannelStatistics(plain.view(-1), maps.sub(plain).Square().mean([0, 2, 3]));
        }

        long tasks = presence.size(1);
        var weights = presence.div(presence.sum([0], keepdim: true).ClampMin(1).Mul(all[2] * all[3]))              // [M, B], sums to 1 over a task's pixels
            .unsqueeze(2).expand(all[0], tasks, all[1] / tasks).reshape(all[0], all[1], 1, 1);
        var mean = maps.mul(weights).sum([0, 2, 3], keepdim: true);
        var variance = maps.sub(mean).Square().mul(weights).sum([0, 2, 3]);
        return new ChannelStatistics(mean.view(-1), variance);
    }
}
