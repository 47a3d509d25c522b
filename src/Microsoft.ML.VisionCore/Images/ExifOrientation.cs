namespace Microsoft.ML.VisionCore.Images;

/// <summary>Where the first stored row and column of an image belong; the numbers are those of Exif's tag 0x0112.</summary>
internal enum ExifOrientation
{
    Upright = 1,
    MirroredHorizontally = 2,
    Rotated180 = 3,
    MirroredVertically = 4,
    Transposed = 5,
    Rotated90Clockwise = 6,
    Transversed = 7,
    Rotated90CounterClockwise = 8,
}
