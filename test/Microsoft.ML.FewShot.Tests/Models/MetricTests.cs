using MLExtensions.Testing;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Tests.Models;

[TestClass]
public sealed class MetricTests
{
    private static readonly FewShotShape Shape = new() { Channels = 4, ImageSize = 16, MetricRank = 3 };

    [TestMethod]
    public void FoldedWeightsGiveOnFeaturesWhatTheWeightsGiveOnEmbeddings()
    {
        using var scope = NewDisposeScope();
        using var metric = new Metric(features: 12, rank: 5, new Random(1));
        metric.to(ScalarType.Float64);
        var (features, weights) = (Drawn.Normal(1, 7, 12).to(ScalarType.Float64), Drawn.Normal(2, 4, 5).to(ScalarType.Float64));
        var onEmbeddings = metric.call(features).matmul(weights.t());                       // [7, 4]
        TensorAssert.AreClose(onEmbeddings, features.matmul(metric.Fold(weights).t()), 1e-13, "logits");
    }

    [TestMethod]
    public void SquaredDistancesAreThoseOfMahalanobis()
    {
        using var scope = NewDisposeScope();
        using var metric = new Metric(features: 6, rank: 4, new Random(1));
        metric.to(ScalarType.Float64);
        var map = metric.parameters().Single();                                             // [4, 6]
        var difference = Drawn.Normal(1, 1, 6).to(ScalarType.Float64);
        var expected = difference.matmul(map.t().matmul(map)).matmul(difference.t()).squeeze();
        TensorAssert.AreClose(expected, metric.call(difference).Square().sum(), 1e-13, "distance");
    }

    [TestMethod]
    public void ANewMetricKeepsSquaredLengthsOnAverage()
    {
        using var scope = NewDisposeScope();
        using var metric = new Metric(features: 392, rank: 128, new Random(1));
        var features = Drawn.Normal(1234, 50, 392);
        var ratio = metric.call(features).Square().sum() / features.Square().sum();
        Assert.AreEqual(1, ratio.item<float>(), 0.02);
    }

    [TestMethod]
    public void TheBackboneEndsInItsMetricAndTheClassifierHasNone()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        Assert.AreEqual((3, 16), (Shape.EmbeddingLength, Shape.TargetLength));
        using var backbone = new Backbone(Shape, new Random(1));
        CollectionAssert.AreEqual(new long[] { 2, 3 }, backbone.call(Drawn.Normal(1, 2, 1, 16, 16)).shape);
        Assert.AreEqual(ParameterKind.Matrix, FewShotParameters.Of(backbone).Single(entry => entry.Name == "metric.weight").Kind);

        var target = TargetShape.Of(Shape, classes: 2);
        Assert.AreEqual((0, 16), (target.Network.MetricRank, target.Network.EmbeddingLength));
    }

    [TestMethod]
    public void FeatureVectorsAndThePapersDesignHaveNoMetric()
    {
        foreach (var shape in new[] { new FewShotShape { ImageSize = 0, FeatureLength = 4, MetricRank = 2 }, FewShotShape.Paper(8) with { MetricRank = 2 } })
        {
            StringAssert.StartsWith(shape.Violations().Single(), "MetricRank must be 0");
        }
    }
}
