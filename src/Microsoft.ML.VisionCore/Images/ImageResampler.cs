namespace Microsoft.ML.VisionCore.Images;

/// <summary>
/// Interleaved RGB of any size → planes of S × S, by a separable triangle filter that widens when it shrinks (so that no
/// pixel is skipped). The image is stretched to the square: nothing is cut off. Plain float arithmetic in one order, so
/// that the same pixels come out on every machine.
/// </summary>
internal sealed class ImageResampler(int side)
{
    private Taps? _columns, _rows;
    private float[] _rowsOfColumns = [];

    /// <summary>Writes [3, S, S].</summary>
    public void Resample(RgbImage source, Span<byte> planes)
    {
        if (source.Width == side && source.Height == side)
        {
            Split(source.Pixels, planes);
            return;
        }

        _columns = Taps.For(_columns, source.Width, side);
        _rows = Taps.For(_rows, source.Height, side);
        Shrink(source, _columns);
        Combine(_rows, planes);
    }

    /// <summary>Interleaved [S, S, 3] → planar [3, S, S].</summary>
    private void Split(ReadOnlySpan<byte> pixels, Span<byte> planes)
    {
        var area = side * side;
        for (var i = 0; i < area; i++)
        {
            planes[i] = pixels[3 * i];
            planes[area + i] = pixels[(3 * i) + 1];
            planes[(2 * area) + i] = pixels[(3 * i) + 2];
        }
    }

    // [height, width, 3] bytes → [height, S, 3] floats.
    private void Shrink(RgbImage source, Taps taps)
    {
        var needed = source.Height * side * 3;
        if (_rowsOfColumns.Length < needed)
        {
            _rowsOfColumns = new float[needed];
        }

        for (var y = 0; y < source.Height; y++)
        {
            var line = source.Pixels.Slice(y * source.Width * 3, source.Width * 3);
            var to = _rowsOfColumns.AsSpan(y * side * 3, side * 3);
            for (var x = 0; x < side; x++)
            {
                var (first, weights) = taps[x];
                float red = 0, green = 0, blue = 0;
                for (var k = 0; k < weights.Length; k++)
                {
                    var from = (first + k) * 3;
                    red += weights[k] * line[from];
                    green += weights[k] * line[from + 1];
                    blue += weights[k] * line[from + 2];
                }

                to[3 * x] = red;
                to[(3 * x) + 1] = green;
                to[(3 * x) + 2] = blue;
            }
        }
    }

    // [height, S, 3] floats → [3, S, S] bytes.
    private void Combine(Taps taps, Span<byte> planes)
    {
        var area = side * side;
        var sums = new float[side * 3];
        for (var y = 0; y < side; y++)
        {
            var (first, weights) = taps[y];
            Array.Clear(sums);
            for (var k = 0; k < weights.Length; k++)
            {
                var line = _rowsOfColumns.AsSpan((first + k) * side * 3, side * 3);
                for (var i = 0; i < line.Length; i++)
                {
                    sums[i] += weights[k] * line[i];
                }
            }

            for (var x = 0; x < side; x++)
            {
                var to = (y * side) + x;
                planes[to] = Round(sums[3 * x]);
                planes[area + to] = Round(sums[(3 * x) + 1]);
                planes[(2 * area) + to] = Round(sums[(3 * x) + 2]);
            }
        }
    }

    private static byte Round(float value) => (byte)Math.Clamp((int)(value + 0.5f), 0, 255);

    /// <summary>For each of the new pixels: the first old one that it sees, and the weights, which add up to 1.</summary>
    private sealed class Taps
    {
        private readonly int _from;
        private readonly (int First, float[] Weights)[] _taps;

        private Taps(int from, int to)
        {
            _from = from;
            _taps = new (int, float[])[to];
            var scale = (double)from / to;
            var reach = Math.Max(scale, 1);
            for (var i = 0; i < to; i++)
            {
                var centre = (i + 0.5) * scale;
                var first = Math.Max(0, (int)Math.Floor(centre - reach));
                var last = Math.Min(from - 1, (int)Math.Ceiling(centre + reach) - 1);
                var weights = new double[last - first + 1];
                for (var k = 0; k < weights.Length; k++)
                {
                    weights[k] = Math.Max(0, 1 - (Math.Abs(first + k + 0.5 - centre) / reach));
                }

                var sum = weights.Sum();
                _taps[i] = (first, Array.ConvertAll(weights, weight => (float)(weight / sum)));
            }
        }

        public (int First, float[] Weights) this[int index] => _taps[index];

        public static Taps For(Taps? present, int from, int to) => present?._from == from ? present : new Taps(from, to);
    }
}
