using MLExtensions.Testing;
using static TorchSharp.torch;

namespace MLExtensions.Feed.Tests;

/// <summary>Gradients, of gradients too.</summary>
[TestClass]
public sealed class TorchAutogradTests
{
    [TestMethod]
    public void TheSecondDerivativeOfACubeIsExact()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new double[] { 1, 2, -3 }, requires_grad: true);
        var cubes = (x * x * x).sum();
        var first = autograd.grad([cubes], [x], retain_graph: true, create_graph: true)[0];
        CollectionAssert.AreEqual(new double[] { 3, 12, 27 }, TensorAssert.ToArray(first));
        var second = autograd.grad([first.sum()], [x])[0];
        CollectionAssert.AreEqual(new double[] { 6, 12, -18 }, TensorAssert.ToArray(second));
    }

    [TestMethod]
    public void AGradientIsWeightedByTheGivenOne()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new double[] { 1, 2 }, requires_grad: true);
        var gradient = autograd.grad([x * x], [x], [tensor(new double[] { 10, 100 })])[0];
        CollectionAssert.AreEqual(new double[] { 20, 400 }, TensorAssert.ToArray(gradient));
    }

    [TestMethod]
    public void BackwardAddsToTheGradientOfALeaf()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new double[] { 1, 2 }, requires_grad: true);
        Assert.IsNull(x.grad);
        (x * 3).sum().backward();
        (x * x).sum().backward();
        CollectionAssert.AreEqual(new double[] { 5, 7 }, TensorAssert.ToArray(x.grad!));
        x.grad = null;
        Assert.IsNull(x.grad);
    }

    [TestMethod]
    public void NothingIsRecordedWhereGradientsAreOff()
    {
        using var scope = NewDisposeScope();
        var x = ones(2, requires_grad: true);
        Assert.IsTrue(is_grad_enabled());
        using (no_grad())
        {
            Assert.IsFalse(is_grad_enabled());
            Assert.IsFalse((x * 2).requires_grad);
            using (enable_grad()) Assert.IsTrue((x * 2).requires_grad);
        }

        Assert.IsTrue(is_grad_enabled());
        Assert.IsTrue((x * 2).requires_grad);
        Assert.IsFalse((x * 2).detach().requires_grad);
    }

    [TestMethod]
    public void GradientsAreReleasedWithTheirScope() => TensorLedger.Leaves(0, () =>
    {
        using var scope = NewDisposeScope();
        var x = ones(2, requires_grad: true);
        for (int i = 0; i < 3; i++)
        {
            using var step = NewDisposeScope();
            (x * x).sum().backward();
            Assert.IsNotNull(x.grad);
        }
    });
}
