using MLExtensions.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace MLExtensions.Feed.Tests;

/// <summary>Making, reading, indexing and combining tensors.</summary>
[TestClass]
public sealed class TorchTensorTests
{
    private static Tensor Counted => arange(12, ScalarType.Float64).view(3, 4);

    [TestMethod]
    public void ATensorKnowsItsShapeTypeAndPlace()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new byte[] { 1, 2, 3, 4, 5, 6 }, new long[] { 2, 3 });
        CollectionAssert.AreEqual(new long[] { 2, 3 }, x.shape);
        Assert.AreEqual(2, x.ndim);
        Assert.AreEqual(6, x.NumberOfElements);
        Assert.AreEqual(1, x.ElementSize);
        Assert.AreEqual(ScalarType.Byte, x.dtype);
        Assert.AreEqual(DeviceType.CPU, x.device.type);
        Assert.AreEqual("cpu", x.device.ToString());
    }

    [TestMethod]
    public void NumbersTakeTheTypeOfTheirTensor()
    {
        using var scope = NewDisposeScope();
        Assert.AreEqual(ScalarType.Float32, (ones(2) * 2.5).dtype);
        Assert.AreEqual(ScalarType.Int64, (arange(3) * 2).dtype);
        Assert.AreEqual(ScalarType.Float64, tensor(1.5).dtype);
        CollectionAssert.AreEqual(new double[] { 1, 0.5 }, TensorAssert.ToArray(1 / tensor(new double[] { 1, 2 })));
        CollectionAssert.AreEqual(new double[] { 9, 8 }, TensorAssert.ToArray(10 - tensor(new double[] { 1, 2 })));
    }

    [TestMethod]
    public void AnArrayIsCopied()
    {
        using var scope = NewDisposeScope();
        var values = new float[] { 1, 2 };
        var x = tensor(values);
        values[0] = 7;
        CollectionAssert.AreEqual(new float[] { 1, 2 }, x.data<float>().ToArray());
    }

    [TestMethod]
    public void ElementsOfAViewAreReadInItsOwnOrder()
    {
        using var scope = NewDisposeScope();
        var turned = Counted.transpose(0, 1);
        Assert.IsFalse(turned.is_contiguous());
        CollectionAssert.AreEqual(new double[] { 0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11 }, turned.data<double>().ToArray());
        Assert.AreEqual(9.0, turned.data<double>()[1, 2]);
        Assert.ThrowsExactly<InvalidOperationException>(() => turned.bytes.Length);
    }

    [TestMethod]
    public void BytesAreReadAndWrittenInPlace()
    {
        using var scope = NewDisposeScope();
        var x = zeros(2, ScalarType.Int32);
        x.bytes = new byte[] { 1, 0, 0, 0, 0, 1, 0, 0 };
        CollectionAssert.AreEqual(new int[] { 1, 256 }, x.data<int>().ToArray());
        Assert.AreEqual(8, x.bytes.Length);
    }

    [TestMethod]
    public void AnIndexIsANumberARangeOrDots()
    {
        using var scope = NewDisposeScope();
        CollectionAssert.AreEqual(new double[] { 4, 5, 6, 7 }, TensorAssert.ToArray(Counted[1]));
        Assert.AreEqual(6.0, Counted[1, 2].item<double>());
        CollectionAssert.AreEqual(new double[] { 1, 2, 5, 6, 9, 10 }, TensorAssert.ToArray(Counted[.., 1..3]));
        CollectionAssert.AreEqual(new double[] { 3, 7, 11 }, TensorAssert.ToArray(Counted[TensorIndex.Ellipsis, -1]));
        CollectionAssert.AreEqual(new double[] { 8, 10 }, TensorAssert.ToArray(Counted[^1, TensorIndex.Slice(step: 2)]));
        CollectionAssert.AreEqual(new long[] { 3, 1, 4 }, Counted[TensorIndex.Colon, TensorIndex.None].shape);
    }

    [TestMethod]
    public void AnIndexedPartCanBeWritten()
    {
        using var scope = NewDisposeScope();
        var x = zeros(2, 3);
        x[1] = ones(3);
        x[.., 0..1] = ones(1) * 5;
        CollectionAssert.AreEqual(new double[] { 5, 0, 0, 5, 1, 1 }, TensorAssert.ToArray(x));
    }

    [TestMethod]
    public void PartsPutTogetherAreTheWhole()
    {
        using var scope = NewDisposeScope();
        Assert.IsTrue(cat(Counted.split([1, 3], dim: 1), dim: 1).Equals(Counted));
        Assert.IsTrue(stack(Counted.unbind()).Equals(Counted));
        Assert.IsTrue(cat(Counted.chunk(2)).Equals(Counted));
        Assert.IsTrue(Counted.flip(0).index_select(0, tensor(new long[] { 2, 1, 0 })).Equals(Counted));
    }

    [TestMethod]
    public void ProductsOfMatricesAgreeWithEinsum()
    {
        using var scope = NewDisposeScope();
        var square = Counted.matmul(Counted.t());
        Assert.IsTrue(square.allclose(einsum("ik,jk->ij", Counted, Counted)));
        Assert.IsTrue(square.unsqueeze(0).allclose(Counted.unsqueeze(0).bmm(Counted.unsqueeze(0).transpose(1, 2))));
    }

    [TestMethod]
    public void TheIntraOpThreadsAreTheProcessors() => Assert.IsTrue(get_num_threads() is >= 1 && get_num_threads() <= Environment.ProcessorCount);

    [TestMethod]
    public void AGeneratorRepeatsItsNumbersAndLeavesTheCommonOneAlone()
    {
        using var scope = NewDisposeScope();
        using var first = new Generator(5);
        using var second = new Generator(5);
        manual_seed(1);
        var expected = rand(4);
        manual_seed(1);
        Assert.IsTrue(randn([4], generator: first).Equals(randn([4], generator: second)));
        Assert.IsTrue(expected.Equals(rand(4)));
        Assert.IsTrue(randperm(8, generator: first).Equals(randperm(8, generator: second)));
    }
}
