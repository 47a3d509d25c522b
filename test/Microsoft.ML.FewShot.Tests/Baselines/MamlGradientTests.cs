using MLExtensions.Testing;
using Microsoft.ML.FewShot.Baselines.Models;
using Microsoft.ML.FewShot.Models;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Tests.Baselines;

/// <summary>The outer gradient of MAML, through its inner steps.</summary>
[TestClass]
public class MamlGradientTests
{
    [TestMethod]
    public void TheSecondOrderGradientAgreesWithCentralDifferences()
    {
        foreach (var shape in new[] { MamlCases.Images, MamlCases.Vectors })
        {
            using var scope = NewDisposeScope();
            using var model = MamlCases.Model(shape, new MamlSettings { Steps = 2 });
            var (support, candidates, query) = MamlCases.Tasks(shape, 2);
            var weights = MamlCases.Noise(new Random(9), 1, 2, 6, 3);
            Tensor Loss() => model.Logits(support, candidates, query, null).log_softmax(2).mul(weights).sum();
            var (difference, slope) = MamlCases.Slopes([.. model.parameters()], Loss);
            // The rounding error is about 1e-15, over a step of 1e-6.
            Assert.AreEqual(difference, slope, 1e-7 * Math.Max(1, Math.Abs(slope)), $"image side {shape.ImageSize}");
        }
    }

    [TestMethod]
    public void TheFirstOrderGradientIsThatOfTheAdaptedWeights()
    {
        using var scope = NewDisposeScope();
        using var model = MamlCases.Model(MamlCases.Images, new MamlSettings { Steps = 2, FirstOrder = true });
        var (support, candidates, query) = MamlCases.Tasks(MamlCases.Images, 2);
        var start = model.Backbone.Blocks[1].weight!;

        var outer = autograd.grad([model.Logits(support, candidates, query, null).log_softmax(2).select(2, 0).sum()], [start])[0];

        var adapted = model.Adapt(support, new SupportLabels(candidates, null), null).Detached();
        var (_, embedded) = TaskEmbedding.Embed(model.Backbone, adapted.Layers, support, query, TaskEmbedding.InformativeOf(new SupportLabels(candidates, null)));
        var direct = autograd.grad([LogitsGenerator.Logits(embedded, adapted.Head, adapted.Bias).log_softmax(2).select(2, 0).sum()], [adapted.Layers[1]])[0];
        TensorAssert.AreClose(direct.sum([0]), outer, 1e-12, "first order");
    }

    [TestMethod]
    public void TheFirstOrderGradientIsNotTheSecond()
    {
        using var scope = NewDisposeScope();
        var (support, candidates, query) = MamlCases.Tasks(MamlCases.Images, 2);
        Tensor Gradient(bool firstOrder)
        {
            using var model = MamlCases.Model(MamlCases.Images, new MamlSettings { FirstOrder = firstOrder });
            return autograd.grad([model.Logits(support, candidates, query, null).log_softmax(2).select(2, 0).sum()], [model.Backbone.Blocks[1].weight!])[0];
        }

        Assert.IsTrue(TensorAssert.RelativeError(Gradient(false), Gradient(true)) > 0.01);
    }

    [TestMethod]
    public void BothOrdersGiveTheSameScores()
    {
        using var scope = NewDisposeScope();
        var (support, candidates, query) = MamlCases.Tasks(MamlCases.Images, 2);
        using var first = MamlCases.Model(MamlCases.Images, new MamlSettings { FirstOrder = true });
        using var second = MamlCases.Model(MamlCases.Images, new MamlSettings());
        TensorAssert.AreClose(second.Logits(support, candidates, query, null), first.Logits(support, candidates, query, null), 1e-13, "scores");
    }

    [TestMethod]
    public void FixedRatesAreNotTrained()
    {
        using var model = new MamlModel(MamlCases.Images, new MamlSettings { LearnsRates = false }, new Random(1));
        var rates = model.named_parameters().Single(entry => entry.name == "rates").parameter;
        Assert.IsFalse(rates.requires_grad);
    }
}
