namespace Microsoft.ML.VisionCore.Images;

/// <summary>What reading one image gave.</summary>
internal enum PixelFill
{
    /// <summary>The pixels were written.</summary>
    Filled,

    /// <summary>The row has no image: no bytes, a null image, or pixels that are not numbers. Nothing was written.</summary>
    Missing,

    /// <summary>The row has bytes that are not an image. Nothing was written.</summary>
    Undecodable,
}
