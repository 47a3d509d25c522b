using Microsoft.ML.VisionCore.Images;

namespace Microsoft.ML.VisionCore.Tests.Images;

[TestClass]
public sealed class EncodedImageHeaderTests
{
    [TestMethod]
    [DataRow("GIF", "474946383961 1401 2C01", 276, 300)]
    [DataRow("BMP", "424D 00000000 00000000 36000000 28000000 14010000 D4FEFFFF", 276, 300)]
    [DataRow("BMP of the oldest kind", "424D 00000000 00000000 1A000000 0C000000 1401 2C01 0100 0100", 276, 300)]
    [DataRow("lossy WebP", "52494646 00000000 57454250 56503820 00000000 000000 9D012A 1401 2C01", 276, 300)]
    [DataRow("lossless WebP", "52494646 00000000 57454250 5650384C 00000000 2F 13C14A00 0000000000", 276, 300)]
    [DataRow("extended WebP", "52494646 00000000 57454250 56503858 0A000000 00000000 130100 2B0100", 276, 300)]
    [DataRow("a size no decoder should try", "424D 00000000 00000000 36000000 28000000 00000080 FFFFFF7F", int.MaxValue, int.MaxValue)]
    public void TheSizeIsReadFromTheFirstBytes(string kind, string file, int width, int height)
    {
        var header = EncodedImageHeader.Read(Bytes(file));
        Assert.AreEqual((width, height), (header.Width, header.Height), kind);
    }

    [TestMethod]
    [DataRow("474946383961 14")]
    [DataRow("424D 00000000 00000000 36000000")]
    [DataRow("52494646 00000000 57454250 56503820 00000000")]
    [DataRow("52494646 00000000 57454250 41424344 00000000 00000000 00000000 00000000")]
    [DataRow("")]
    public void AHeaderThatIsCutOffGivesNoSize(string file) =>
        Assert.AreEqual(new EncodedImageHeader(0, 0, ExifOrientation.Upright), EncodedImageHeader.Read(Bytes(file)));

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", ""));
}
