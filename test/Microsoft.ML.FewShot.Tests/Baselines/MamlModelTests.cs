using MLExtensions.Testing;
using Microsoft.ML.FewShot.Baselines.Models;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Tests.Baselines;

/// <summary>What MAML makes of a support set.</summary>
[TestClass]
public class MamlModelTests
{
    [TestMethod]
    public void SamplesWithoutALabelHaveNoPart()
    {
        foreach (var shape in new[] { MamlCases.Images, MamlCases.Vectors })
        {
            using var model = MamlCases.Model(shape, new MamlSettings());
            MamlCases.SamplesWithoutALabelHaveNoPart(model);
        }
    }

    [TestMethod]
    public void OneStepOnALogitsLayerThatStartsAtZeroGivesTheClassMeanFormula()
    {
        const int W = 3, N = 6;
        using var scope = NewDisposeScope();
        var shape = new FewShotShape { ImageSize = 0, FeatureLength = 4, MaxWays = 5 };
        using var model = new MamlModel(shape, new MamlSettings { Steps = 1, HeadRate = 0.7 }, new Random(1));
        var random = new Random(2);
        // Unbalanced: three, two and one sample.
        float[] labels = [1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1];
        var y = tensor(labels, [1, N, W]);
        var e = MamlCases.Noise(random, 1, 1, N, 4).to(float32);

        var adapted = model.Adapt(e, new SupportLabels(y, null), null);

        // A gradient step of size g = 0.7·W on the mean over the classes of their mean cross-entropies: dW_c = g/W · Σ (y_c - 1/W)·e / k of the sample's class, and the biases' parts cancel.
        var error = y.Sub(1.0 / W).div(tensor(new float[] { 3, 3, 3, 2, 2, 1 }, [1, N, 1]));
        TensorAssert.AreClose(error.transpose(1, 2).matmul(e).Mul(0.7), adapted.Head, 1e-5, "weights");
        Assert.AreEqual(0, adapted.Bias.abs().max().item<float>(), 1e-6);
    }

    [TestMethod]
    public void ABatchOfTasksGivesWhatEachTaskGivesAlone()
    {
        foreach (var shape in new[] { MamlCases.Images, MamlCases.Vectors, MamlCases.Images with { Colors = 1, Convolutions = 1 } })
        {
            using var scope = NewDisposeScope();
            using var model = MamlCases.Model(shape, new MamlSettings());
            var (support, candidates, query) = MamlCases.Tasks(shape, 3);
            var together = model.Logits(support, candidates, query, null);
            for (var task = 0; task < 3; task++)
            {
                var alone = model.Logits(support.narrow(0, task, 1), candidates.narrow(0, task, 1), query.narrow(0, task, 1), null);
                TensorAssert.AreClose(alone, together.narrow(0, task, 1), 1e-10, $"task {task}");
            }
        }
    }

    [TestMethod]
    public void AnAbsentSampleChangesNothing()
    {
        foreach (var shape in new[] { MamlCases.Images, MamlCases.Vectors })
        {
            using var scope = NewDisposeScope();
            using var model = MamlCases.Model(shape, new MamlSettings());
            var (support, candidates, query) = MamlCases.Tasks(shape, 2);
            var junk = MamlCases.Noise(new Random(5), 9, [2, 1, .. support.shape[2..]]);
            var more = model.Logits(cat([junk, support], 1), cat([zeros([2, 1, 3], float64), candidates], 1), query, null);
            TensorAssert.AreClose(model.Logits(support, candidates, query, null), more, 1e-11, "scores");
        }
    }

    [TestMethod]
    public void AnUnlabelledVectorChangesNothing()
    {
        using var scope = NewDisposeScope();
        using var model = MamlCases.Model(MamlCases.Vectors, new MamlSettings());
        var (support, candidates, query) = MamlCases.Tasks(MamlCases.Vectors, 2);
        var without = model.Logits(support.narrow(1, 0, 7), candidates.narrow(1, 0, 7), query, null);
        TensorAssert.AreClose(without, model.Logits(support, candidates, query, null), 1e-11, "scores");
    }

    [TestMethod]
    public void TheOrderOfTheSupportDoesNotMatter()
    {
        using var scope = NewDisposeScope();
        using var model = MamlCases.Model(MamlCases.Images, new MamlSettings());
        var (support, candidates, query) = MamlCases.Tasks(MamlCases.Images, 2);
        var flipped = model.Logits(support.flip(1), candidates.flip(1), query, null);
        TensorAssert.AreClose(model.Logits(support, candidates, query, null), flipped, 1e-11, "scores");
    }

    [TestMethod]
    public void AQueryDoesNotSeeTheOthers()
    {
        using var scope = NewDisposeScope();
        using var model = MamlCases.Model(MamlCases.Images, new MamlSettings());
        model.eval();
        var (support, candidates, query) = MamlCases.Tasks(MamlCases.Images, 1);
        var all = model.Logits(support, candidates, query, null);
        for (var i = 0; i < 6; i++)
        {
            TensorAssert.AreClose(model.Logits(support, candidates, query.narrow(1, i, 1), null), all.narrow(1, i, 1), 1e-13, $"query {i}");
        }
    }

    [TestMethod]
    public void ClassesThatATaskLacksAreOutOfReach()
    {
        using var scope = NewDisposeScope();
        using var model = MamlCases.Model(MamlCases.Vectors, new MamlSettings());
        var (support, candidates, query) = MamlCases.Tasks(MamlCases.Vectors, 1);
        var wider = cat([candidates, zeros([1, 8, 2], float64)], 2);
        var probabilities = model.Logits(support, wider, query, null).softmax(2);
        TensorAssert.AreClose(model.Logits(support, candidates, query, null).softmax(2), probabilities.narrow(2, 0, 3), 1e-11, "the classes it has");
        Assert.AreEqual(0, probabilities.narrow(2, 3, 2).sum().item<double>());
    }

    [TestMethod]
    public void SlotRowsChooseWhereTheLogitsLayerStarts()
    {
        using var scope = NewDisposeScope();
        using var model = MamlCases.Model(MamlCases.Vectors, new MamlSettings { Steps = 1 });
        var (support, candidates, query) = MamlCases.Tasks(MamlCases.Vectors, 1);
        var first = model.Logits(support, candidates, query, null);
        TensorAssert.AreClose(first, model.Logits(support, candidates, query, tensor(new long[] { 0, 1, 2 }).view(1, 3)), 1e-13, "the first rows");
        Assert.IsTrue(TensorAssert.RelativeError(first, model.Logits(support, candidates, query, tensor(new long[] { 4, 1, 3 }).view(1, 3))) > 1e-3);
    }

    [TestMethod]
    public void ScoringLeavesOneTensorAndNoGraph()
    {
        using var model = new MamlModel(MamlCases.Images, new MamlSettings(), new Random(1));
        MamlCases.ScoringLeavesOneTensorAndNoGraph(model);
    }
}
