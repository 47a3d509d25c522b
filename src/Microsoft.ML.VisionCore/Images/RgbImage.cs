using SkiaSharp;

namespace Microsoft.ML.VisionCore.Images;

/// <summary>
/// Interleaved red, green, blue bytes, [height, width, 3]. The memory is kept from image to image, unless the image is large: only one thread
/// of the process holds a large image at a time, until it lets go.
/// </summary>
internal sealed class RgbImage : IDisposable
{
    /// <summary>Images of more pixels are large.</summary>
    internal const int LargePixels = 1 << 24;

    private static readonly Lock OneLarge = new();

    private byte[] _buffer = [];
    private byte[] _turned = [];

    public int Width { get; private set; }

    public int Height { get; private set; }

    public Span<byte> Pixels => _buffer.AsSpan(0, Width * Height * 3);

    /// <summary>Room to decode into, [height, width, 4]; what is written there lies over <see cref="Pixels"/>.</summary>
    public Span<byte> Rgba => _buffer.AsSpan(0, Width * Height * 4);

    /// <summary>Makes room for an image of at most <see cref="EncodedImage.MaxPixels"/>; waits while another thread holds a large one.</summary>
    public void Resize(int width, int height)
    {
        Release();
        if ((long)width * height > LargePixels)
        {
            OneLarge.Enter();
        }

        (Width, Height) = (width, height);
        var length = checked(width * height * 4);
        if (_buffer.Length < length)
        {
            _buffer = new byte[length];
        }
    }

    /// <summary>Lets go of a large image; keeps a small one. For the thread that called <see cref="Resize"/>.</summary>
    public void Release()
    {
        if ((long)Width * Height > LargePixels)
        {
            (Width, Height, _buffer, _turned) = (0, 0, [], []);
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

        if (_turned.Length < _buffer.Length)
        {
            _turned = new byte[_buffer.Length];
        }

        var from = 0;
        for (var y = 0; y < height; y++)
        {
            for (var (x, to) = (0, start + (y * down)); x < width; x++, to += right, from += 3)
            {
                _turned[3 * to] = _buffer[from];
                _turned[(3 * to) + 1] = _buffer[from + 1];
                _turned[(3 * to) + 2] = _buffer[from + 2];
            }
        }

        (_buffer, _turned) = (_turned, _buffer);
        if (origin >= SKEncodedOrigin.LeftTop)
        {
            (Width, Height) = (height, width);
        }
    }

    public void Dispose() => Release();
}
