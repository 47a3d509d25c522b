using System.Runtime.Intrinsics;
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
    [DataRow(9, 80, 3, 2, 9)]
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
    [DataRow(1, 8, 3, 1, 28, 1)]
    [DataRow(3, 24, 7, 2, 21, 3)]
    [DataRow(5, 1, 1, 1, 3, 0)]
    [DataRow(8, 8, 1, 2, 9, 0)]
    [DataRow(12, 17, 3, 2, 6, 1)]
    [DataRow(12, 16, 3, 2, 7, 1)]
    [DataRow(3, 10, 4, 4, 19, 0)]
    [DataRow(2, 3, 5, 3, 8, 1)]
    public void ItsGradientsAreThoseOfFloat64(int inputs, int outputs, int side, int stride, int imageSide, int padding)
    {
        using var scope = NewDisposeScope();
        var (images, kernels, bias) = (Numbers(1, Images, inputs, imageSide, imageSide), Numbers(2, outputs, inputs, side, side), Numbers(3, outputs));
        AreAlike(images, kernels, bias, (x, w, b) => DirectConvolution.Convolve(x, w, b, stride, padding), (x, w, b) => nn.functional.conv2d(x, w, b, [stride, stride], [padding, padding]));
        AreAlike(images, kernels, bias, (x, w, b) => DirectConvolution.Convolve(x, w, null, stride, padding).Add(b.sum()),
            (x, w, b) => nn.functional.conv2d(x, w, null, [stride, stride], [padding, padding]).Add(b.sum()));
    }

    [TestMethod]
    [DataRow(20, 36)]
    [DataRow(64, 128)]
    public void OfTokensItAndItsGradientsAreThoseOfFloat64(int inputs, int outputs)
    {
        using var scope = NewDisposeScope();
        AreAlike(Numbers(1, Images, 11, inputs), Numbers(2, outputs, inputs), Numbers(3, outputs), DirectConvolution.Linear, (x, w, b) => nn.functional.linear(x, w, b));
        Assert.IsFalse(DirectConvolution.LinearIsFaster(zeros([2, 511, inputs], float32), outputs), "Few tokens.");
        Assert.IsFalse(DirectConvolution.LinearIsFaster(zeros([2, 512, inputs], float64), outputs), "No floats.");
        Assert.AreEqual(!TorchBackends.HasOneDnn && Vector256.IsHardwareAccelerated, DirectConvolution.LinearIsFaster(zeros([2, 512, inputs], float32), outputs));
    }

    [TestMethod]
    [DataRow(5, 3, 7)]
    [DataRow(16, 5, 4)]
    [DataRow(1, 1, 3)]
    public void OfEveryChannelByItselfItAndItsGradientsAreThoseOfFloat64(int channels, int side, int imageSide)
    {
        using var scope = NewDisposeScope();
        var padding = side / 2;
        var (images, kernels, bias) = (Numbers(1, Images, channels, imageSide, imageSide + 1), Numbers(2, channels, 1, side, side), Numbers(3, channels));
        AreAlike(images, kernels, bias, DepthWiseConvolution.Call, (x, w, b) => nn.functional.conv2d(x, w, b, [1, 1], [padding, padding], null, channels));
        using var detached = no_grad();
        Assert.IsLessThan(1e-5, DepthWiseConvolution.Call(images, kernels, bias).sub(nn.functional.conv2d(images, kernels, bias, [1, 1], [padding, padding], null, channels)).abs().max().item<float>());
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2 * 5 * 8 * 8)]
    public void ImagesThatAreTooManyAreLookedAtInParts(int most)
    {
        using var scope = NewDisposeScope();
        using var detached = no_grad();
        var (images, gradient, kernels, places) = (Numbers(1, Images, 5, 6, 6), Numbers(2, Images, 5, 6, 6), Numbers(3, 5, 5, 3, 3), Numbers(4, 9, 5));
        AreAlike(TrainedConvolution.WeightGradient(images, kernels, gradient, 1, 1), TrainedConvolution.WeightGradient(images, kernels, gradient, 1, 1, most));
        AreAlike(DepthWiseConvolution.WeightGradient(images, gradient, 3), DepthWiseConvolution.WeightGradient(images, gradient, 3, most));
        AreSame(DepthWiseConvolution.Convolve(images, places, null), DepthWiseConvolution.Convolve(images, places, null, most));

        static void AreAlike(Tensor expected, Tensor found)
        {
            CollectionAssert.AreEqual(expected.shape, found.shape);
            Assert.IsLessThan(1e-5f, found.sub(expected).abs().max().item<float>());
        }
    }

    [TestMethod]
    public void NoImagesBecomeNone()
    {
        using var scope = NewDisposeScope();
        var kernels = Numbers(1, 5, 3, 3, 3).requires_grad_();
        var none = DirectConvolution.Convolve(zeros([0, 3, 8, 8], float32), kernels, null, 1, 1);
        CollectionAssert.AreEqual((long[])[0, 5, 8, 8], none.shape);
        none.sum().backward();
        Assert.AreEqual(0, kernels.grad!.count_nonzero().item<long>());
    }

    [TestMethod]
    public void WhatFailsOnTheWayBackCanBeCaught()
    {
        using var scope = NewDisposeScope();
        var (images, kernels, places) = (Numbers(1, 2, 3, 6, 6), Numbers(2, 3, 3, 3, 3).requires_grad_(), Numbers(3, 3, 1, 3, 3).requires_grad_());
        var before = Numbers(4, 3, 3, 3, 3).requires_grad_();
        Fails(DirectConvolution.Convolve(DirectConvolution.Convolve(images, before, null, 1, 1), kernels, null, 1, 1), kernels);
        Assert.AreEqual(0, before.grad!.count_nonzero().item<long>());
        Fails(DepthWiseConvolution.Call(images, places, places.sum([1, 2, 3])), places);
        BackwardFaults.ThrowAfter(() => DirectConvolution.Convolve(images, kernels, null, 1, 1).sum().backward());
        Assert.IsGreaterThan(0, kernels.grad!.count_nonzero().item<long>(), "A fault of before says nothing of what follows.");

        // What a function has kept may not be changed before it is read again.
        static void Fails(Tensor result, Tensor changed)
        {
            using (no_grad())
            {
                changed.mul_(changed);
            }

            var fault = Assert.Throws<Exception>(() => BackwardFaults.ThrowAfter(() => result.sum().backward()));
            Assert.Contains("modified by an inplace operation", fault.Message);
        }
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

        var direct = new DirectBlocks(blocks, inputs, side);
        var found = direct.Run(images);
        CollectionAssert.AreEqual(expected.shape, found.shape);
        Assert.IsLessThan(1e-5, found.to(float64).sub(expected).abs().max().item<double>());
        AreSame(found[2], direct.Run(images.narrow(0, 2, 1))[0]);
        Assert.Contains($"Images must have {inputs} channels and {side} x {side} places; these have {inputs} and {side - 1} x {side}.", Assert.ThrowsExactly<ArgumentException>(() => direct.Run(images.narrow(3, 0, side - 1))).Message);
    }

    [TestMethod]
    public void ItLeavesNoTensors()
    {
        using var kernels = Numbers(1, 8, 3, 3, 3);
        using var images = Numbers(2, 2, 3, 6, 6);
        using var ones = TorchSharp.torch.ones(8);
        using var ofChannels = Numbers(4, 3, 1, 3, 3).requires_grad_();
        using var trained = Numbers(3, 8, 3, 3, 3).requires_grad_();
        TensorLedger.LeavesNothing(() =>
        {
            using (var scope = NewDisposeScope())
            {
                DirectConvolution.Convolve(DirectConvolution.Convolve(images, trained, null, 1, 1).narrow(1, 0, 3), trained, ones, 1, 1).sum().backward();
                DepthWiseConvolution.Call(images, ofChannels, ofChannels.sum([1, 2, 3])).sum().backward();
                ofChannels.grad!.Dispose();
                ofChannels.grad = null;
                trained.grad!.Dispose();
                trained.grad = null;
            }

            using var detached = no_grad();
            new DirectConvolution(kernels, null, stride: 1, 3).Apply(images, 1).Dispose();
            new DirectBlocks([new(kernels, ones, ones, Pools: true, Rectifies: true)], 3, 6).Run(images).Dispose();
        }, times: 3);
    }

    // The result and the gradients by all three, in float64 the other's.
    private static void AreAlike(Tensor x, Tensor w, Tensor b, Func<Tensor, Tensor, Tensor, Tensor> convolve, Func<Tensor, Tensor, Tensor, Tensor> expected)
    {
        foreach (var (one, other) in Gradients(convolve, float32).Zip(Gradients(expected, float64)))
        {
            CollectionAssert.AreEqual(other.shape, one.shape);
            Assert.IsLessThan(1e-4, one.to(float64).sub(other).abs().max().item<double>());
        }

        Tensor[] Gradients(Func<Tensor, Tensor, Tensor, Tensor> convolve, ScalarType type)
        {
            Tensor[] leaves = [.. new[] { x, w, b }.Select(tensor => tensor.to(type).detach().requires_grad_())];
            var result = convolve(leaves[0], leaves[1], leaves[2]);
            result.mul(Numbers(4, result.shape).to(type)).sum().backward();
            return [result.detach(), .. leaves.Select(leaf => leaf.grad!)];
        }
    }

    private static void AreSame(Tensor expected, Tensor found) =>
        CollectionAssert.AreEqual(expected.contiguous().data<float>().ToArray(), found.contiguous().data<float>().ToArray());

    private static Tensor Numbers(int seed, params long[] shape)
    {
        var random = new Random(seed);
        return tensor(Enumerable.Range(0, (int)shape.Aggregate((product, size) => product * size)).Select(_ => (float)((2 * random.NextDouble()) - 1)).ToArray(), shape);
    }
}
