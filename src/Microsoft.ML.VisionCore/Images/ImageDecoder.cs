using Microsoft.ML.Data;

namespace Microsoft.ML.VisionCore.Images;

/// <summary>Images of every kind and size → red, green and blue planes [3, S, S]. Keeps its memory from image to image; for one thread at a time.</summary>
/// <param name="side">The side S.</param>
internal sealed class ImageDecoder(int side)
{
    private readonly RgbImage _image = new();
    private readonly ImageResampler _resampler = new(side);

    /// <summary>Decodes a file.</summary>
    /// <param name="file">The bytes of the file.</param>
    /// <param name="planes">Receives [3, S, S]; untouched unless null is returned.</param>
    /// <returns>What is wrong with the file; null where nothing is.</returns>
    public string? Decode(ReadOnlySpan<byte> file, Span<byte> planes)
    {
        using (_image)
        {
            if (EncodedImage.Decode(file, _image) is { } fault)
            {
                return fault;
            }

            _resampler.Resample(_image, planes);
            return null;
        }
    }

    /// <summary>Takes over an image that someone else decoded; its file's orientation and color profile are lost.</summary>
    /// <returns>Why it cannot be taken over; null where <paramref name="planes"/> were written.</returns>
    public string? Convert(MLImage image, Span<byte> planes)
    {
        if (image.PixelFormat is not (MLPixelFormat.Bgra32 or MLPixelFormat.Rgba32))
        {
            return $"the pixel format is {image.PixelFormat}; {MLPixelFormat.Bgra32} or {MLPixelFormat.Rgba32} was expected";
        }

        if (EncodedImage.FaultOfSize(image.Width, image.Height) is { } fault)
        {
            return fault;
        }

        using (_image)
        {
            _image.Resize(image.Width, image.Height);
            _image.LayOnWhite(image.Pixels, image.PixelFormat == MLPixelFormat.Bgra32);
            _resampler.Resample(_image, planes);
            return null;
        }
    }

    /// <summary>Takes over pixels that are numbers, rounded and clamped to 0..255.</summary>
    /// <returns>Why they cannot be taken over; null where <paramref name="planes"/> were written.</returns>
    public string? Convert(ReadOnlySpan<float> values, ImageColumn.Layout layout, Span<byte> planes)
    {
        var area = layout.Width * layout.Height;
        if (values.Length != 3 * area)
        {
            return $"the row has {values.Length} values; {3 * area} were expected";
        }

        using (_image)
        {
            _image.Resize(layout.Width, layout.Height);
            var pixels = _image.Pixels;
            for (var i = 0; i < pixels.Length; i++)
            {
                var value = values[layout.IsInterleaved ? i : ((i % 3) * area) + (i / 3)];
                if (float.IsNaN(value))
                {
                    return "the row has values that are not numbers";
                }

                pixels[i] = (byte)Math.Clamp(MathF.Round(value, MidpointRounding.AwayFromZero), 0f, 255f);
            }

            _resampler.Resample(_image, planes);
            return null;
        }
    }
}
