using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Models;

/// <summary>Makes a logits layer from the embeddings of a support set.</summary>
internal interface IHead : IDisposable
{
    /// <summary>Fits the layer: logits = e · weight + bias.</summary>
    /// <param name="embeddings">[B, N, F].</param>
    /// <param name="labels">What is known of the samples' classes.</param>
    /// <returns>Weights [B, W, F] and biases [B, W]; an absent class has weights 0 and the bias <see cref="LogitsGenerator.AbsentLogit"/>.</returns>
    (Tensor Weight, Tensor Bias) Fit(Tensor embeddings, SupportLabels labels);
}
