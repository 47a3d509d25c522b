using Microsoft.ML.VisionCore.Training;

namespace Microsoft.ML.VisionCore.Images;

/// <summary>How training images are varied: each, planes of bytes [3, S, S], as a pure function of the arguments.</summary>
internal sealed record Augmentation
{
    /// <summary>The pixels by which a crop may be off the centre in each direction; the image goes on as in a mirror. 0 means no crops.</summary>
    public int CropPadding { get; init; }

    /// <summary>Mirror each image in every other epoch; which ones begin is drawn.</summary>
    public bool AlternatingFlip { get; init; }

    /// <summary>The smallest area of a random resized crop, as a share in (0, 1]; below 1 such crops replace the padded ones.</summary>
    public double ResizedCropArea { get; init; } = 1;

    /// <summary>The variant of <paramref name="row"/> in <paramref name="epoch"/>.</summary>
    public void Apply(ReadOnlySpan<byte> image, int side, int seed, int epoch, int row, Span<byte> target)
    {
        var mirror = AlternatingFlip && IsMirrored(seed, epoch, row);
        if (ResizedCropArea < 1)
        {
            var crop = DrawCrop(SeededRandom.Create(seed, RandomPurpose.Augment, epoch, row), side, ResizedCropArea);
            ResizedCrop(image, side, crop.X, crop.Y, crop.Width, crop.Height, mirror, target);
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

    /// <summary>The rectangle brought back to S × S by bilinear interpolation; then, if asked, mirrored. In pixels; the rectangle lies inside the image.</summary>
    public static void ResizedCrop(ReadOnlySpan<byte> image, int side, double left, double top, double width, double height, bool mirror, Span<byte> target)
    {
        for (var y = 0; y < side; y++)
        {
            var (upper, lower, down) = Between(top + ((y + 0.5) * height / side), side);
            for (var x = 0; x < side; x++)
            {
                var (west, east, right) = Between(left + ((x + 0.5) * width / side), side);
                var to = (y * side) + (mirror ? side - 1 - x : x);
                for (var plane = 0; plane < 3; plane++)
                {
                    var pixels = image.Slice(plane * side * side, side * side);
                    var above = pixels[(upper * side) + west] + (right * (pixels[(upper * side) + east] - pixels[(upper * side) + west]));
                    var below = pixels[(lower * side) + west] + (right * (pixels[(lower * side) + east] - pixels[(lower * side) + west]));
                    target[(plane * side * side) + to] = (byte)Math.Clamp((int)(above + (down * (below - above)) + 0.5), 0, 255);
                }
            }
        }
    }

    /// <summary>A rectangle of at least <paramref name="smallestArea"/> of the image, with sides in a ratio of 3:4 to 4:3.</summary>
    private static (double X, double Y, double Width, double Height) DrawCrop(Random random, int side, double smallestArea)
    {
        var area = smallestArea + ((1 - smallestArea) * random.NextDouble());
        var ratio = Math.Exp(((2 * random.NextDouble()) - 1) * Math.Log(4.0 / 3));
        var width = side * Math.Min(1, Math.Sqrt(area * ratio));
        var height = side * Math.Min(1, Math.Sqrt(area / ratio));
        return ((side - width) * random.NextDouble(), (side - height) * random.NextDouble(), width, height);
    }

    /// <summary>The two pixels around a place, whose centres are at 0.5, 1.5, ..., and the share of the second.</summary>
    private static (int First, int Second, double Share) Between(double place, int side)
    {
        var centred = Math.Clamp(place - 0.5, 0, side - 1);
        var first = (int)centred;
        return (first, Math.Min(first + 1, side - 1), centred - first);
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
