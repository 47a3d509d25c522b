using Microsoft.ML.VisionCore.Seeding;

namespace Microsoft.ML.VisionCore.Images;

/// <summary>How training images are varied: each, planes of bytes [3, S, S], as a pure function of the arguments.</summary>
internal sealed record Augmentation
{
    /// <summary>The pixels by which a crop may be off the centre in each direction; the image goes on as in a mirror. 0 means no crops.</summary>
    public int CropPadding { get; init; }

    /// <summary>The least share of an image's area that a random crop shows, which is resized to the side: above 0, at most 1. 1 means that <see cref="CropPadding"/> holds.</summary>
    public double CropScale { get; init; } = 1;

    /// <summary>Mirror each image in every other epoch; which ones begin is drawn.</summary>
    public bool AlternatingFlip { get; init; }

    /// <summary>The variant of <paramref name="row"/> in <paramref name="epoch"/>.</summary>
    public void Apply(ReadOnlySpan<byte> image, int side, int seed, int epoch, int row, Span<byte> target)
    {
        var mirror = AlternatingFlip && IsMirrored(seed, epoch, row);
        if (CropScale < 1)
        {
            ResizedCrop(image, side, SeededRandom.Create(seed, RandomPurpose.Augment, epoch, row), mirror, target);
            return;
        }

        var (dx, dy) = (0, 0);
        if (CropPadding > 0)
        {
            var random = SeededRandom.Create(seed, RandomPurpose.Augment, epoch, row);
            dx = random.Next(-CropPadding, CropPadding + 1);
            dy = random.Next(-CropPadding, CropPadding + 1);
        }

        Shift(image, side, dx, dy, mirror, target);
    }

    /// <summary>Whether the row is mirrored in this epoch: always the opposite of the epoch before.</summary>
    public static bool IsMirrored(int seed, int epoch, int row) => ((SeededRandom.Bits(seed, RandomPurpose.Mirror, row) ^ (ulong)epoch) & 1) == 1;

    /// <summary>The window of S × S that begins at (dx, dy), over an image that is reflected at its border pixels; then, if asked, mirrored.</summary>
    public static void Shift(ReadOnlySpan<byte> image, int side, int dx, int dy, bool mirror, Span<byte> target)
    {
        Span<int> columns = stackalloc int[side];
        for (var x = 0; x < side; x++)
        {
            columns[mirror ? side - 1 - x : x] = Reflect(x + dx, side);
        }

        for (var plane = 0; plane < 3; plane++)
        {
            for (var y = 0; y < side; y++)
            {
                var from = image.Slice(((plane * side) + Reflect(y + dy, side)) * side, side);
                var to = target.Slice(((plane * side) + y) * side, side);
                for (var x = 0; x < side; x++)
                {
                    to[x] = from[columns[x]];
                }
            }
        }
    }

    // A part of the image of random area, shape (3:4 to 4:3) and place, by bilinear interpolation.
    private void ResizedCrop(ReadOnlySpan<byte> image, int side, Random random, bool mirror, Span<byte> target)
    {
        var share = CropScale + ((1 - CropScale) * random.NextDouble());
        var shape = Math.Pow(4.0 / 3, random.NextDouble() - 0.5);               // width / height is its square
        var width = Math.Min(side, side * Math.Sqrt(share) * shape);
        var height = Math.Min(side, side * Math.Sqrt(share) / shape);
        var (left, top) = ((side - width) * random.NextDouble(), (side - height) * random.NextDouble());
        Span<int> columns = stackalloc int[side], rows = stackalloc int[side];
        Span<float> beside = stackalloc float[side], below = stackalloc float[side];
        Places(columns, beside, left, width);
        Places(rows, below, top, height);
        for (var plane = 0; plane < 3; plane++)
        {
            var from = image.Slice(plane * side * side, side * side);
            var to = target.Slice(plane * side * side, side * side);
            for (var y = 0; y < side; y++)
            {
                var upper = from.Slice(rows[y] * side, side);
                var lower = from.Slice(Math.Min(rows[y] + 1, side - 1) * side, side);
                for (var x = 0; x < side; x++)
                {
                    var (column, next) = (columns[x], Math.Min(columns[x] + 1, side - 1));
                    var above = upper[column] + (beside[x] * (upper[next] - upper[column]));
                    var under = lower[column] + (beside[x] * (lower[next] - lower[column]));
                    to[(y * side) + (mirror ? side - 1 - x : x)] = (byte)(above + (below[y] * (under - above)) + 0.5f);
                }
            }
        }
    }

    // For each pixel of a crop: the pixel of the image it begins in, and how far it is towards the next.
    private static void Places(Span<int> pixels, Span<float> towardsNext, double begin, double length)
    {
        for (var i = 0; i < pixels.Length; i++)
        {
            var place = Math.Clamp(begin + ((i + 0.5) * length / pixels.Length) - 0.5, 0, pixels.Length - 1);
            pixels[i] = (int)place;
            towardsNext[i] = (float)(place - pixels[i]);
        }
    }

    /// <summary>... 2 1 0 1 2 ... and the same at the other border.</summary>
    private static int Reflect(int i, int side)
    {
        if (side == 1)
        {
            return 0;
        }

        var period = 2 * (side - 1);
        var folded = ((i % period) + period) % period;
        return Math.Min(folded, period - folded);
    }
}
