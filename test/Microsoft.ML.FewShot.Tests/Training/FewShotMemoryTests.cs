using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.FewShot.Training;

namespace Microsoft.ML.FewShot.Tests.Training;

[TestClass]
public sealed class FewShotMemoryTests
{
    // 8 pixels, two convolutions of which the first is pooled: maps of 8 x 8, 4 x 4 and 4 x 4, and an embedding of 10 x 4 x 4 numbers.
    private static readonly FewShotShape Shape = new() { ImageSize = 8, Channels = 10, Convolutions = 2, Poolings = 1, MaxWays = 4, EncoderWidth = 100, EncoderLayers = 2 };

    private static readonly FewShotTrainingSettings Settings = new()
    {
        ClassesPerBatch = 7,
        ExamplesPerClass = 2,
        EmbeddedEpisodes = new EpisodeSettings { BatchSize = 3, Ways = 4, Shots = 2, Unlabeled = new IntRange(0, 2), Queries = 1 },
    };

    [TestMethod]
    public void TheEstimateOfTheBackboneIsThatOfItsMaps()
    {
        var (memory, what) = FewShotMemory.Of(Shape, Settings, FewShotStage.Backbone, classes: 100);
        Assert.AreEqual("a batch of 14 examples", what);
        Assert.AreEqual(4 * 14 * 10 * (64 + 16 + 16 + 16), memory.BatchBytes);
        // Kernels with gradients and momentum; and the generator, which only lies there: in and out 3 x 160 x 100, and 8 matrices in each of two blocks.
        Assert.AreEqual(4 * ((3 * 9 * (10 + 100)) + 48_000 + (2 * 8 * 10_000)), memory.WeightBytes);
        Assert.AreEqual(memory.BatchBytes / 7, FewShotMemory.Of(Shape, Settings, FewShotStage.Backbone, classes: 1).Memory.BatchBytes);
    }

    [TestMethod]
    public void TheEstimateOfTheGeneratorIsThatOfItsTokensAndTheirAttention()
    {
        var (memory, what) = FewShotMemory.Of(Shape, Settings, FewShotStage.Logits, classes: 100);
        Assert.AreEqual("a batch of 3 tasks of 4 classes with 2 labelled and 0 to 2 unlabelled examples of each", what);
        // 4 places and 4 x 3 samples; two heads.
        Assert.AreEqual(4 * 3 * ((8 * 16 * 100) + (2 * 16 * 16)), memory.BatchBytes);
    }

    [TestMethod]
    [DataRow(28, 64)]
    [DataRow(84, 64)]
    [DataRow(28, 8)]
    public void TheUsualSizesNeedLittle(int side, int channels)
    {
        var context = new MLContext(1);
        var options = Symbols.SmallOptions(options => (options.ImageSize, options.Channels, options.MaxWays, options.Model.EncoderWidth) = (side, channels, 20, null));
        var shape = FewShotSettings.Shape(options, ExampleShape.Images(3, side));
        var settings = FewShotSettings.Training(options, 1);
        foreach (var stage in settings.StagesOf(shape))
        {
            Assert.IsLessThan(3e9, FewShotMemory.Of(shape, settings, stage, classes: 1000).Memory.Bytes, $"{stage}");
        }

        Assert.IsLessThan(1e9, FewShotMemory.OfSupport(shape, samples: 400).Bytes);
    }

    [TestMethod]
    public void AbsurdWeightsAreRefusedBeforeAnythingIsMade()
    {
        var context = new MLContext(1);
        var trainer = Symbols.Trainer(context, options =>
        {
            (options.ImageSize, options.Channels, options.Model.Poolings, options.Model.MetricRank) = (256, 512, 0, 0);
            (options.Model.EncoderWidth, options.Model.EncoderLayers) = (4096, 16);
        });
        var before = GC.GetTotalAllocatedBytes();
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Fit(Symbols.Keyed(context, Symbols.Draw(Symbols.MaxWays, 2))));
        StringAssert.StartsWith(error.Message, "Training needs at least 1,658 GB of memory, 1,658 for the weights and 0 for the examples; the machine has ");
        StringAssert.EndsWith(error.Message, "or more Poolings, needs less.");
        Assert.IsLessThan(1L << 30, GC.GetTotalAllocatedBytes() - before);
    }

    [TestMethod]
    public void AbsurdTasksAreRefusedBeforeAnythingIsMade()
    {
        var tasks = Settings.EmbeddedEpisodes with { BatchSize = 32, Ways = 1000, Shots = 1000 };
        var (memory, what) = FewShotMemory.Of(Shape with { MaxWays = 1000 }, Settings with { EmbeddedEpisodes = tasks }, FewShotStage.Logits, classes: 1000);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => memory.Check(available: 1e12, what));
        StringAssert.Contains(error.Message, " for a batch of 32 tasks of 1000 classes with 1000 labelled and 0 to 2 unlabelled examples of each; the machine has 1,000 GB. ");
    }

    [TestMethod]
    public void AGiganticSupportSetIsRefused()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => FewShotMemory.CheckSupport(new FewShotShape { ImageSize = 256, Channels = 512, EncoderLayers = 0 }, 10_000_000, TorchSharp.torch.CPU));
        // An image, and 512 maps of its size.
        StringAssert.StartsWith(error.Message, "Making a classifier needs at least 1,344,799 GB of memory, 0 for the weights and 1,344,799 for 10,000,000 samples; the machine has ");
    }
}
