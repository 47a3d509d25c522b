using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Models;

/// <summary>
/// Normalises the channels of the target network, [M, c, S, S]: with the batch's statistics in training and running ones in scoring, or
/// with given ones a task. The last layer has no offset: distances between embeddings do not depend on it, so that training would let it drift.
/// </summary>
internal sealed class ChannelNormalization : Module<Tensor, Tensor>
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
        running_mean = Parameters.Buffer(zeros([channels], dtype: float32));
        running_var = Parameters.Buffer(ones([channels], dtype: float32));
        RegisterComponents();
    }

    /// <summary>The batch's statistics in training, running ones in scoring.</summary>
    public override Tensor forward(Tensor maps) =>
        functional.batch_norm(maps, running_mean, running_var, weight, bias, training, Momentum, Epsilon);

    /// <summary>Normalises maps [M, B·c, S, S] with a task's own statistics.</summary>
    internal Tensor Apply(Tensor maps, ChannelStatistics statistics)
    {
        var (scale, shift) = Affine(statistics);
        return maps.mul(scale.view(1, -1, 1, 1)).add(shift.view(1, -1, 1, 1));
    }

    /// <summary>The normalisation as y = scale · x + shift, both [B·c]; with running statistics where none are given, both [c].</summary>
    internal (Tensor Scale, Tensor Shift) Affine(ChannelStatistics? statistics)
    {
        var (mean, variance) = statistics ?? new ChannelStatistics(running_mean, running_var);
        long tasks = mean.shape[0] / weight.shape[0];
        var scale = Each(weight, tasks).mul(variance.add(Epsilon).rsqrt());
        var shift = mean.mul(scale).neg();
        return (scale, bias is null ? shift : shift.add(Each(bias, tasks)));
    }

    // [c] → [B·c]
    private static Tensor Each(Tensor values, long tasks) => values.unsqueeze(0).expand(tasks, values.shape[0]).reshape(-1);
}
