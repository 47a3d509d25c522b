using Microsoft.ML.VisionCore.Torch;
using MLExtensions.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Tests.Torch;

[TestClass]
public sealed class DirectConvolutionTests
{
    private const int Images = 3;

    [TestMethod]
    [DataRow(1, 8, 3, 1, 28)]
    [DataRow(3, 64, 7, 2, 21)]
    [DataRow(5, 1, 1, 1, 3)]
    [DataRow(8, 8, 3, 1, 7)]
    [DataRow(12, 17, 3, 2, 6)]
    [DataRow(16, 24, 1, 2, 5)]
    [DataRow(17, 40, 5, 1, 1)]
    public void ItIsTheConvolutionOfFloat64(int inputs, int outputs, int side, int stride, int imageSide)
    {
        using var scope = NewDisposeScope();
        using var detached = no_grad();
        var (images, kernels, bias) = (Numbers(1, Images, inputs, imageSide, imageSide), Numbers(2, outputs, inputs, side, side), Numbers(3, outputs));
        var convolution = new DirectConvolution(kernels, bias, stride, inputs);
        var found = convolution.Apply(images, side / 2);
        long padding = side / 2;
        var expected = nn.functional.conv2d(images.to(float64), kernels.to(float64), bias.to(float64), [stride, stride], [padding, padding]);
        Assert.AreEqual((outputs + 7) / 8 * 8, convolution.Outputs);
        Assert.IsLessThan(1e-5, found.narrow(1, 0, outputs).to(float64).sub(expected).abs().max().item<double>());
        Assert.AreEqual(0, found.narrow(1, outputs, convolution.Outputs - outputs).count_nonzero().item<long>(), "What fills the last vector must be 0.");
    }

    [TestMethod]
    public void WhatDoesNotFitIsRefused()
    {
        using var scope = NewDisposeScope();
        using var detached = no_grad();
        var kernels = Numbers(1, 8, 3, 5, 5);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new DirectConvolution(kernels, null, stride: 1, inputs: 2));
        var convolution = new DirectConvolution(kernels, null, stride: 1, inputs: 3);
        Assert.Contains("Images must have 3 channels; these have 4.", Assert.ThrowsExactly<ArgumentException>(() => convolution.Apply(Numbers(2, 1, 4, 9, 9), 2)).Message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => convolution.Apply(Numbers(2, 1, 3, 4, 9), 0));
        Assert.IsTrue(DirectConvolution.Suits(kernels));
        using var gradients = enable_grad();
        Assert.IsFalse(DirectConvolution.Suits(kernels));
    }

    [TestMethod]
    public void TheBitsOfAnImageDoNotDependOnTheOthersNorOnTheThreads()
    {
        using var scope = NewDisposeScope();
        using var detached = no_grad();
        var images = Numbers(1, Images, 16, 13, 13);
        var convolution = new DirectConvolution(Numbers(2, 32, 16, 3, 3), null, stride: 1, 16);
        var together = convolution.Apply(images, 1);
        var threads = get_num_threads();
        try
        {
            set_num_threads(threads == 1 ? 3 : 1);
            AreSame(together, convolution.Apply(images, 1));
        }
        finally
        {
            set_num_threads(threads);
        }

        AreSame(together[1], convolution.Apply(images.narrow(0, 1, 1), 1)[0]);
    }

    [TestMethod]
    [DataRow(1, 6, 9)]
    [DataRow(3, 16, 8)]
    public void BlocksAreConvolutionPoolingRectifierAndNormalisation(int inputs, int channels, int side)
    {
        using var scope = NewDisposeScope();
        using var detached = no_grad();
        var images = Numbers(1, Images, inputs, side, side);
        DirectBlock[] blocks =
        [
            new(Numbers(2, channels, inputs, 3, 3), Numbers(3, channels), Numbers(4, channels), Pools: true, Rectifies: true),
            new(Numbers(5, channels, channels, 3, 3), Numbers(6, channels), Numbers(7, channels), Pools: false, Rectifies: false),
        ];
        var expected = images.to(float64);
        foreach (var block in blocks)
        {
            expected = nn.functional.conv2d(expected, block.Kernels.to(float64), null, [1, 1], [1, 1]);
            expected = block.Pools ? nn.functional.max_pool2d(expected, 2) : expected;
            expected = (block.Rectifies ? expected.relu() : expected).mul(block.Scale.to(float64).view(1, -1, 1, 1)).Add(block.Shift.to(float64).view(1, -1, 1, 1));
        }

        var found = DirectBlocks.Run(images, blocks);
        CollectionAssert.AreEqual(expected.shape, found.shape);
        Assert.IsLessThan(1e-5, found.to(float64).sub(expected).abs().max().item<double>());
        AreSame(found[2], DirectBlocks.Run(images.narrow(0, 2, 1), blocks)[0]);
    }

    [TestMethod]
    public void ItLeavesNoTensors()
    {
        using var kernels = Numbers(1, 8, 3, 3, 3);
        using var images = Numbers(2, 2, 3, 6, 6);
        using var ones = TorchSharp.torch.ones(8);
        using var detached = no_grad();
        TensorLedger.LeavesNothing(() =>
        {
            new DirectConvolution(kernels, null, stride: 1, 3).Apply(images, 1).Dispose();
            DirectBlocks.Run(images, [new(kernels, ones, ones, Pools: true, Rectifies: true)]).Dispose();
        }, times: 3);
    }

    private static void AreSame(Tensor expected, Tensor found) =>
        CollectionAssert.AreEqual(expected.contiguous().data<float>().ToArray(), found.contiguous().data<float>().ToArray());

    private static Tensor Numbers(int seed, params long[] shape)
    {
        var random = new Random(seed);
        return tensor(Enumerable.Range(0, (int)shape.Aggregate((product, size) => product * size)).Select(_ => (float)((2 * random.NextDouble()) - 1)).ToArray(), shape);
    }
}
