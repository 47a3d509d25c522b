using Microsoft.ML.FewShot.Models;

namespace Microsoft.ML.FewShot.Tests.Models;

/// <summary>The sizes of the networks that the paper's released scripts train.</summary>
[TestClass]
public class PaperSizeTests
{
    [TestMethod]
    public void TokenWidthsAreThePapers()
    {
        using var omniglot = new HyperTransformerModel(FewShotShape.Paper(8), 1);
        CollectionAssert.AreEqual(new long[] { 80, 104, 104, 104 }, omniglot.ConvolutionGenerators.Select(generator => generator.Width).ToArray());
        Assert.AreEqual(72, omniglot.LogitsGenerator.PaperWidth);

        var mini = FewShotShape.Paper(16) with { ImageSize = 84, Colors = 3, MaxWays = 5, ImageFeatures = 16, EncoderHeads = 8 };
        using var images = new HyperTransformerModel(mini, 1);
        CollectionAssert.AreEqual(new long[] { 80, 176, 176, 176 }, images.ConvolutionGenerators.Select(generator => generator.Width).ToArray());
        Assert.AreEqual(433, images.LogitsGenerator.PaperWidth);
    }

    [TestMethod]
    [DataRow(8, 28, 1, 20, 1980)]
    [DataRow(16, 84, 3, 5, 9349)]
    [DataRow(8, 84, 3, 5, 2949)]
    public void GeneratedWeightsAreAsManyAsThePapers(int channels, int side, int colors, int ways, int expected)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var model = new HyperTransformerModel(FewShotShape.Paper(channels) with { ImageSize = side, Colors = colors, MaxWays = ways }, 1);
        model.eval();
        int[] classes = [.. Enumerable.Range(0, ways)];
        using var task = model.GenerateLayers(Drawn.Normal(1, 1, ways, colors, side, side), Tasks.Candidates(ways, classes));
        Assert.AreEqual(expected, task.Layers.Sum(layer => layer.Weight!.numel()) + task.Weight.numel() + task.Bias.numel());
    }

    [TestMethod]
    public void GeneratorHasAsManyParametersAsTheMeasuredOne()
    {
        // 845,622 were measured with 1,800 learned kernels beside the generated ones, 8 offsets in the last normalisation and 6 scalars; none are here.
        using var model = new HyperTransformerModel(FewShotShape.Paper(8), 1);
        Assert.AreEqual(845_622 - 1_800 - 8 - 6, model.parameters().Sum(parameter => parameter.numel()));
    }
}
