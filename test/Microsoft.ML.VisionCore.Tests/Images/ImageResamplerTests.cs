using Microsoft.ML.VisionCore.Images;

namespace Microsoft.ML.VisionCore.Tests.Images;

[TestClass]
public class ImageResamplerTests
{
    [TestMethod]
    public void AnImageOfTheRightSizeIsOnlySplitIntoPlanes()
    {
        var image = Noise(3, 3, 1);
        var planes = Resample(image, 3);
        for (var i = 0; i < 9; i++)
        {
            CollectionAssert.AreEqual(image.Pixels.Slice(3 * i, 3).ToArray(), new[] { planes[i], planes[9 + i], planes[18 + i] });
        }
    }

    [TestMethod]
    [DataRow(50, 20, 8)]
    [DataRow(7, 9, 16)]
    [DataRow(1, 1, 4)]
    [DataRow(5, 200, 6)]
    public void EveryPixelIsTheWeightedMeanThatATriangleGives(int width, int height, int side)
    {
        var image = Noise(width, height, 2);
        var planes = Resample(image, side);
        for (var i = 0; i < planes.Length; i++)
        {
            var expected = Reference(image, i / (side * side), i % side, i / side % side, side);
            Assert.AreEqual(expected, planes[i], 0.51, $"value {i}"); // half a grey level of rounding
        }
    }

    [TestMethod]
    public void OneColourStaysThatColour()
    {
        var image = Noise(33, 21, 3);
        image.Pixels.Fill(201);
        Assert.IsTrue(Resample(image, 8).All(value => value == 201));
    }

    [TestMethod]
    public void AResamplerCanBeUsedForImagesOfManySizes()
    {
        var resampler = new ImageResampler(8);
        var (first, second) = (Noise(20, 10, 4), Noise(11, 31, 5));
        var planes = new byte[192];
        resampler.Resample(first, planes);
        resampler.Resample(second, planes);
        CollectionAssert.AreEqual(Resample(second, 8), planes);
        resampler.Resample(first, planes);
        CollectionAssert.AreEqual(Resample(first, 8), planes);
    }

    // Straight from the definition: one sum over the whole image for every value.
    private static double Reference(RgbImage image, int channel, int x, int y, int side)
    {
        double sum = 0, weights = 0;
        for (var row = 0; row < image.Height; row++)
        {
            for (var column = 0; column < image.Width; column++)
            {
                var weight = Triangle(column, x, image.Width, side) * Triangle(row, y, image.Height, side);
                weights += weight;
                sum += weight * image.Pixels[(((row * image.Width) + column) * 3) + channel];
            }
        }

        return sum / weights;
    }

    private static double Triangle(int from, int to, int size, int side)
    {
        var scale = (double)size / side;
        return Math.Max(0, 1 - (Math.Abs(from + 0.5 - ((to + 0.5) * scale)) / Math.Max(1, scale)));
    }

    private static byte[] Resample(RgbImage image, int side)
    {
        var planes = new byte[3 * side * side];
        new ImageResampler(side).Resample(image, planes);
        return planes;
    }

    private static RgbImage Noise(int width, int height, int seed)
    {
        var image = new RgbImage();
        image.Resize(width, height);
        new Random(seed).NextBytes(image.Pixels);
        return image;
    }
}
