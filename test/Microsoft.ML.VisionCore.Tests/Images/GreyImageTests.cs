using Microsoft.ML.VisionCore.Images;

namespace Microsoft.ML.VisionCore.Tests.Images;

[TestClass]
public class GreyImageTests
{
    [TestMethod]
    public void GreyIsTheLumaOfTheColours()
    {
        var grey = new byte[2];
        GreyImage.Luma([255, 10, 0, 20, 0, 30], grey);
        CollectionAssert.AreEqual(new byte[] { 76, 18 }, grey);
    }
}
