namespace Microsoft.ML.Data;

/// <summary>Pixels as floats, [Height, Width, 4], so that several filters can follow each other without rounding.</summary>
internal sealed class FloatPicture
{
    private const int Channels = 4;
    private readonly float[] _values;

    private FloatPicture(int width, int height, float[] values)
    {
        Width = width;
        Height = height;
        _values = values;
    }

    internal int Width { get; }

    internal int Height { get; }

    internal static FloatPicture Of(ImageResampler.Picture picture) =>
        new(picture.Width, picture.Height, Array.ConvertAll(picture.Pixels, b => (float)b));

    internal FloatPicture Halved(int times)
    {
        var picture = this;
        for (; times > 0 && (picture.Width > 1 || picture.Height > 1); times--)
        {
            picture = picture.Resampled(AxisTaps.Half(picture.Width), AxisTaps.Half(picture.Height));
        }

        return picture;
    }

    internal FloatPicture Resampled(AxisTaps columns, AxisTaps rows)
    {
        var narrow = new float[Height * columns.Count * Channels];
        for (var y = 0; y < Height; y++)
        {
            Mix(_values, y * Width * Channels, Channels, columns, narrow, y * columns.Count * Channels, Channels, Channels);
        }

        var stride = columns.Count * Channels;
        var small = new float[rows.Count * stride];
        Mix(narrow, 0, stride, rows, small, 0, stride, stride);
        return new FloatPicture(columns.Count, rows.Count, small);
    }

    /// <summary>Writes the picture, made opaque, into a canvas [.., <paramref name="canvasWidth"/>, 4] at a position.</summary>
    internal void CopyTo(byte[] canvas, int canvasWidth, int left, int top)
    {
        for (var y = 0; y < Height; y++)
        {
            var from = y * Width * Channels;
            var to = ((top + y) * canvasWidth + left) * Channels;
            for (var i = 0; i < Width * Channels; i++)
            {
                var opaque = i % Channels == Channels - 1;
                canvas[to + i] = opaque ? byte.MaxValue : (byte)Math.Clamp(_values[from + i] + 0.5f, 0, byte.MaxValue);
            }
        }
    }

    /// <summary>target[i] = sum of weight * source[tap], each of them <paramref name="length"/> floats, a stride apart.</summary>
    private static void Mix(float[] source, int sourceStart, int sourceStride, AxisTaps taps, float[] target, int targetStart, int targetStride, int length)
    {
        for (var i = 0; i < taps.Count; i++)
        {
            var sum = target.AsSpan(targetStart + i * targetStride, length);
            for (var t = i * taps.PerTarget; t < (i + 1) * taps.PerTarget; t++)
            {
                var values = source.AsSpan(sourceStart + taps.Source[t] * sourceStride, length);
                var weight = taps.Weight[t];
                for (var c = 0; c < length; c++)
                {
                    sum[c] += weight * values[c];
                }
            }
        }
    }
}
