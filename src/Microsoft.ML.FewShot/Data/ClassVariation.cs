namespace Microsoft.ML.FewShot.Data;

/// <summary>How images are varied. Turning and mirroring make other classes; the affine variation and another pen keep them.</summary>
/// <param name="TurnProbability">The probability that a class of a batch, or a whole task, is turned by a random multiple of 90 degrees, 0 included; all its images alike.</param>
/// <param name="MirrorProbability">The probability that it is mirrored; all its images alike.</param>
/// <param name="AffineProbability">The probability that an image is turned a little, stretched, slanted and moved.</param>
/// <param name="StrokeProbability">The probability that an image is drawn with another pen.</param>
internal sealed record ClassVariation(double TurnProbability, double MirrorProbability, double AffineProbability, double StrokeProbability = 0)
{
    public static readonly ClassVariation None = new(0, 0, 0);

    /// <summary>
    /// Whether every orientation that the probabilities allow counts as a class of its own in batches of classes, all equally often, so that two orientations of one
    /// class may meet in a batch and must be told apart.
    /// </summary>
    public bool IsOrientationClass { get; init; }

    /// <summary>How a class or a task is turned: 0 to 3 quarter turns, plus 4 where it is mirrored.</summary>
    public byte DrawOrientation(Random random)
    {
        var turns = TurnProbability > 0 && random.NextDouble() < TurnProbability ? random.Next(4) : 0;
        return (byte)(MirrorProbability > 0 && random.NextDouble() < MirrorProbability ? turns + ImageOrientation.Mirrored : turns);
    }

    /// <summary>The orientations that <see cref="DrawOrientation"/> may give.</summary>
    public byte[] Orientations(ExampleShape shape)
    {
        var turns = TurnProbability > 0 ? 4 : 1;
        int[] mirrors = MirrorProbability switch { <= 0 => [0], >= 1 => [ImageOrientation.Mirrored], _ => [0, ImageOrientation.Mirrored] };
        return shape.IsImage ? [.. mirrors.SelectMany(_ => Enumerable.Range(0, turns), (mirrored, turned) => (byte)(mirrored + turned))] : [0];
    }

    /// <summary>How an image is moved; null means not at all.</summary>
    public AffineMap? DrawAffine(Random random) => AffineProbability > 0 && random.NextDouble() < AffineProbability ? AffineMap.Draw(random) : null;

    /// <summary>The pen that an image is drawn with; null means its own.</summary>
    public StrokeMap? DrawStroke(Random random) => StrokeProbability > 0 && random.NextDouble() < StrokeProbability ? StrokeMap.Draw(random) : null;
}
