using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Tests.Torch;

[TestClass]
public class ShapesTests
{
    [TestMethod]
    public void WrongNumberOfDimensionsIsToldWithTheTensorsNameAndShape()
    {
        using var flat = zeros(2, 3);
        var exception = Assert.ThrowsExactly<ArgumentException>(() => flat.Dims3("tokens"));
        StringAssert.StartsWith(exception.Message, "The tensor 'tokens' needs 3 dimensions; it has shape [2, 3].");
    }

    [TestMethod]
    public void OnlySquareNumbersOfTokensMakeAGrid()
    {
        Assert.AreEqual(224, Shapes.GridSide(50_176));
        var exception = Assert.ThrowsExactly<ArgumentException>(() => Shapes.GridSide(12));
        Assert.AreEqual("A token grid is square; 12 tokens are not a square number.", exception.Message);
    }
}
