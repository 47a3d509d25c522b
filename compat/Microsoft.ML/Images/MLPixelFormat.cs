namespace Microsoft.ML.Data;

/// <summary>The order of the color components in the bytes of an <see cref="MLImage"/>.</summary>
public enum MLPixelFormat
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>Four bytes a pixel: blue, green, red, alpha.</summary>
    Bgra32,

    /// <summary>Four bytes a pixel: red, green, blue, alpha.</summary>
    Rgba32,
}
