namespace Microsoft.ML.FewShot;

/// <summary>How the generator of weights is built.</summary>
public enum FewShotDesign
{
    /// <summary>
    /// The generated logits layer starts at class means, which soft k-means moves by unlabelled samples, and generated convolutions start at
    /// learned ones; the transformers correct both. It learns faster and ends higher than the paper's form.
    /// </summary>
    Prototype,

    /// <summary>All generated weights come out of the transformers alone, as in the paper.</summary>
    Paper,
}
