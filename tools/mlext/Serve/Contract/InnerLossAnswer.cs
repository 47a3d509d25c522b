namespace MLExt.Serve.Contract;

/// <summary>What one head of a model's token mixers learned from an image.</summary>
/// <param name="Block">The block of the model, from 0.</param>
/// <param name="TokenMixer">Its token mixer.</param>
/// <param name="Head">The head, from 0.</param>
/// <param name="Losses">The inner loss before the first inner step and after each.</param>
/// <param name="Overlay">The image as PNG, in grey; over it, in orange, where the loss of tokens fell most, and in blue where it rose.</param>
internal sealed record InnerLossAnswer(int Block, string TokenMixer, int Head, IReadOnlyList<double> Losses, byte[] Overlay);
