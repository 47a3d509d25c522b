using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Models;

/// <summary>
/// Generates the kernels of one convolution from the support's maps before it: a slice an output channel. In the prototype design the
/// slices start at 0 and are scaled to the spread of fresh kernels, so that with learned kernels beneath, a new model is its backbone.
/// </summary>
internal sealed class ConvolutionGenerator : Module
{
    private readonly ActivationFeatures activation;
    private readonly SliceGenerator slices;
    private readonly Parameter? gain;           // [1]
    private readonly long _inputs;
    private readonly double _spread;

    internal ConvolutionGenerator(FewShotShape shape, int layer, Random random)
        : base(nameof(ConvolutionGenerator))
    {
        _inputs = shape.InputChannels(layer);
        _spread = Math.Sqrt(2.0 / (9 * _inputs));
        activation = new ActivationFeatures(shape, layer, random);
        long payload = activation.Length + (shape.UsesImageFeatures ? shape.ImageFeatures : 0);
        slices = new SliceGenerator(shape, new SliceGeneratorSizes(payload, 0, shape.Channels, 9 * _inputs, IsSlicePerClass: false), random);
        gain = shape.Design == FewShotDesign.Prototype ? Parameters.Ones(1) : null;
        RegisterComponents();
    }

    /// <summary>The token width.</summary>
    internal long Width => slices.Width;

    /// <summary>Generates the kernels of every task.</summary>
    /// <param name="maps">The support's maps before the convolution, [N, B·c', S, S].</param>
    /// <param name="labels">What is known of the samples' classes.</param>
    /// <param name="imageFeatures">[B, N, features], where the shape uses them; otherwise null.</param>
    /// <param name="learned">Kernels to add to, [c, c', 3, 3]; null for none.</param>
    /// <returns>[B, c, c', 3, 3].</returns>
    internal Tensor Generate(Tensor maps, SupportLabels labels, Tensor? imageFeatures, Tensor? learned)
    {
        using var scope = NewDisposeScope();
        var (N, _, S, _) = maps.Dims4("maps");
        long B = labels.Ways.size(0);
        var seen = activation.call(maps.reshape(N * B, _inputs, S, S)).view(N, B, -1).transpose(0, 1);                     // [B, N, features]
        var generated = slices.Generate(imageFeatures is null ? seen : cat([seen, imageFeatures], 2), labels, null);    // [B, c, 9·c']
        var kernels = generated.view(B, -1, _inputs, 3, 3);
        kernels = gain is null ? kernels : kernels.mul(gain).Mul(_spread);
        return (learned is null ? kernels : kernels.Add(learned)).MoveToOuterDisposeScope();
    }
}
