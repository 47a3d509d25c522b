namespace Microsoft.ML.TTT.Models;

/// <summary>What a token mixer is made for.</summary>
/// <param name="Width">D.</param>
/// <param name="Heads">H; divides D.</param>
internal sealed record MixerShape(long Width, long Heads)
{
    /// <summary>How a test-time-training mixer learns; already validated.</summary>
    public InnerLearning Inner { get; init; } = new();

    /// <summary>The convolution beside the mixer.</summary>
    public LocalMixing LocalMixing { get; init; }

    /// <summary>Whether what is mixed is gated before the last map.</summary>
    public bool OutputGate { get; init; }

    /// <summary>The block that it stands in, from 0, of <see cref="Blocks"/>.</summary>
    public int Block { get; init; }

    /// <summary>The blocks of the model.</summary>
    public int Blocks { get; init; } = 1;

    /// <summary>K = D / H.</summary>
    public long HeadWidth => Width / Heads;
}
