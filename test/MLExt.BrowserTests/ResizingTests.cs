using Microsoft.ML.VisionCore.Images;
using MLExtensions.Testing;

namespace MLExt.BrowserTests;

[TestClass]
public sealed class ResizingTests
{
    [TestMethod]
    public async Task ThePageBringsPicturesToTheModelsSizeByteForByteAsTheLibraryDoes()
    {
        await using var app = await AppPage.Open("teach");
        foreach (var (width, height, side) in new[] { (280, 280, 28), (37, 64, 28), (9, 13, 32), (28, 28, 28), (500, 333, 48) })
        {
            var random = new Random(width);
            var file = PngFile.Encode(width, height, (_, _) => ((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)));
            var page = await app.Page.EvaluateAsync<int[]>(Resample, new { file = Convert.ToBase64String(file), side });
            CollectionAssert.AreEqual(Library(file, side), page, $"{width} x {height} to {side}");
        }

        app.AssertQuiet();
    }

    /// <summary>Red, green, blue and grey planes, one after the other.</summary>
    private static int[] Library(byte[] file, int side)
    {
        var planes = new byte[4 * side * side];
        Assert.IsNull(new ImageDecoder(side).Decode(file, planes.AsSpan(0, 3 * side * side)));
        GreyImage.Luma(planes.AsSpan(0, 3 * side * side), planes.AsSpan(3 * side * side));
        return Array.ConvertAll(planes, value => (int)value);
    }

    private const string Resample = """
        async ({ file, side }) => {
          const { canvasOf, contextOf } = await import('/js/images/picture.js');
          const { grey, resample } = await import('/js/images/resample.js');
          const canvas = await canvasOf(new Blob([Uint8Array.from(atob(file), c => c.charCodeAt(0))], { type: 'image/png' }));
          const pixels = resample(contextOf(canvas).getImageData(0, 0, canvas.width, canvas.height), side);
          const plane = channel => [...pixels].filter((_, i) => i % 3 === channel);
          return [...plane(0), ...plane(1), ...plane(2), ...grey(pixels)];
        }
        """;
}
