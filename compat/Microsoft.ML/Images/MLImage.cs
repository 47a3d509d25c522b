using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Data;

/// <summary>An image in memory, four bytes a pixel, alpha premultiplied.</summary>
public sealed class MLImage : IDisposable
{
    private readonly int _width;
    private readonly int _height;
    private readonly MLPixelFormat _pixelFormat;
    private byte[] _pixels;
    private string _tag;

    private MLImage(int width, int height, MLPixelFormat pixelFormat, byte[] pixels)
    {
        _width = width;
        _height = height;
        _pixelFormat = pixelFormat;
        _pixels = pixels;
    }

    /// <summary>Decodes an image file that is read from a stream. EXIF orientation and color profiles are not applied.</summary>
    /// <exception cref="ArgumentNullException">The stream is null.</exception>
    /// <exception cref="ArgumentException">The stream holds no image that can be decoded.</exception>
    public static MLImage CreateFromStream(Stream imageStream)
    {
        ArgumentNullException.ThrowIfNull(imageStream);
        using var copy = new MemoryStream();
        imageStream.CopyTo(copy);
        return TryDecode(copy.GetBuffer().AsSpan(0, (int)copy.Length), out var reason)
            ?? throw new ArgumentException($"The stream holds no image that can be decoded: {reason}.", nameof(imageStream));
    }

    /// <summary>Decodes an image file. EXIF orientation and color profiles are not applied.</summary>
    /// <exception cref="ArgumentNullException">The path is null.</exception>
    /// <exception cref="ArgumentException">There is no such file, or it holds no image that can be decoded.</exception>
    public static MLImage CreateFromFile(string imagePath)
    {
        ArgumentNullException.ThrowIfNull(imagePath);
        string reason = "there is no such file";
        var image = File.Exists(imagePath) ? TryDecode(File.ReadAllBytes(imagePath), out reason) : null;
        return image ?? throw new ArgumentException($"'{imagePath}' is no image that can be decoded: {reason}.", nameof(imagePath));
    }

    /// <summary>Makes an image of a copy of the given pixels, [height, width, 4].</summary>
    /// <exception cref="ArgumentException">An unsupported format, a size that is not positive, or a buffer of another length.</exception>
    public static MLImage CreateFromPixels(int width, int height, MLPixelFormat pixelFormat, ReadOnlySpan<byte> imagePixelData)
    {
        if (pixelFormat is not (MLPixelFormat.Bgra32 or MLPixelFormat.Rgba32))
        {
            throw new ArgumentException($"Expected the pixel format Bgra32 or Rgba32, got {pixelFormat}.", nameof(pixelFormat));
        }

        if (width <= 0)
        {
            throw new ArgumentException($"Expected a positive width, got {width}.", nameof(width));
        }

        if (height <= 0)
        {
            throw new ArgumentException($"Expected a positive height, got {height}.", nameof(height));
        }

        if (imagePixelData.Length != (long)width * height * 4)
        {
            throw new ArgumentException($"An image of {width} x {height} pixels needs {(long)width * height * 4} bytes, got {imagePixelData.Length}.");
        }

        return new MLImage(width, height, pixelFormat, imagePixelData.ToArray());
    }

    /// <summary>The order of the color components.</summary>
    public MLPixelFormat PixelFormat
    {
        get
        {
            CheckAlive();
            return _pixelFormat;
        }
    }

    /// <summary>The pixels, [<see cref="Height"/>, <see cref="Width"/>, 4], in the order of <see cref="PixelFormat"/>.</summary>
    public ReadOnlySpan<byte> Pixels
    {
        get
        {
            CheckAlive();
            return _pixels;
        }
    }

    /// <summary>Any text that goes along with the image; image loading puts the path here.</summary>
    public string Tag
    {
        get
        {
            CheckAlive();
            return _tag;
        }

        set
        {
            CheckAlive();
            _tag = value;
        }
    }

    /// <summary>Width in pixels.</summary>
    public int Width
    {
        get
        {
            CheckAlive();
            return _width;
        }
    }

    /// <summary>Height in pixels.</summary>
    public int Height
    {
        get
        {
            CheckAlive();
            return _height;
        }
    }

    /// <summary>Writes the image to a file; the extension chooses PNG or JPEG (quality 100).</summary>
    /// <exception cref="ArgumentException">The extension names no format that can be written.</exception>
    public void Save(string imagePath)
    {
        CheckAlive();
        bool? png = Path.GetExtension(imagePath).ToLowerInvariant() switch
        {
            ".png" => true,
            ".jpg" or ".jpeg" => false,
            _ => null,
        };
        if (png == null)
        {
            throw new ArgumentException($"Images are saved as .png, .jpg or .jpeg, got '{imagePath}'.", nameof(imagePath));
        }

        using var stream = new FileStream(imagePath, FileMode.Create, FileAccess.Write);
        NativeImageCodec.Encode(ImageResampler.ToBgra(_pixels, _pixelFormat), _width, _height, png.Value, stream);
    }

    /// <summary>Frees the pixels; every other member throws afterwards.</summary>
    public void Dispose() => _pixels = null;

    internal MLImage CloneWithResizing(int width, int height, ImageResizeMode mode)
    {
        CheckAlive();
        var source = new ImageResampler.Picture(_width, _height, _pixels);
        var pixels = mode == ImageResizeMode.Fill
            ? ImageResampler.Stretch(source, width, height)
            : ImageResampler.Draw(source, width, height, ResizeTarget.Of(mode, _width, _height, width, height));
        return new MLImage(width, height, _pixelFormat, pixels);
    }

    private static MLImage TryDecode(ReadOnlySpan<byte> file, out string reason)
    {
        var pixels = NativeImageCodec.Decode(file, out var width, out var height, out reason);
        return pixels == null ? null : new MLImage(width, height, MLPixelFormat.Bgra32, pixels);
    }

    private void CheckAlive()
    {
        if (_pixels == null)
        {
            throw new InvalidOperationException("The image has been disposed.");
        }
    }
}
