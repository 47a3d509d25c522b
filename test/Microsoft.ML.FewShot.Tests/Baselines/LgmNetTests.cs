using MLExtensions.Testing;
using Microsoft.ML.FewShot.Baselines.Models;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Tests.Baselines;

[TestClass]
public class LgmNetTests
{
    private static readonly FewShotShape[] Shapes = [MamlCases.Images with { ContextLength = 5 }, MamlCases.Vectors with { ContextLength = 5 }];

    [TestMethod]
    public void SamplesWithoutALabelHaveNoPart()
    {
        foreach (var shape in Shapes)
        {
            using var model = Model(shape);
            MamlCases.SamplesWithoutALabelHaveNoPart(model);
        }
    }

    [TestMethod]
    public void EveryKernelHasLength1AndLogitsAreMeanCosinesTimesTheScale()
    {
        foreach (var shape in Shapes)
        {
            using var scope = NewDisposeScope();
            using var model = Model(shape);
            model.eval();
            var (support, candidates, query) = MamlCases.Tasks(shape, 2);
            (support, candidates) = (support.narrow(1, 0, 6), candidates.narrow(1, 0, 6));
            var layers = model.Adapt(support, new SupportLabels(candidates, null), null).Layers;
            foreach (var layer in layers)
            {
                var lengths = layer.flatten(2).Square().sum(2).sqrt();
                TensorAssert.AreClose(ones_like(lengths), lengths, 1e-9, "lengths");
            }

            var (ofSupport, ofQuery) = TaskEmbedding.Embed(model.Backbone, layers, support, query, null);
            var cosines = functional.cosine_similarity(ofQuery.unsqueeze(2), ofSupport.unsqueeze(1), 3);          // [B, Q, N]
            var expected = cosines.bmm(candidates).Div(2).mul(model.named_parameters().Single(entry => entry.name == "log_scale").parameter.exp());
            TensorAssert.AreClose(expected, model.Logits(support, candidates, query, null), 1e-10, "logits");
        }
    }

    [TestMethod]
    public void TheGradientAgreesWithCentralDifferences()
    {
        foreach (var shape in Shapes)
        {
            using var scope = NewDisposeScope();
            using var model = Model(shape);
            var (support, candidates, query) = MamlCases.Tasks(shape, 2);
            var weights = MamlCases.Noise(new Random(9), 1, 2, 6, 3);
            Tensor Loss() => model.Logits(support, candidates, query, null, draws: new TaskDraws(new Random(5), 0, 2)).log_softmax(2).mul(weights).sum();
            var (difference, slope) = MamlCases.Slopes([.. model.parameters().Where(parameter => parameter.requires_grad)], Loss);
            Assert.AreEqual(difference, slope, 1e-6 * Math.Max(1, Math.Abs(slope)), $"image side {shape.ImageSize}");
        }
    }

    [TestMethod]
    public void ATaskHasTheSameDrawWhereverItIsComputed()
    {
        using var scope = NewDisposeScope();
        using var model = Model(Shapes[1]);
        var (support, candidates, _) = MamlCases.Tasks(Shapes[1], 2);
        using var detached = no_grad();
        var all = model.Context(support, new SupportLabels(candidates, null), new TaskDraws(new Random(3), 0, 2));
        var second = model.Context(support.narrow(0, 1, 1), new SupportLabels(candidates.narrow(0, 1, 1), null), new TaskDraws(new Random(3), 1, 2));
        TensorAssert.AreClose(all.narrow(0, 1, 1), second, 1e-12, "context");
    }

    [TestMethod]
    public void AContextIsDrawnAroundTheMeanThatServesOtherwise()
    {
        using var scope = NewDisposeScope();
        using var model = Model(Shapes[1]);
        var (support, candidates, _) = MamlCases.Tasks(Shapes[1], 2);
        var labels = new SupportLabels(candidates, null);
        using var detached = no_grad();
        var mean = model.Context(support, labels, null);
        TensorAssert.AreClose(mean, model.Context(support, labels, null), 0, "mean");
        TensorAssert.AreClose(model.Context(support, labels, new TaskDraws(new Random(3), 0, 2)), model.Context(support, labels, new TaskDraws(new Random(3), 0, 2)), 0, "of one seed");
        var random = new Random(4);
        var draws = stack([.. Enumerable.Range(0, 4000).Select(_ => model.Context(support, labels, new TaskDraws(random, 0, 2)))]);
        var error = draws.std(0).Div(Math.Sqrt(4000));
        Assert.IsLessThan(5, draws.mean([0]).sub(mean).div(error).abs().max().item<double>(), "deviations of the mean of the draws");
        Assert.IsGreaterThan(0, error.min().item<double>());
    }

    [TestMethod]
    public void ADrawLiesNearTheMeanHoweverLargeTheEncoding()
    {
        foreach (var shape in Shapes)
        {
            using var scope = NewDisposeScope();
            using var model = Model(shape);
            var (support, candidates, query) = MamlCases.Tasks(shape, 2);
            var labels = new SupportLabels(candidates, null);
            using (no_grad())
            {
                foreach (var (name, parameter) in model.named_parameters().Where(entry => entry.name.StartsWith("context", StringComparison.Ordinal)))
                {
                    parameter.Mul_(1e4);
                }

                var (mean, drawn) = (model.Context(support, labels, null), model.Context(support, labels, new TaskDraws(new Random(3), 0, 2)));
                Assert.IsGreaterThan(100, mean.abs().max().item<double>());
                Assert.IsLessThan(5, drawn.sub(mean).abs().max().item<double>());
            }

            model.Logits(support, candidates, query, null, draws: new TaskDraws(new Random(3), 0, 2)).log_softmax(2).narrow(2, 0, 1).sum().backward();
            foreach (var (name, parameter) in model.named_parameters().Where(entry => entry.parameter.requires_grad))
            {
                Assert.IsTrue(parameter.grad?.isfinite().all().item<bool>() ?? true, name);
            }
        }
    }

    [TestMethod]
    public void NeitherTheOrderNorAbsentSamplesChangeAnything()
    {
        foreach (var shape in Shapes)
        {
            using var scope = NewDisposeScope();
            using var model = Model(shape);
            var (support, candidates, query) = MamlCases.Tasks(shape, 2);
            var expected = model.Logits(support, candidates, query, null);
            TensorAssert.AreClose(expected, model.Logits(support.flip(1), candidates.flip(1), query, null), 1e-11, "order");
            var junk = MamlCases.Noise(new Random(5), 9, [2, 1, .. support.shape[2..]]);
            TensorAssert.AreClose(expected, model.Logits(cat([junk, support], 1), cat([zeros([2, 1, 3], float64), candidates], 1), query, null), 1e-11, "absent");
        }
    }

    [TestMethod]
    public void ABatchOfTasksGivesWhatEachTaskGivesAlone()
    {
        foreach (var shape in Shapes)
        {
            using var scope = NewDisposeScope();
            using var model = Model(shape);
            var (support, candidates, query) = MamlCases.Tasks(shape, 3);
            var together = model.Logits(support, candidates, query, null);
            for (var task = 0; task < 3; task++)
            {
                var alone = model.Logits(support.narrow(0, task, 1), candidates.narrow(0, task, 1), query.narrow(0, task, 1), null);
                TensorAssert.AreClose(alone, together.narrow(0, task, 1), 1e-10, $"task {task}");
            }
        }
    }

    private static LgmNet Model(FewShotShape shape)
    {
        var model = new LgmNet(shape, new Random(1));
        TorchSharp.ModuleExtensionMethods.to((Module)model, ScalarType.Float64);
        model.train();
        return model;
    }
}
