using Microsoft.ML.Data;

namespace Microsoft.ML.VisionCore.Images;

/// <summary>Reads encoded files.</summary>
internal sealed class EncodedPixelReader(ValueGetter<VBuffer<byte>> getter, int side)
{
    private readonly RgbImage _decoded = new();
    private readonly ImageResampler _resampler = new(side);
    private VBuffer<byte> _buffer;
    private byte[] _file = [];

    public PixelFill Read(Span<byte> pixels, out string? reason)
    {
        if (ReadFile().IsEmpty)
        {
            reason = "the row has no bytes";
            return PixelFill.Missing;
        }

        reason = ImageDecoder.Decode(_file, _buffer.Length, _decoded);
        if (reason is not null)
        {
            return PixelFill.Undecodable;
        }

        _resampler.Resample(_decoded, pixels);
        return PixelFill.Filled;
    }

    public int? ReadShorterSide()
    {
        if (ReadFile().IsEmpty)
        {
            return null;
        }

        var header = EncodedImageHeader.Read(_file.AsSpan(0, _buffer.Length));
        if (header is { Width: > 0, Height: > 0 })
        {
            return Math.Min(header.Width, header.Height);
        }

        return ImageDecoder.Decode(_file, _buffer.Length, _decoded) is null ? Math.Min(_decoded.Width, _decoded.Height) : null;
    }

    /// <summary>The bytes of the present row; valid until the next call.</summary>
    public ReadOnlySpan<byte> ReadFile()
    {
        getter(ref _buffer);
        if (_file.Length < _buffer.Length)
        {
            _file = new byte[Math.Max(_buffer.Length, 2 * _file.Length)];
        }

        _buffer.CopyTo(_file.AsSpan(0, _buffer.Length));
        return _file.AsSpan(0, _buffer.Length);
    }
}
