namespace Microsoft.ML.FewShot.Models;

/// <summary>How weights are generated.</summary>
internal enum FewShotDesign
{
    /// <summary>The logits layer starts from the classes' means and generated kernels from learned ones; the encoders correct both.</summary>
    Prototype,

    /// <summary>The paper's: label code and payload side by side in a token, each weight slice read from an output token.</summary>
    Paper
}
