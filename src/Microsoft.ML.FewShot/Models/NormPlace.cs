namespace Microsoft.ML.FewShot.Models;

/// <summary>Where an encoder block normalises.</summary>
internal enum NormPlace
{
    /// <summary>Before attention and feed-forward, and once after the last block.</summary>
    Before,

    /// <summary>After each sum with its input, as in the paper.</summary>
    After,

    /// <summary>Nowhere: what the constructions of the theory need.</summary>
    None
}
