namespace Microsoft.ML.Data;

/// <summary>How an image is brought to another size, kind and anchor in one.</summary>
internal enum ImageResizeMode
{
    /// <summary>Whole image, aspect ratio kept, centred; the rest stays black.</summary>
    Pad,

    /// <summary>Stretched to the new size.</summary>
    Fill,

    /// <summary>Aspect ratio kept, the new size covered, top rows kept.</summary>
    CropAnchorTop,

    /// <summary>Aspect ratio kept, the new size covered, bottom rows kept.</summary>
    CropAnchorBottom,

    /// <summary>Aspect ratio kept, the new size covered, left columns kept.</summary>
    CropAnchorLeft,

    /// <summary>Aspect ratio kept, the new size covered, right columns kept.</summary>
    CropAnchorRight,

    /// <summary>Aspect ratio kept, the new size covered, the middle kept.</summary>
    CropAnchorCentral,
}
