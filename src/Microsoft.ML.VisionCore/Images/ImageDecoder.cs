using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.VisionCore.Images;

/// <summary>Images of every kind and size → red, green and blue planes [3, S, S]. For one thread at a time.</summary>
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
            if (EncodedImage.Decode(file, _image, side) is { } fault)
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
                if (!float.IsFinite(value))
                {
                    return "the row has values that are not finite numbers";
                }

                pixels[i] = (byte)Math.Clamp(MathF.Round(value, MidpointRounding.AwayFromZero), 0f, 255f);
            }

            _resampler.Resample(_image, planes);
            return null;
        }
    }
}

/// <summary>
/// Interleaved red, green, blue bytes, [height, width, 3]. The memory comes from the pool of the process, for there are as many decoders as engines and each
/// would keep that of its largest image; only one thread of the process holds a large image at a time, outside the pool.
/// </summary>
internal sealed unsafe class RgbImage : IDisposable
{
    /// <summary>Images of more pixels are large.</summary>
    internal const int LargePixels = 1 << 24;

    private static readonly Lock OneLarge = new();

    private byte[] _small = [];
    private byte* _large;

    public int Width { get; private set; }

    public int Height { get; private set; }

    /// <summary>From where to where the picture goes, in pixels: the last ones of a JPEG file that was decoded at a reduced size are only partly of it.</summary>
    public (double From, double To) Horizontal { get; set; }

    /// <summary>The same from top to bottom.</summary>
    public (double From, double To) Vertical { get; set; }

    public Span<byte> Pixels => Memory(Width * Height * 3);

    /// <summary>Room to decode into, [height, width, 4]; what is written there lies over <see cref="Pixels"/>.</summary>
    public Span<byte> Rgba => Memory(Width * Height * 4);

    /// <summary>Makes room for an image of at most <see cref="EncodedImage.MaxPixels"/>; waits while another thread holds a large one.</summary>
    public void Resize(int width, int height)
    {
        Dispose();
        var bytes = checked(width * height * 4);
        if (width * height > LargePixels)
        {
            OneLarge.Enter();
            try
            {
                _large = (byte*)NativeMemory.Alloc((nuint)bytes);
            }
            catch
            {
                OneLarge.Exit();
                throw;
            }
        }
        else
        {
            _small = ArrayPool<byte>.Shared.Rent(bytes);
        }

        (Width, Height) = (width, height);
        (Horizontal, Vertical) = ((0, width), (0, height));
    }

    /// <summary>Gives the memory back; on the thread that called <see cref="Resize"/>. The object can be used again.</summary>
    public void Dispose()
    {
        (Width, Height) = (0, 0);
        ArrayPool<byte>.Shared.Return(_small);
        _small = [];
        if (_large is not null)
        {
            NativeMemory.Free(_large);
            _large = null;
            OneLarge.Exit();
        }
    }

    /// <summary>Takes the pixels of an image, [height, width, 4], whose colors are premultiplied by its alpha. They may be <see cref="Rgba"/>.</summary>
    public void LayOnWhite(ReadOnlySpan<byte> source, bool isBgra)
    {
        var (red, blue) = isBgra ? (2, 0) : (0, 2);
        var pixels = Pixels;
        for (int from = 0, to = 0; to < pixels.Length; from += 4, to += 3)
        {
            var pixel = source.Slice(from, 4);
            var white = 255 - pixel[3];
            var (r, g, b) = (pixel[red] + white, pixel[1] + white, pixel[blue] + white);
            pixels[to] = (byte)Math.Min(255, r);
            pixels[to + 1] = (byte)Math.Min(255, g);
            pixels[to + 2] = (byte)Math.Min(255, b);
        }
    }

    /// <summary>A copy that SkiaSharp can draw. The taker disposes of it.</summary>
    public SKBitmap ToBitmap()
    {
        var bitmap = new SKBitmap(new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var row = new byte[bitmap.RowBytes];
        for (var y = 0; y < Height; y++)
        {
            var pixels = Pixels.Slice(y * Width * 3, Width * 3);
            for (var x = 0; x < Width; x++)
            {
                pixels.Slice(3 * x, 3).CopyTo(row.AsSpan(4 * x));
                row[(4 * x) + 3] = byte.MaxValue;
            }

            Marshal.Copy(row, 0, bitmap.GetPixels() + (y * row.Length), row.Length);
        }

        return bitmap;
    }

    /// <summary>Turns an image upright whose first stored row and column belong where <paramref name="origin"/> says.</summary>
    public void Turn(SKEncodedOrigin origin)
    {
        var (width, height) = (Width, Height);

        // The stored pixel (x, y) becomes the upright pixel start + x * right + y * down.
        var (start, right, down) = origin switch
        {
            SKEncodedOrigin.TopRight => (width - 1, -1, width),
            SKEncodedOrigin.BottomRight => ((width * height) - 1, -1, -width),
            SKEncodedOrigin.BottomLeft => (width * (height - 1), 1, -width),
            SKEncodedOrigin.LeftTop => (0, height, 1),
            SKEncodedOrigin.RightTop => (height - 1, height, -1),
            SKEncodedOrigin.RightBottom => ((width * height) - 1, -height, -1),
            SKEncodedOrigin.LeftBottom => (height * (width - 1), -height, 1),
            _ => (0, 1, width),
        };
        if ((start, right) == (0, 1))
        {
            return;
        }

        var length = width * height * 3;
        if (_large is not null)
        {
            var turned = (byte*)NativeMemory.Alloc((nuint)length);
            Copy(Pixels, new Span<byte>(turned, length));
            NativeMemory.Free(_large);
            _large = turned;
        }
        else
        {
            var turned = ArrayPool<byte>.Shared.Rent(length);
            Copy(Pixels, turned);
            ArrayPool<byte>.Shared.Return(_small);
            _small = turned;
        }

        Horizontal = right < 0 ? (width - Horizontal.To, width - Horizontal.From) : Horizontal;
        Vertical = down < 0 ? (height - Vertical.To, height - Vertical.From) : Vertical;
        if (origin >= SKEncodedOrigin.LeftTop)
        {
            (Width, Height) = (height, width);
            (Horizontal, Vertical) = (Vertical, Horizontal);
        }

        void Copy(ReadOnlySpan<byte> pixels, Span<byte> turned)
        {
            var from = 0;
            for (var y = 0; y < height; y++)
            {
                for (var (x, to) = (0, 3 * (start + (y * down))); x < width; x++, to += 3 * right, from += 3)
                {
                    turned[to] = pixels[from];
                    turned[to + 1] = pixels[from + 1];
                    turned[to + 2] = pixels[from + 2];
                }
            }
        }
    }

    private Span<byte> Memory(int length) => _large is null ? _small.AsSpan(0, length) : new(_large, length);
}
