namespace Microsoft.ML.FewShot.Models;

/// <summary>The sizes of a <see cref="SupportEncoder"/>.</summary>
/// <param name="Width">The token width D.</param>
/// <param name="Inner">The width of queries, keys and values of all heads together; a multiple of <paramref name="Heads"/>.</param>
/// <param name="Hidden">The hidden width of the feed-forward part; 0 for none.</param>
/// <param name="Heads">The heads H.</param>
/// <param name="Layers">The blocks.</param>
/// <param name="Norms">Where the blocks normalise.</param>
internal sealed record EncoderShape(long Width, long Inner, long Hidden, long Heads, int Layers, NormPlace Norms);
