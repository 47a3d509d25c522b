using Microsoft.ML.Data;

namespace Microsoft.ML.VisionCore.Images;

/// <summary>How a vector of floats holds an image.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="IsInterleaved">True for [height, width, 3], false for [3, height, width].</param>
internal readonly record struct PixelLayout(int Width, int Height, bool IsInterleaved)
{
    private const int Channels = 3;

    /// <summary>The layout that the dimensions of a type tell; null where they are not an image's.</summary>
    public static PixelLayout? Of(VectorDataViewType type)
    {
        switch (type.Dimensions)
        {
            case [Channels, > 0 and var height, > 0 and var width]:
                return new(width, height, false);
            case [> 0 and var height, > 0 and var width, Channels]:
                return new(width, height, true);
            case [> 0 and var size]:
                var side = (int)Math.Sqrt(size / (double)Channels);
                return side > 0 && side * side * Channels == size ? new(side, side, false) : null;
            default:
                return null;
        }
    }
}
