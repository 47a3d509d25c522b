namespace Microsoft.ML.Data;

/// <summary>Where the whole source image goes on the resized one; parts of it may lie outside.</summary>
internal readonly record struct ResizeTarget(int X, int Y, int Width, int Height)
{
    /// <summary>The rectangle of a resize that keeps the aspect ratio.</summary>
    internal static ResizeTarget Of(ImageResizeMode mode, int sourceWidth, int sourceHeight, int width, int height)
    {
        var widthRatio = (float)width / sourceWidth;
        var heightRatio = (float)height / sourceHeight;
        var tall = heightRatio < widthRatio; // the source is taller than the target
        var ratio = tall == (mode == ImageResizeMode.Pad) ? heightRatio : widthRatio;
        var freeX = width - sourceWidth * ratio;
        var freeY = height - sourceHeight * ratio;

        // Only one direction has room (pad) or too little of it (crop); anchors of the other one mean the middle.
        int x = 0, y = 0;
        if (tall == (mode == ImageResizeMode.Pad))
        {
            x = Place(freeX, mode, ImageResizeMode.CropAnchorLeft, ImageResizeMode.CropAnchorRight);
        }
        else
        {
            y = Place(freeY, mode, ImageResizeMode.CropAnchorTop, ImageResizeMode.CropAnchorBottom);
        }

        return new ResizeTarget(x, y, (int)(sourceWidth * ratio), (int)(sourceHeight * ratio));
    }

    private static int Place(float free, ImageResizeMode mode, ImageResizeMode start, ImageResizeMode end) =>
        mode == start ? 0 : mode == end ? (int)free : (int)(free / 2);
}
