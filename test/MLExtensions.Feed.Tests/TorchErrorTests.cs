using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MLExtensions.Feed.Tests;

/// <summary>Errors are exceptions, and those of libtorch carry its message.</summary>
[TestClass]
public sealed class TorchErrorTests
{
    [TestMethod]
    public void AddingTensorsOfOtherShapesSaysWhichSizesDiffer()
    {
        using var scope = NewDisposeScope();
        var (two, three) = (ones(2), ones(3));
        var error = Assert.ThrowsExactly<ExternalException>(() => two.add(three));
        StringAssert.Contains(error.Message, "The size of tensor a (2) must match the size of tensor b (3)");
    }

    [TestMethod]
    public void AnImpossibleViewSaysSo()
    {
        using var scope = NewDisposeScope();
        var error = Assert.ThrowsExactly<ExternalException>(() => ones(6).view(4, 2));
        StringAssert.Contains(error.Message, "shape '[4, 2]' is invalid for input of size 6");
    }

    [TestMethod]
    public void AnErrorLeavesNothingBehindForTheNextCall()
    {
        using var scope = NewDisposeScope();
        Assert.ThrowsExactly<ExternalException>(() => ones(6).reshape(4));
        Assert.AreEqual(6f, ones(6).sum().item<float>());
    }

    [TestMethod]
    public void AReleasedTensorCannotBeUsed()
    {
        var tensor = ones(2);
        tensor.Dispose();
        Assert.ThrowsExactly<InvalidOperationException>(() => tensor.add(1));
    }

    [TestMethod]
    public void OneValueIsReadFromOneElementOnly() => Assert.ThrowsExactly<ArgumentException>(() => ones(2).item<float>());

    [TestMethod]
    public void ElementsAreReadAsTheirOwnTypeOnly()
    {
        Assert.ThrowsExactly<ArgumentException>(() => ones(2).data<double>());
        Assert.ThrowsExactly<ArgumentException>(() => ones(1).item<long>());
    }

    [TestMethod]
    public void AnArrayTooShortForItsShapeIsRefused() =>
        Assert.ThrowsExactly<ArgumentException>(() => tensor(new float[3], new long[] { 2, 2 }));

}
