namespace Microsoft.ML.VisionCore.Images;

/// <summary>How training images are varied.</summary>
internal sealed record AugmentationSettings
{
    /// <summary>The pixels by which a crop may be off the centre in each direction; the image goes on as in a mirror. 0 means no crops.</summary>
    public int CropPadding { get; init; }

    /// <summary>Mirror each image in every other epoch; which ones begin is drawn.</summary>
    public bool AlternatingFlip { get; init; }

    /// <summary>The smallest area of a random resized crop, as a share in (0, 1]; below 1 such crops replace the padded ones.</summary>
    public double ResizedCropArea { get; init; } = 1;
}
