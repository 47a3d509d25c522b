namespace Microsoft.ML.TTT;

/// <summary>How the tokens that come out of the last block become the one vector that is classified, [B, N, D] → [B, D].</summary>
public enum TokenPooling
{
    /// <summary>The mean over the tokens: what all of the image says.</summary>
    Mean,

    /// <summary>
    /// The largest of each number over the tokens: what is found anywhere. For marks that cover few of many tokens, which a mean drowns. How often something is found
    /// does not get through.
    /// </summary>
    Max,
}
