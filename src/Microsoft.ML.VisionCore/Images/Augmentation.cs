using Microsoft.ML.VisionCore.Seeding;

namespace Microsoft.ML.VisionCore.Images;

/// <summary>How training images are varied: each, planes of bytes [3, S, S], as a pure function of the arguments.</summary>
internal sealed record Augmentation
{
    /// <summary>The pixels by which a crop may be off the centre in each direction; the image goes on as in a mirror. 0 means no crops.</summary>
    public int CropPadding { get; init; }

    /// <summary>Mirror each image in every other epoch; which ones begin is drawn.</summary>
    public bool AlternatingFlip { get; init; }

    /// <summary>The variant of <paramref name="row"/> in <paramref name="epoch"/>.</summary>
    public void Apply(ReadOnlySpan<byte> image, int side, int seed, int epoch, int row, Span<byte> target)
    {
        var mirror = AlternatingFlip && IsMirrored(seed, epoch, row);
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
