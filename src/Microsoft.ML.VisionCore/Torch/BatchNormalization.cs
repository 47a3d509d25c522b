using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>Batch normalisation of the channels of [B, C, S, S]: the batch's statistics in training, running ones in scoring.</summary>
internal sealed class BatchNormalization : Module<Tensor, Tensor>
{
    internal const double Epsilon = 1e-5;
    private const double Momentum = 0.1;

    private readonly Parameter weight, bias;                // [C]
    private readonly Tensor running_mean, running_var;      // [C], saved with the weights

    internal BatchNormalization(long channels)
        : base(nameof(BatchNormalization))
    {
        weight = Parameters.Ones(channels);
        bias = Parameters.Zeros(channels);
        running_mean = Parameters.Buffer(zeros(channels, float32));
        running_var = Parameters.Buffer(ones(channels, float32));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) =>
        functional.batch_norm(x, running_mean, running_var, weight, bias, training, Momentum, Epsilon);
}
