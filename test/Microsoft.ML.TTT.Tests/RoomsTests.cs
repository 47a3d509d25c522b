using MLExtensions.Testing;

namespace Microsoft.ML.TTT.Tests;

[TestClass]
public class RoomsTests
{
    [TestMethod]
    public void NoRoomKnowsOneThatKnowsIt() => Assert.AreEqual("", string.Join(Environment.NewLine, SourceRooms.Circles("Microsoft.ML.TTT")));
}
