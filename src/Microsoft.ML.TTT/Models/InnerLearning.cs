namespace Microsoft.ML.TTT.Models;

/// <summary>How the inner model of a test-time-training mixer learns. Ignored by the other mixers.</summary>
internal sealed record InnerLearning
{
    /// <summary>Gradient steps on each image, 1 to 16.</summary>
    public int Steps { get; init; } = 1;

    /// <summary>Each step reads its own N / Steps tokens, so that all steps together cost one pass; otherwise every step reads all.</summary>
    public bool MiniBatches { get; init; }

    /// <summary>The inner step size, 0 to 10; at 0 nothing is learned and no tokens are mixed.</summary>
    public double StepSize { get; init; } = 1;

    /// <summary>Hidden width of the inner MLP in units of the head width, 1 to 16.</summary>
    public int Expansion { get; init; } = 4;

    /// <summary>Only the second layer of the inner MLP learns.</summary>
    public bool LastLayerOnly { get; init; }

    /// <summary>The inner model starts from learned weights rather than from zero; null is the mixer's default
    /// (learned for the MLP and wherever the decoder is normalised, zero for the linear one).</summary>
    public bool? LearnedStart { get; init; }

    /// <summary>The decoder ends in a layer normalisation; null is the mixer's default (yes for the MLP, no for the linear one).</summary>
    public bool? DecoderNorm { get; init; }

    /// <summary>Fixes which tokens share a mini-batch. The order is the same in training and in scoring.</summary>
    public int OrderSeed { get; init; }

    internal bool HasDecoderNorm(TokenMixer mixer) => DecoderNorm ?? (mixer == TokenMixer.TttMlp);

    internal bool HasLearnedStart(TokenMixer mixer) => LearnedStart ?? (mixer == TokenMixer.TttMlp || HasDecoderNorm(mixer));

    /// <summary>What is wrong with these settings for <paramref name="mixer"/> over <paramref name="tokens"/> tokens.</summary>
    internal IEnumerable<string> Violations(TokenMixer mixer, long tokens)
    {
        if (Steps is < 1 or > 16)
        {
            yield return $"InnerLoop.Steps must be in [1, 16]; it is {Steps}.";
        }

        if (!(StepSize is >= 0 and <= 10))
        {
            yield return FormattableString.Invariant($"InnerLoop.StepSize must be in [0, 10]; it is {StepSize}.");
        }

        if (Expansion is < 1 or > 16)
        {
            yield return $"InnerLoop.Expansion must be in [1, 16]; it is {Expansion}.";
        }

        if (MiniBatches && Steps > tokens && mixer is TokenMixer.TttLinear or TokenMixer.TttMlp)
        {
            yield return $"InnerLoop.Steps is {Steps} and every step needs tokens of its own, but an image has {tokens} tokens.";
        }

        if (mixer == TokenMixer.ViT3 && Steps != 1)
        {
            yield return $"InnerLoop.Steps must be 1 for the token mixer ViT3, whose inner gradient is clipped for one step; it is {Steps}.";
        }

        foreach (var violation in StartViolations(mixer))
        {
            yield return violation;
        }
    }

    private IEnumerable<string> StartViolations(TokenMixer mixer)
    {
        if (mixer is not (TokenMixer.TttLinear or TokenMixer.TttMlp) || LearnedStart != false)
        {
            yield break;
        }

        if (HasDecoderNorm(mixer))
        {
            yield return "InnerLoop.LearnedStart is false and InnerLoop.DecoderNorm is true, but an inner model that starts at zero cannot have a decoder with layer normalisation: the first reconstruction is "
                + "constant, its variance is 0, and the normalisation multiplies the inner gradient by about 1,000. "
                + "One of the two must be changed.";
        }

        if (mixer == TokenMixer.TttMlp)
        {
            yield return "InnerLoop.LearnedStart must be true for the token mixer TttMlp; it is false. From zero the gradients of both its matrices are 0 and it never learns.";
        }
    }
}
