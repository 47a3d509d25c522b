namespace Microsoft.ML.TTT;

/// <summary>How the image becomes tokens.</summary>
public enum ImageStem
{
    /// <summary>Squares of P x P pixels, each mapped to a token by one linear map.</summary>
    Patch,

    /// <summary>A few 3x3 convolutions with batch normalisation and 2x2 maxima, together of stride P; P is a power of two.</summary>
    Convolution
}
