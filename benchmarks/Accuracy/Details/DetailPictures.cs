using Microsoft.ML.VisionCore.Images;
using TorchSharp;

namespace MLExtensions.Accuracy.Details;

/// <summary>
/// Photographs of 256 pixels with marks of 16: characters drawn by hand. Half of the pictures have one mark, and its character is their class, 0 to 3; the others have two, at least half
/// a picture apart, and it is their class whether the two are the same character, 4, or two different ones, 5. What is summed over the places of a picture tells the first four classes
/// apart and not the last two: the best of such sums would tell 2 of 3. Photographs and drawings of held-out pictures are never trained on.
/// </summary>
internal sealed class DetailPictures : IDisposable
{
    internal const int Side = 256, Mark = 16, Characters = 4, Classes = Characters + 2;
    private const int Darkest = 112;
    private const int HeldOutEvery = 5;
    private static readonly string[] Names = ["Greek/character01", "Greek/character06", "Greek/character16", "Greek/character24"];
    private readonly ImageDataSet _photographs;
    private readonly ImageDataSet _drawings;

    /// <param name="folder">Where the zips of Caltech-101 and of Omniglot's background set are.</param>
    internal DetailPictures(string folder)
    {
        (_photographs, _) = ZipImages.Read(Path.Combine(folder, "caltech101_84px.zip"), Side, Path.GetFileName);
        (_drawings, _) = ZipImages.Read(Path.Combine(folder, "omniglot_images_background.zip"), Mark, name => Array.Find(Names, end => name.EndsWith(end, StringComparison.Ordinal)));
    }

    /// <summary>Draws pictures; a random generator fixes them.</summary>
    internal ImageBatch Draw(int count, bool isHeldOut, Random random)
    {
        var pixels = new byte[count * 3 * Side * Side];
        var labels = new long[count];
        for (var picture = 0; picture < count; picture++)
        {
            labels[picture] = DrawOne(pixels.AsSpan(picture * 3 * Side * Side, 3 * Side * Side), isHeldOut, random);
        }

        return ImageBatch.Create(pixels, labels, Side, torch.CPU);
    }

    /// <summary>Whether a class is one of two marks.</summary>
    internal static bool IsOfPairs(long label) => label >= Characters;

    public void Dispose()
    {
        _photographs.Dispose();
        _drawings.Dispose();
    }

    private long DrawOne(Span<byte> picture, bool isHeldOut, Random random)
    {
        var photograph = Pick(_photographs, null, isHeldOut, random);
        for (var at = 0; at < picture.Length; at++)
        {
            picture[at] = (byte)(Darkest + (photograph[at] >> 1));
        }

        var (one, other) = (Place(), Place());
        while (Math.Max(Math.Abs(one.X - other.X), Math.Abs(one.Y - other.Y)) < Side / 2)
        {
            (one, other) = (Place(), Place());
        }

        var first = random.Next(Characters);
        DrawMark(picture, first, one, isHeldOut, random);
        if (random.Next(2) == 0)
        {
            return first;
        }

        var isSame = random.Next(2) == 0;
        DrawMark(picture, isSame ? first : (first + 1 + random.Next(Characters - 1)) % Characters, other, isHeldOut, random);
        return isSame ? Characters : Characters + 1;

        (int X, int Y) Place() => (random.Next(Side - Mark + 1), random.Next(Side - Mark + 1));
    }

    private void DrawMark(Span<byte> picture, int character, (int X, int Y) corner, bool isHeldOut, Random random)
    {
        var drawing = Pick(_drawings, character, isHeldOut, random);
        for (var at = 0; at < Mark * Mark; at++)
        {
            var left = Math.Max(0, 1 - (2 * (255 - drawing[at]) / 255.0));
            for (var channel = 0; channel < 3; channel++)
            {
                ref var pixel = ref picture[(channel * Side * Side) + ((corner.Y + (at / Mark)) * Side) + corner.X + (at % Mark)];
                pixel = (byte)(left * pixel);
            }
        }
    }

    // One of each few is held out.
    private static ReadOnlySpan<byte> Pick(ImageDataSet images, int? label, bool isHeldOut, Random random)
    {
        int row;
        do
        {
            row = random.Next(images.Count);
        }
        while ((row % HeldOutEvery == 0) != isHeldOut || (label is { } wanted && images.Store.Label(row) != wanted));
        return images.Store.Cache[row];
    }
}
