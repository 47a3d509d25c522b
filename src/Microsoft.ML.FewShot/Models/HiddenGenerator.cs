using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Models;

/// <summary>Generates the hidden layer of the network on feature vectors: a slice of weights and bias a unit, as <see cref="ConvolutionGenerator"/> does kernels.</summary>
internal sealed class HiddenGenerator : Module
{
    private readonly SliceGenerator slices;
    private readonly Parameter? gain;           // [1]
    private readonly long _length;

    internal HiddenGenerator(FewShotShape shape, Random random)
        : base(nameof(HiddenGenerator))
    {
        _length = shape.FeatureLength;
        slices = new SliceGenerator(shape, new SliceGeneratorSizes(_length, 0, shape.HiddenUnits, _length + 1, IsSlicePerClass: false), random);
        gain = shape.Design == FewShotDesign.Prototype ? Parameters.Ones(1) : null;
        RegisterComponents();
    }

    /// <summary>Generates the layer of every task.</summary>
    /// <param name="features">The support's, standardised, [B, N, length].</param>
    /// <param name="labels">What is known of the samples' classes.</param>
    /// <param name="learned">A layer to add to; null for none.</param>
    /// <returns>Weights [B, units, length] and biases [B, units].</returns>
    internal (Tensor Weight, Tensor Bias) Generate(Tensor features, SupportLabels labels, Dense? learned)
    {
        using var scope = NewDisposeScope();
        var generated = slices.Generate(features, labels, null);                    // [B, units, length + 1]
        generated = gain is null ? generated : generated.mul(gain).Mul(1 / Math.Sqrt(_length));
        var (weight, bias) = (generated.narrow(2, 0, _length), generated.select(2, _length));
        if (learned is not null)
        {
            (weight, bias) = (weight.Add(learned.weight), bias.Add(learned.bias));
        }

        return (weight.MoveToOuterDisposeScope(), bias.MoveToOuterDisposeScope());
    }
}
