using Microsoft.ML.Data;

namespace Microsoft.ML.VisionCore.Images;

/// <summary>Reads decoded images. Where they came from a file, its orientation is already lost.</summary>
internal sealed class MLImagePixelReader(ValueGetter<MLImage> getter, int side)
{
    private readonly RgbImage _decoded = new();
    private readonly ImageResampler _resampler = new(side);
    private MLImage? _image;

    public PixelFill Read(Span<byte> pixels, out string? reason)
    {
        // The column owns the image: it may be the caller's own object, so it is not disposed of here.
        getter(ref _image!);
        if (_image is null)
        {
            reason = "the row has no image";
            return PixelFill.Missing;
        }

        reason = ImageDecoder.Unpack(_image, ExifOrientation.Upright, _decoded);
        if (reason is not null)
        {
            return PixelFill.Undecodable;
        }

        _resampler.Resample(_decoded, pixels);
        return PixelFill.Filled;
    }

    public int? ReadShorterSide()
    {
        getter(ref _image!);
        return _image is null ? null : Math.Min(_image.Width, _image.Height);
    }
}
