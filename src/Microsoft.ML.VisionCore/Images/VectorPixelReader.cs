using Microsoft.ML.Data;

namespace Microsoft.ML.VisionCore.Images;

/// <summary>Reads pixels that are already numbers. Values are rounded and clamped to 0..255.</summary>
internal sealed class VectorPixelReader(ValueGetter<VBuffer<float>> getter, PixelLayout layout, int side)
{
    private readonly RgbImage _image = new();
    private readonly ImageResampler _resampler = new(side);
    private VBuffer<float> _buffer;
    private float[] _values = [];

    public PixelFill Read(Span<byte> pixels, out string? reason)
    {
        getter(ref _buffer);
        var area = layout.Width * layout.Height;
        if (_buffer.Length != 3 * area)
        {
            reason = $"the row has {_buffer.Length} values; {3 * area} were expected";
            return PixelFill.Missing;
        }

        if (_values.Length != _buffer.Length)
        {
            _values = new float[_buffer.Length];
        }

        _buffer.CopyTo(_values);
        if (Array.Exists(_values, float.IsNaN))
        {
            reason = "the row has values that are not numbers";
            return PixelFill.Missing;
        }

        Interleave(area);
        _resampler.Resample(_image, pixels);
        reason = null;
        return PixelFill.Filled;
    }

    private void Interleave(int area)
    {
        _image.Resize(layout.Width, layout.Height);
        var to = _image.Pixels;
        for (var i = 0; i < to.Length; i++)
        {
            var from = layout.IsInterleaved ? i : ((i % 3) * area) + (i / 3);
            to[i] = (byte)Math.Clamp(MathF.Round(_values[from], MidpointRounding.AwayFromZero), 0f, 255f);
        }
    }
}
