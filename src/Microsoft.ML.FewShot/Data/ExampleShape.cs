namespace Microsoft.ML.FewShot.Data;

/// <summary>What every example of a pool is: an image [C, S, S] of bytes, or a vector of F numbers.</summary>
/// <param name="Colors">The colours C, 1 or 3; 0 for vectors.</param>
/// <param name="ImageSize">The side S; 0 for vectors.</param>
/// <param name="FeatureLength">The numbers F of a vector; 0 for images, and for vectors of any length.</param>
internal readonly record struct ExampleShape(int Colors, int ImageSize, int FeatureLength)
{
    public static ExampleShape Images(int colors, int side) => new(colors, side, 0);

    public static ExampleShape Vectors(int length) => new(0, 0, length);

    public bool IsImage => ImageSize > 0;

    /// <summary>The numbers in an example.</summary>
    public int Length => IsImage ? Colors * ImageSize * ImageSize : FeatureLength;

    /// <summary>The memory of an example.</summary>
    public int Bytes => IsImage ? Length : Length * sizeof(float);

    /// <summary>[C, S, S] or [F].</summary>
    public long[] Dimensions => IsImage ? [Colors, ImageSize, ImageSize] : [FeatureLength];

    /// <summary>The shape in words.</summary>
    public string Describe() => IsImage ? $"{(Colors == 3 ? "coloured" : "grey")} images of {ImageSize} x {ImageSize}" : $"vectors of length {FeatureLength}";

    /// <summary>What error messages call the examples.</summary>
    public string Noun => IsImage ? "images" : "examples";
}
