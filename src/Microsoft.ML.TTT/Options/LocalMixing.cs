namespace Microsoft.ML.TTT;

/// <summary>A depth-wise convolution over the grid of tokens, beside a token mixer: what is near is mixed by it, what is far by the mixer.</summary>
public enum LocalMixing
{
    /// <summary>None.</summary>
    None,

    /// <summary>3x3 and SiLU, before the mixer's own maps.</summary>
    BeforeProjection,

    /// <summary>5x5 on the mixer's values, added to what it mixes. Test-time-training mixers of one inner model rebuild the tokens themselves: these are their values.</summary>
    OnValues,
}
