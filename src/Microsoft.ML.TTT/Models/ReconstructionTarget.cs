using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Models;

/// <summary>What the inner model is to produce, in the form that a <see cref="ReconstructionGradient"/> wants it.</summary>
/// <param name="Value">Direct form: the tokens [1, B, N, D]. Gram form: the tokens seen through the decoder [H, B, N, K].</param>
/// <param name="Offset">Gram form with layer normalisation: the tokens against the decoder's bias [H, B, N, 1]; otherwise null.</param>
internal readonly record struct ReconstructionTarget(Tensor Value, Tensor? Offset = null)
{
    /// <summary>The target of the tokens that <paramref name="index"/> names.</summary>
    internal ReconstructionTarget Select(Tensor index) => new(Value.index_select(2, index), Offset?.index_select(2, index));
}
