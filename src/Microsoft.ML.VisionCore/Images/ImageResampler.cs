using System.Runtime.CompilerServices;

namespace Microsoft.ML.VisionCore.Images;

/// <summary>
/// Interleaved RGB of any size → planes of S × S, by a separable triangle filter that widens when it shrinks (so that no
/// pixel is skipped). The image is stretched to the square: nothing is cut off. Plain float arithmetic in one order, so
/// that the same pixels come out on every machine. The loops are optimised from their first call on: until then a process would have read some fifty pictures slowly.
/// </summary>
internal sealed class ImageResampler(int side)
{
    private readonly float[] _line = new float[3 * side];
    private readonly float[] _sums = new float[3 * side * side];
    private Taps? _columns, _rows;

    /// <summary>Writes [3, S, S].</summary>
    public void Resample(RgbImage source, Span<byte> planes)
    {
        if (source.Width == side && source.Height == side)
        {
            Split(source.Pixels, planes);
            return;
        }

        _columns = Taps.For(_columns, source.Width, source.Horizontal, side);
        _rows = Taps.For(_rows, source.Height, source.Vertical, side);
        Array.Clear(_sums);
        var first = 0;
        for (var y = 0; y < source.Height; y++)
        {
            Shrink(source.Pixels.Slice(y * source.Width * 3, source.Width * 3), _columns);
            while (first < side && _rows.End(first) <= y)
            {
                first++;
            }

            for (var row = first; row < side && _rows[row].First <= y; row++)
            {
                Add(_rows[row].Weights[y - _rows[row].First], _sums.AsSpan(3 * side * row, 3 * side));
            }
        }

        Split(_sums, planes);
    }

    /// <summary>Interleaved [S, S, 3] → planar [3, S, S].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

    /// <summary>The same, rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Split(ReadOnlySpan<float> pixels, Span<byte> planes)
    {
        var area = side * side;
        for (var i = 0; i < area; i++)
        {
            planes[i] = Round(pixels[3 * i]);
            planes[area + i] = Round(pixels[(3 * i) + 1]);
            planes[(2 * area) + i] = Round(pixels[(3 * i) + 2]);
        }
    }

    /// <summary>One row, [width, 3] bytes → [S, 3] floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Shrink(ReadOnlySpan<byte> line, Taps taps)
    {
        for (var x = 0; x < side; x++)
        {
            var (first, weights) = taps[x];
            float red = 0, green = 0, blue = 0;
            var from = first * 3;
            foreach (var weight in weights)
            {
                red += weight * line[from];
                green += weight * line[from + 1];
                blue += weight * line[from + 2];
                from += 3;
            }

            _line[3 * x] = red;
            _line[(3 * x) + 1] = green;
            _line[(3 * x) + 2] = blue;
        }
    }

    /// <summary>Adds the row, weighted, to a row of the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(float weight, Span<float> sums)
    {
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] += weight * _line[i];
        }
    }

    private static byte Round(float value) => (byte)Math.Clamp((int)(value + 0.5f), 0, 255);

    /// <summary>For each of the new pixels, which divide the picture evenly: the first old one that it sees, and the weights, which add up to 1.</summary>
    private sealed class Taps
    {
        private readonly int _count;
        private readonly (double From, double To) _picture;
        private readonly (int First, float[] Weights)[] _taps;

        private Taps(int count, (double From, double To) picture, int to)
        {
            (_count, _picture) = (count, picture);
            _taps = new (int, float[])[to];
            var scale = (picture.To - picture.From) / to;
            var reach = Math.Max(scale, 1);
            for (var i = 0; i < to; i++)
            {
                var centre = picture.From + ((i + 0.5) * scale);
                var first = Math.Max(0, (int)Math.Floor(centre - reach));
                var last = Math.Min(count - 1, (int)Math.Ceiling(centre + reach) - 1);
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

        public int End(int index) => _taps[index].First + _taps[index].Weights.Length;

        public static Taps For(Taps? present, int count, (double From, double To) picture, int to) =>
            present is not null && (present._count, present._picture) == (count, picture) ? present : new Taps(count, picture, to);
    }
}
