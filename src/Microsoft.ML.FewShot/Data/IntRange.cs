namespace Microsoft.ML.FewShot.Data;

/// <summary>Whole numbers from <paramref name="Low"/> to <paramref name="High"/>, both included.</summary>
internal readonly record struct IntRange(int Low, int High)
{
    public static implicit operator IntRange(int value) => new(value, value);

    public int Draw(Random random) => Low == High ? Low : random.Next(Low, High + 1);

    /// <summary>The part of the range that is not above <paramref name="limit"/>.</summary>
    public IntRange UpTo(int limit) => new(Math.Min(Low, limit), Math.Min(High, limit));

    public override string ToString() => Low == High ? $"{Low}" : $"{Low} to {High}";
}
