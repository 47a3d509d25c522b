namespace Microsoft.ML.VisionCore.Scoring;

/// <summary>A trained classifier of square RGB images. Safe to call from several threads at once.</summary>
internal interface IImageScorer
{
    /// <summary>The side S of the images in pixels.</summary>
    int Side { get; }

    /// <summary>The number Y of classes.</summary>
    int ClassCount { get; }

    /// <summary>How many images one call scores at most.</summary>
    int BatchSize { get; }

    /// <summary>Scores images.</summary>
    /// <param name="pixels">[B, 3, S, S], with B at most <see cref="BatchSize"/>.</param>
    /// <param name="probabilities">Receives [B, Y]; every row adds up to 1.</param>
    void Score(ReadOnlySpan<byte> pixels, Span<float> probabilities);
}
