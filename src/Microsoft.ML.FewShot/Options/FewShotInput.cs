namespace Microsoft.ML.FewShot;

/// <summary>What a feature column is taken for.</summary>
public enum FewShotInput
{
    /// <summary>A one-dimensional vector of <see cref="float"/> holds features; everything else that is accepted holds images.</summary>
    Automatic,

    /// <summary>Images: encoded files, <see cref="ML.Data.MLImage"/> or pixels as a vector of <see cref="float"/>.</summary>
    Images,

    /// <summary>Features: a vector of <see cref="float"/> of known size.</summary>
    Vectors,
}
