using MLExtensions.Testing;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Tests.Models;

[TestClass]
public class BackboneTests
{
    private static readonly FewShotShape Small = new() { Channels = 4, ImageSize = 16 };

    [TestMethod]
    public void EmbeddingsHaveThePublishedLengths()
    {
        using var scope = NewDisposeScope();
        foreach (var (shape, length) in new[]
        {
            (new FewShotShape { Channels = 8 }, 72), (new FewShotShape { Channels = 8, Poolings = 2 }, 392), (new FewShotShape { Channels = 64 }, 576), (new FewShotShape { Channels = 8, Poolings = 4 }, 8),
            (new FewShotShape { ImageSize = 84, Channels = 16, Poolings = 4, Colors = 3 }, 400)
        })
        {
            Assert.AreEqual(length, shape.EmbeddingLength);
            using var backbone = new Backbone(shape, new Random(1));
            using var images = Drawn.Normal(1, 2, shape.Colors, shape.ImageSize, shape.ImageSize);
            TensorLedger.Leaves(1, () => CollectionAssert.AreEqual(new long[] { 2, length }, backbone.call(images).shape));
        }
    }

    [TestMethod]
    public void EightChannelBackboneHasItsKernelsAndNormalisationsAndNoMore()
    {
        using var backbone = new Backbone(new FewShotShape { Channels = 8 }, new Random(1));
        Assert.AreEqual(8 * 9 + 3 * 8 * 72 + 4 * 8 + 3 * 8, backbone.parameters().Sum(parameter => parameter.numel()));
    }

    [TestMethod]
    public void WeightNamesAreTheFileFormat()
    {
        using var backbone = new Backbone(Small with { Convolutions = 2 }, new Random(1));
        string[] expected =
        [
            "blocks.0.norm.bias", "blocks.0.norm.running_mean", "blocks.0.norm.running_var", "blocks.0.norm.weight", "blocks.0.weight",
            "blocks.1.norm.running_mean", "blocks.1.norm.running_var", "blocks.1.norm.weight", "blocks.1.weight"
        ];
        CollectionAssert.AreEqual(expected, backbone.state_dict().Keys.Order(StringComparer.Ordinal).ToArray());
        Assert.AreEqual(5, FewShotParameters.Of(backbone).Count());
    }

    [TestMethod]
    public void EvaluatedImagesDoNotDependOnTheirBatch()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var backbone = new Backbone(Small, new Random(1));
        var images = Drawn.Normal(2, 6, 1, 16, 16);
        backbone.call(images);
        backbone.eval();
        TensorAssert.AreClose(backbone.call(images).narrow(0, 3, 1), backbone.call(images.narrow(0, 3, 1)), 1e-6, "one image");
    }

    [TestMethod]
    public void FeatureVectorsAreStandardised()
    {
        using var scope = NewDisposeScope();
        using var backbone = new Backbone(new FewShotShape { ImageSize = 0, FeatureLength = 3 }, new Random(1));
        backbone.SetStandardization([1, 2, 3], [2, 4, 0]);
        TensorAssert.AreClose(tensor(new float[] { 1, 0, 2 }, [1, 3]), backbone.call(tensor(new float[] { 3, 2, 5 }, [1, 3])), 1e-7, "standardised");
    }

    [TestMethod]
    [DataRow(28)]
    [DataRow(7)]
    public void PoolingIsTheSameWithAndWithoutGradients(int side)
    {
        using var scope = NewDisposeScope();
        var maps = Drawn.Normal(3, 2, 3, side, side);
        var expected = Convolutions.MaxPool(maps);
        using var mode = no_grad();
        TensorAssert.AreClose(expected, Convolutions.MaxPool(maps), 0, "maps");
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void ConvolutionOfPixelsIsTheOrdinaryOneWithItsGradient(int colors)
    {
        using var scope = NewDisposeScope();
        var images = Drawn.Normal(3, 2, colors, 7, 7).to(ScalarType.Float64);
        var kernels = Drawn.Normal(4, 5, colors, 3, 3).to(ScalarType.Float64);
        kernels.requires_grad = true;
        var expected = nn.functional.conv2d(images, kernels, null, [1, 1], [1, 1]);
        var actual = Convolutions.OfPixels(images, kernels);
        TensorAssert.AreClose(expected, actual, 1e-14, "maps");
        var weights = Drawn.Normal(5, 2, 5, 7, 7).to(ScalarType.Float64);
        var gradients = new[] { expected, actual }.Select(maps => autograd.grad([maps.mul(weights).sum()], [kernels])[0]).ToArray();
        TensorAssert.AreClose(gradients[0], gradients[1], 1e-13, "gradients");
    }

    /// <summary>Floats may go another way than float64, and gradients of gradients another than gradients.</summary>
    [TestMethod]
    [DataRow(ScalarType.Float64, false, 1e-14)]
    [DataRow(ScalarType.Float32, false, 1e-5)]
    [DataRow(ScalarType.Float32, true, 1e-5)]
    public void EachTaskIsConvolvedWithItsOwnKernels(ScalarType type, bool isTwice, double tolerance)
    {
        using var scope = NewDisposeScope();
        var (maps, kernels) = (Drawn.Normal(3, 5, 4, 6, 6).to(ScalarType.Float64).requires_grad_(), Drawn.Normal(4, 2, 3, 2, 3, 3).to(ScalarType.Float64).requires_grad_());
        var expected = cat(Enumerable.Range(0, 2).Select(task => nn.functional.conv2d(maps.narrow(1, 2 * task, 2), kernels[task], null, [1, 1], [1, 1])).ToArray(), 1);
        var actual = Convolutions.OfTasks(maps.to(type), kernels.to(type), isTwice);
        TensorAssert.AreClose(expected, actual.to(ScalarType.Float64), tolerance, "maps");

        var weights = Drawn.Normal(5, 5, 6, 6, 6).to(ScalarType.Float64);
        IList<Tensor> Slopes(Tensor of, bool isAgain) => autograd.grad([of.to(ScalarType.Float64).Square().mul(weights).sum()], [maps, kernels], retain_graph: true, create_graph: isAgain);
        var (first, own) = (Slopes(expected, true), Slopes(actual, isTwice));
        foreach (var (wanted, found) in first.Zip(own))
        {
            TensorAssert.AreClose(wanted, found, tolerance * 100, "gradients");
        }

        if (isTwice)
        {
            var (second, again) = (autograd.grad([first[1].Square().sum()], [kernels]), autograd.grad([own[1].Square().sum()], [kernels]));
            TensorAssert.AreClose(second[0], again[0], 1e-3 * second[0].abs().max().item<double>(), "gradients of gradients");
        }
    }
}
