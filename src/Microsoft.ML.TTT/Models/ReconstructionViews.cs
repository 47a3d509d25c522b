using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Models;

/// <summary>A reconstruction task on the tokens of a batch of images.</summary>
/// <param name="Train">What the inner model is trained on, [H, B, N, K].</param>
/// <param name="Test">What it is asked for after training, [H, B, N, K].</param>
/// <param name="Gradient">The gradient of the reconstruction loss.</param>
/// <param name="Target">What the training views have to become.</param>
internal readonly record struct ReconstructionViews(Tensor Train, Tensor Test, ReconstructionGradient Gradient, ReconstructionTarget Target)
{
    /// <summary>The task on some of the tokens; the test views stay those of all.</summary>
    internal ReconstructionViews Select(long[] batch)
    {
        var index = tensor(batch, int64, device: Train.device);
        return this with { Train = Train.index_select(2, index), Target = Target.Select(index) };
    }

    /// <summary>The gradient for outputs <paramref name="z"/> [H, B, n, K] of the inner model; <paramref name="scale"/> is step size / (n·K).</summary>
    internal Tensor GradientAt(Tensor z, double scale) => Gradient.At(z, Target, scale);

    /// <summary>Minus the gradient for an output of zero, without the scale.</summary>
    internal Tensor PullFromZero() => Gradient.PullFromZero(Train, Target);
}

/// <summary>What the inner model is to produce, in the form that a <see cref="ReconstructionGradient"/> wants it.</summary>
/// <param name="Value">Direct form: the tokens [1, B, N, D]. Gram form: the tokens seen through the decoder [H, B, N, K].</param>
/// <param name="Offset">Gram form with layer normalisation: the tokens against the decoder's bias [H, B, N, 1]; otherwise null.</param>
internal readonly record struct ReconstructionTarget(Tensor Value, Tensor? Offset = null)
{
    /// <summary>The target of the tokens that <paramref name="index"/> names.</summary>
    internal ReconstructionTarget Select(Tensor index) => new(Value.index_select(2, index), Offset?.index_select(2, index));
}
