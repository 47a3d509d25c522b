using Microsoft.ML.TTT.Models;
using MLExtensions.Testing;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.TTT.Tests.Models;

[TestClass]
public class ConvolutionalEmbeddingTests
{
    private const int Width = 32, Side = 32;

    [TestMethod]
    [DataRow(1, 1024)]
    [DataRow(2, 256)]
    [DataRow(4, 64)]
    [DataRow(8, 16)]
    [DataRow(16, 4)]
    public void ThereIsATokenForEveryPatch(int patch, int tokens)
    {
        using var stem = new ConvolutionalEmbedding(3, Width, patch, new Random(1));
        using var images = ones(2, 3, Side, Side);
        TensorLedger.Leaves(0, () =>
        {
            using var made = stem.call(images);
            CollectionAssert.AreEqual(new long[] { 2, tokens, Width }, made.shape);
        });
    }

    [TestMethod]
    [DataRow(32, 4, "8x3x3x3, 16x8x3x3, 32x16x3x3")]
    [DataRow(32, 8, "8x3x3x3, 16x8x3x3, 32x16x3x3")]
    [DataRow(32, 16, "8x3x3x3, 16x8x3x3, 32x16x3x3, 32x32x3x3")]
    [DataRow(128, 4, "32x3x3x3, 64x32x3x3, 128x64x3x3")]
    [DataRow(12, 1, "8x3x3x3, 8x8x3x3, 12x8x3x3")]
    public void ChannelsGrowFromAQuarterOfTheWidthInMultiplesOfEight(int width, int patch, string expected)
    {
        using var stem = new ConvolutionalEmbedding(3, width, patch, new Random(1));
        Assert.AreEqual(expected, string.Join(", ", Kernels(stem).Select(kernel => string.Join("x", kernel.shape))));
    }

    [TestMethod]
    [DataRow(1, "whole, whole, whole")]
    [DataRow(2, "whole, whole, whole + maximum")]
    [DataRow(4, "whole, whole + maximum, whole + maximum")]
    [DataRow(8, "strided, whole + maximum, whole + maximum")]
    [DataRow(16, "strided, whole + maximum, whole + maximum, whole + maximum")]
    public void TheSideIsHalvedByMaximaAndAtTheFirstConvolutionOnlyWhereThoseDoNotSuffice(int patch, string layers)
    {
        using var scope = NewDisposeScope();
        using var stem = new ConvolutionalEmbedding(3, Width, patch, new Random(2));
        stem.eval();
        var random = new Random(3);
        var images = tensor(Enumerable.Range(0, 2 * 3 * Side * Side).Select(_ => (float)random.NextDouble()).ToArray(), [2, 3, Side, Side]);
        var grid = Slow(images, Kernels(stem), layers.Split(", "));
        var expected = grid.permute(0, 2, 3, 1).reshape(2, -1, Width);
        TensorAssert.AreClose(expected, stem.call(images), 1e-5, $"P = {patch}");
    }

    private static Tensor[] Kernels(ConvolutionalEmbedding stem) =>
        [.. stem.named_parameters().Where(entry => entry.name.StartsWith("convolutions.", StringComparison.Ordinal)).Select(entry => entry.parameter)];

    /// <summary>A new stem, written out: its normalisations divide by sqrt(1 + 1e-5) in evaluation mode.</summary>
    private static Tensor Slow(Tensor x, Tensor[] kernels, string[] layers)
    {
        Assert.HasCount(layers.Length, kernels);
        for (int i = 0; i < layers.Length; i++)
        {
            long stride = layers[i].StartsWith("strided", StringComparison.Ordinal) ? 2 : 1;
            x = functional.conv2d(x, kernels[i], strides: [stride, stride], padding: [1, 1]);
            x = layers[i].EndsWith("maximum", StringComparison.Ordinal) ? functional.max_pool2d(x, 2) : x;
            x = x.Mul(1 / Math.Sqrt(1 + 1e-5));
            x = i < layers.Length - 1 ? functional.gelu(x) : x;
        }

        return x;
    }
}
