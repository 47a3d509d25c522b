namespace Microsoft.ML.TTT;

/// <summary>How a token knows where in the image it is.</summary>
public enum PositionEncoding
{
    /// <summary>Not at all: the tokens are a set.</summary>
    None,

    /// <summary>A fixed table of sines and cosines of both coordinates is added to the tokens. Needs a width that 4 divides.</summary>
    SinCos,

    /// <summary>A learned table is added; for another grid than the one it was made for, it is interpolated bilinearly.</summary>
    Learned,

    /// <summary>Every block begins with a 3x3 depth-wise convolution over the grid, added to the tokens.</summary>
    Conditional
}
