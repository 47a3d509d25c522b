using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Models;

/// <summary>A finished convolution of one task with what follows it, [M, c', S, S] → [M, c, S', S'].</summary>
internal sealed class TargetConvolution : Module<Tensor, Tensor>
{
    private readonly Tensor kernels;            // [c, c', 3, 3]
    private readonly Tensor scale, shift;       // [c]
    private readonly bool _hasPool, _hasActivation, _isTransductive;

    internal TargetConvolution(FewShotShape shape, int layer, bool isTransductive)
        : base(nameof(TargetConvolution))
    {
        kernels = Parameters.Buffer(zeros([shape.Channels, shape.InputChannels(layer), 3, 3], dtype: float32));
        scale = Parameters.Buffer(ones([shape.Channels], dtype: float32));
        shift = Parameters.Buffer(zeros([shape.Channels], dtype: float32));
        _hasPool = shape.HasPool(layer);
        _hasActivation = shape.HasActivation(layer);
        _isTransductive = isTransductive;
        RegisterComponents();
    }

    public override Tensor forward(Tensor maps)
    {
        using var scope = NewDisposeScope();
        var convolved = BackboneBlock.Rectify(TaskConvolution.ApplyImageByImage(maps, kernels), _hasPool, _hasActivation);
        if (_isTransductive)
        {
            var statistics = ChannelStatistics.Of(convolved, null);
            convolved = convolved.sub(statistics.Mean.view(1, -1, 1, 1)).mul(statistics.Variance.add(ChannelNormalization.Epsilon).rsqrt().view(1, -1, 1, 1));
        }

        return convolved.mul(scale.view(1, -1, 1, 1)).add(shift.view(1, -1, 1, 1)).MoveToOuterDisposeScope();
    }

    internal void Set(Tensor newKernels, Tensor newScale, Tensor newShift)
    {
        kernels.copy_(newKernels);
        scale.copy_(newScale);
        shift.copy_(newShift);
    }
}
