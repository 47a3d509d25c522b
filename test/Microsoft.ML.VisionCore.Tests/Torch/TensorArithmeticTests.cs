using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Tests.Torch;

[TestClass]
public sealed class TensorArithmeticTests
{
    /// <summary>With scalars that nothing holds, one chain in ten thousand throws here.</summary>
    [TestMethod]
    public void NumbersOutliveTheCallWhileAnotherThreadCollects()
    {
        using var detached = no_grad();
        using Tensor x = ones(16, 16), y = ones(16, 16);
        using var done = new CancellationTokenSource();
        var collecting = Task.Factory.StartNew(() =>
        {
            while (!done.IsCancellationRequested)
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        }, TaskCreationOptions.LongRunning);
        try
        {
            for (var i = 0; i < 100_000; i++)
            {
                using var scope = NewDisposeScope();
                Assert.AreEqual(1.75f, x.Add(y).Mul(0.75).Sub(1.5).Add(1.75).data<float>()[3]);
            }
        }
        finally
        {
            done.Cancel();
            collecting.Wait();
        }
    }

    [TestMethod]
    public void EveryMethodIsTorchsOwn()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { -1.5, 0.25, 2 });
        var mask = tensor(new[] { true, false, true });
        Equal([-1, 0.75, 2.5], x.Add(0.5));
        Equal([-3, 0.5, 4], x.Add(x));
        Equal([-2.25, -0.5, 1.25], x.Sub(0.75));
        Equal([-3, 0.5, 4], x.Mul(2));
        Equal([-0.75, 0.125, 1], x.Div(2));
        Equal([2.25, 0.0625, 4], x.Square());
        Equal([0, 0.25, 2], x.ClampMin(0));
        Equal([0, 0, 1], x.Gt(0.25).to(float64));
        Equal([1, 0, 0], x.Lt(0.25).to(float64));
        Equal([7, 0.25, 7], x.MaskedFill(mask, 7));
        Equal([-2.25, 0.375, 3], x.clone().Add_(x, 0.5));
        Equal([-3, 0.5, 4], x.clone().Add_(x));
        Equal([-0.5, 1.25, 3], x.clone().Add_(1));
        Equal([-3, 0.5, 4], x.clone().Mul_(2));
        Equal([4, 4, 4], x.clone().Fill_(4));
        Equal([0.1, 0.1], TensorArithmetic.Full([2], 0.1, ScalarType.Float64));
        CollectionAssert.AreEqual(new long[] { 0, 1, 2, 3 }, TensorArithmetic.Arange(4).data<long>().ToArray());
    }

    private static void Equal(double[] expected, Tensor actual) => CollectionAssert.AreEqual(expected, actual.data<double>().ToArray());
}
