using Microsoft.ML.FewShot.Data;
using Options = Microsoft.ML.FewShot.FewShotHyperTransformerTrainer.Options;

namespace Microsoft.ML.FewShot.Tests.Training;

[TestClass]
public sealed class FewShotSettingsTests
{
    private static readonly ExampleShape Images = ExampleShape.Images(colors: 1, side: 28);

    [TestMethod]
    [DataRow(8, 0, 8)]
    [DataRow(16, 1, 8)]
    [DataRow(28, 2, 7)]
    [DataRow(35, 2, 8)]
    [DataRow(36, 3, 4)]
    [DataRow(84, 4, 5)]
    [DataRow(256, 4, 16)]
    public void ThereAreAsManyPoolingsAsLeaveASideOfEight(int size, int poolings, int side)
    {
        var shape = FewShotSettings.Shape(new Options { Channels = 3 }, ExampleShape.Images(colors: 1, size));
        Assert.AreEqual((poolings, 3 * side * side, 128), (shape.Poolings, shape.TargetLength, shape.EmbeddingLength));
    }

    [TestMethod]
    [DataRow(8, 2)]
    [DataRow(15, 2)]
    [DataRow(16, 1)]
    [DataRow(64, 1)]
    public void SmallNetworksLookAtMoreViewsOfTheSupport(int channels, int views)
    {
        var shape = FewShotSettings.Shape(new Options { Channels = channels }, Images);
        Assert.AreEqual((views, 2), (shape.SupportViews, shape.QueryViews));
    }

    [TestMethod]
    public void ThePaperPoolsFourTimesAndWhoAsksForOtherPoolingsHasThem()
    {
        Assert.AreEqual(4, FewShotSettings.Shape(new Options { Channels = 8, Model = { Design = FewShotDesign.Paper } }, Images).Poolings);
        Assert.AreEqual(3, FewShotSettings.Shape(new Options { Channels = 8, Model = { Poolings = 3 } }, Images).Poolings);
    }

    [TestMethod]
    public void OnlyLearnedEmbeddingsOfImagesAreComparedByAMetric()
    {
        Assert.AreEqual(0, FewShotSettings.Shape(new Options { Model = { Design = FewShotDesign.Paper } }, Images).MetricRank);
        Assert.AreEqual(0, FewShotSettings.Shape(new Options { Method = FewShotMethod.Maml, Model = { MetricRank = 32 } }, Images).MetricRank);
        Assert.AreEqual(0, FewShotSettings.Shape(new Options { Model = { MetricRank = 32 } }, ExampleShape.Vectors(100)).MetricRank);
        Assert.AreEqual(32, FewShotSettings.Shape(new Options { Model = { MetricRank = 32 } }, Images).MetricRank);
        Assert.AreEqual(128, FewShotSettings.Shape(new Options { Method = FewShotMethod.PrototypicalNetwork }, Images).MetricRank);
    }

    [TestMethod]
    [DataRow(null, 20, 5)]
    [DataRow(null, 3, 3)]
    [DataRow(2, 20, 2)]
    public void TasksHaveAtLeastFiveClassesOrAsManyAsThereMayBe(int? minWays, int maxWays, int fewest)
    {
        var settings = FewShotSettings.Training(new Options { MaxWays = maxWays, Episodes = { MinWays = minWays } }, seed: 1);
        Assert.AreEqual(new IntRange(fewest, maxWays), settings.Episodes.Ways);
    }

    [TestMethod]
    public void VariationsAreThoseOfTheOptions()
    {
        var variation = FewShotSettings.Training(new Options { Episodes = { ClassRotation = 0.25f, AffineVariation = 0.75f, StrokeVariation = 0.125f } }, seed: 1).Variation;
        Assert.AreEqual(new ClassVariation(0.25, 0, 0.75, 0.125), variation);
    }
}
