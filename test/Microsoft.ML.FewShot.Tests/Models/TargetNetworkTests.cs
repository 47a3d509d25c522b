using MLExtensions.Testing;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Tests.Models;

[TestClass]
public class TargetNetworkTests
{
    [TestMethod]
    [DataRow(8)]
    [DataRow(64)]
    public void RowScoresTheSameToTheLastBitAloneAndInAnyBatch(int channels)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var network = Generate(new FewShotShape { Channels = channels });
        var images = Drawn.Normal(3, 33, 1, 28, 28);
        var together = network.call(images);
        foreach (var (start, count) in new[] { (0, 1), (32, 1), (5, 2), (3, 15), (1, 16), (0, 20) })
        {
            TensorAssert.AreClose(together.narrow(0, start, count), network.call(images.narrow(0, start, count)), 0, $"{count} from {start}");
        }
    }

    [TestMethod]
    public void EightChannelClassifierOfTwentyClassesIsBelowSixtyKilobytesAndReloadsTheSame()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var network = Generate(new FewShotShape { Channels = 8 });
        using var file = new MemoryStream();
        ModuleWeights.Save(network, file);
        Assert.IsLessThan(20_000, file.Length);
        using var reloaded = new TargetNetwork(network.Shape);
        file.Position = 0;
        ModuleWeights.Load(reloaded, file, file.Length);
        var images = Drawn.Normal(3, 5, 1, 28, 28);
        TensorAssert.AreClose(network.call(images), reloaded.call(images), 0, "logits");
    }

    [TestMethod]
    public void WeightNamesAreTheFileFormat()
    {
        using var images = new TargetNetwork(TargetShape.Of(new FewShotShape { Convolutions = 1, Channels = 2 }, 3));
        CollectionAssert.AreEqual(
            new[] { "bias", "convolutions.0.kernels", "convolutions.0.scale", "convolutions.0.shift", "weight" },
            images.state_dict().Keys.Order(StringComparer.Ordinal).ToArray());
        using var vectors = new TargetNetwork(TargetShape.Of(new FewShotShape { ImageSize = 0, FeatureLength = 4, HiddenUnits = 2 }, 3));
        CollectionAssert.AreEqual(
            new[] { "bias", "feature_mean", "feature_scale", "hidden_bias", "hidden_weight", "weight" },
            vectors.state_dict().Keys.Order(StringComparer.Ordinal).ToArray());
    }

    [TestMethod]
    public void ExtractedNetworkOutlivesTheModel()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var images = Drawn.Normal(3, 2, 1, 28, 28);
        var network = Generate(new FewShotShape { Channels = 2, GeneratedLayers = 4, Normalization = FewShotNormalization.Support });
        Assert.IsTrue(TensorAssert.ToArray(network.call(images)).All(double.IsFinite));
        network.Dispose();
    }

    private static TargetNetwork Generate(FewShotShape shape)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var model = new HyperTransformerModel(shape, 1);
        model.Backbone.call(Drawn.Normal(2, 20, 1, 28, 28));
        model.eval();
        using var task = model.GenerateLayers(Drawn.Normal(1, 1, 20, 1, 28, 28), Tasks.Candidates(20, [.. Enumerable.Range(0, 20)]));
        return task.Extract(0);
    }
}
