using MLExtensions.Testing;
using Microsoft.ML.FewShot.Baselines.Models;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Tests.Baselines;

[TestClass]
public class LstmMetaLearnerTests
{
    [TestMethod]
    public void SamplesWithoutALabelHaveNoPart()
    {
        foreach (var shape in new[] { MamlCases.Images, MamlCases.Vectors })
        {
            using var model = Model(shape, new LstmSettings());
            MamlCases.SamplesWithoutALabelHaveNoPart(model);
        }
    }

    [TestMethod]
    public void WithAForgetGateOf1AndAConstantInputGateItIsGradientDescent()
    {
        foreach (var shape in new[] { MamlCases.Images, MamlCases.Vectors })
        {
            using var scope = NewDisposeScope();
            using var model = Model(shape, new LstmSettings { Updates = 3 });
            const double rate = 0.03;
            using (no_grad())
            {
                SetGate(model.Gates.Forget, 60);                            // its sigmoid is 1
                SetGate(model.Gates.Input, Math.Log(rate / (1 - rate)));
            }

            // One of each class: one batch, which is the support set.
            var (support, candidates, _) = MamlCases.Tasks(shape, 2);
            var rows = tensor(new long[] { 0, 2, 4 });
            (support, candidates) = (support.index_select(1, rows), candidates.index_select(1, rows));
            var labels = new SupportLabels(candidates, null);
            var expected = Start(model, shape, 2);
            for (var step = 0; step < 3; step++)
            {
                expected = expected.Detached();
                var (embedded, _) = TaskEmbedding.Embed(model.Backbone, expected.Layers, support, null, null);
                var gradient = autograd.grad([CandidateLoss.Of(LogitsGenerator.Logits(embedded, expected.Head, expected.Bias), labels).sum()], expected.All);
                // In units of four times MAML's steps, with 3 classes.
                var (layers, head) = (0.1 / 0.25, 3 * 2 * shape.StartLogitScale / 0.25);
                expected = new TaskWeights(
                    [.. expected.Layers.Select((layer, i) => layer.sub(gradient[i].Mul(rate * layers)))],
                    expected.Head.sub(gradient[^2].Mul(rate * head)),
                    expected.Bias.sub(gradient[^1].Mul(rate * head)));
            }

            var found = model.Adapt(support, labels, null);
            foreach (var (one, other) in expected.All.Zip(found.All))
            {
                TensorAssert.AreClose(one, other, 1e-10, $"weights, image side {shape.ImageSize}");
            }
        }
    }

    [TestMethod]
    public void TheGradientIsThatOfTheRecurrenceWithConstantGradients()
    {
        using var scope = NewDisposeScope();
        using var model = Model(MamlCases.Vectors, new LstmSettings { Updates = 1, Width = 4 });
        var (support, candidates, _) = MamlCases.Tasks(MamlCases.Vectors, 2);
        (support, candidates) = (support.narrow(1, 0, 6), candidates.narrow(1, 0, 6));
        var labels = new SupportLabels(candidates, null);
        var start = model.Backbone.Hidden!.weight;
        var (input, forget) = (model.Gates.Input.bias, model.Gates.Forget.bias);
        var loss = model.Adapt(support, labels, null).Layers[0].mul(MamlCases.Noise(new Random(7), 1, 2, 6, 4)).sum();
        var gradients = autograd.grad([loss], [forget, input]);

        // Central differences by the gates' biases: with one update the gradient of the loss does not depend on them.
        foreach (var (parameter, gradient) in new[] { (forget, gradients[0]), (input, gradients[1]) })
        {
            const double h = 1e-5;
            double At(double change)
            {
                using (no_grad())
                {
                    parameter.Add_(change);
                }

                return model.Adapt(support, labels, null).Layers[0].mul(MamlCases.Noise(new Random(7), 1, 2, 6, 4)).sum().item<double>();
            }

            Assert.AreEqual((At(h) - At(-2 * h)) / (2 * h), gradient.item<double>(), 1e-7);
            At(h);
        }

        Assert.IsGreaterThan(0, autograd.grad([model.Adapt(support, labels, null).Layers[0].sum()], [start])[0].abs().max().item<double>(), "The start is learned.");
    }

    [TestMethod]
    public void TheOrderOfTheSupportMattersAndForTheHyperTransformerItDoesNot()
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var random = new Random(4);
        var shape = MamlCases.Vectors;
        var support = MamlCases.Noise(random, 1, 1, 12, 4).to(float32);
        var candidates = eye(3, dtype: float32).repeat(4, 1).unsqueeze(0);
        var order = tensor(new long[] { 4, 11, 2, 9, 0, 7, 5, 3, 10, 1, 8, 6 });
        var (moved, known) = (support.index_select(1, order), candidates.index_select(1, order));
        using var lstm = new LstmMetaLearner(shape, new LstmSettings(), new Random(1));
        lstm.eval();
        using var hyper = new HyperTransformerModel(shape with { GeneratedLayers = 1 }, 1);
        hyper.eval();
        Assert.IsGreaterThan(1e-4, TensorAssert.RelativeError(lstm.Solve(support, candidates).Weight, lstm.Solve(moved, known).Weight));
        TensorAssert.AreClose(hyper.GenerateLayers(support, candidates).Weight, hyper.GenerateLayers(moved, known).Weight, 1e-5, "hyper-transformer");
    }

    [TestMethod]
    [DataRow(20, 1, 1)]
    [DataRow(20, 5, 5)]
    [DataRow(5, 5, 5)]
    [DataRow(1, 3, 3)]
    [DataRow(2, 500, 8)]
    public void BatchesOfABalancedSupportHaveEverySampleOnceAndEveryClassAlike(int ways, int shots, int batches)
    {
        using var model = new LstmMetaLearner(MamlCases.Vectors, new LstmSettings(), new Random(1));
        long[] classes = [.. Enumerable.Range(0, ways * shots).Select(place => (long)(place / shots))];
        var all = Enumerable.Range(0, batches).Select(update => model.Batch(classes, update)).ToArray();
        CollectionAssert.AreEqual(Enumerable.Range(0, ways * shots).ToArray(), all.SelectMany(batch => batch).Order().ToArray());
        CollectionAssert.AreEqual(all[0], model.Batch(classes, batches));
        foreach (var batch in all)
        {
            CollectionAssert.AreEqual(Enumerable.Range(0, ways).Select(label => (long)label).ToArray(), batch.Select(place => classes[place]).Distinct().Order().ToArray());
        }
    }

    [TestMethod]
    public void BatchesOfAnUnbalancedSupportHaveEverySampleOnceAtLeastAndEveryClass()
    {
        using var model = new LstmMetaLearner(MamlCases.Vectors, new LstmSettings(), new Random(1));
        long[] classes = [0, 1, 1, 2, .. Enumerable.Repeat(3L, 63), 0];
        var seen = new HashSet<int>();
        for (var update = 0; update < 8; update++)
        {
            var batch = model.Batch(classes, update);
            CollectionAssert.AreEqual((long[])[0, 1, 2, 3], batch.Select(place => classes[place]).Distinct().Order().ToArray());
            seen.UnionWith(batch);
        }

        Assert.HasCount(classes.Length, seen);
    }

    [TestMethod]
    public void EveryClassCountsAlikeInTheLossHoweverManySamplesItHas()
    {
        using var scope = NewDisposeScope();
        var scores = MamlCases.Noise(new Random(2), 1, 1, 6, 3);
        int[] classes = [0, 0, 0, 1, 2, 2];
        var labels = new SupportLabels(eye(3, dtype: float64).index_select(0, tensor(classes.Select(label => (long)label).ToArray())).unsqueeze(0), null);
        var losses = scores.log_softmax(2)[0];
        double Mean(int label) => classes.Select((one, place) => (one, place)).Where(sample => sample.one == label).Average(sample => -losses[sample.place, label].item<double>());
        Assert.AreEqual((Mean(0) + Mean(1) + Mean(2)) / 3, CandidateLoss.Of(scores, labels).item<double>(), 1e-12);
    }

    [TestMethod]
    public void WhatIsKeptForTheGradientGrowsWithWeightsAndUpdates()
    {
        // 5 rows of a logits layer with 6 inputs, and a hidden layer of 6 x 4; the cell sees 6 numbers.
        using var one = new LstmMetaLearner(MamlCases.Vectors, new LstmSettings { Updates = 3, Width = 10 }, new Random(1));
        Assert.AreEqual(3 * ((5 * 7) + 24) * 76, one.KeptOfTask);
    }

    [TestMethod]
    public void ABatchOfUnlikeTasksGivesWhatEachTaskGivesAlone()
    {
        foreach (var shape in new[] { MamlCases.Images, MamlCases.Vectors })
        {
            using var scope = NewDisposeScope();
            using var model = Model(shape, new LstmSettings());
            var (support, candidates, query) = MamlCases.Tasks(shape, 2);
            // The second task is unbalanced: two samples fewer, of which one was of class 0.
            candidates = candidates.clone();
            using (no_grad())
            {
                candidates[1, 0].zero_();
                candidates[1, 6].zero_();
            }

            var together = model.Logits(support, candidates, query, null);
            TensorAssert.AreClose(model.Logits(support.narrow(0, 0, 1), candidates.narrow(0, 0, 1), query.narrow(0, 0, 1), null), together.narrow(0, 0, 1), 1e-10, "first");
            var rows = tensor(new long[] { 1, 2, 3, 4, 5, 7 });
            TensorAssert.AreClose(
                model.Logits(support.narrow(0, 1, 1).index_select(1, rows), candidates.narrow(0, 1, 1).index_select(1, rows), query.narrow(0, 1, 1), null), together.narrow(0, 1, 1), 1e-10, "second");
        }
    }

    [TestMethod]
    public void ScoringLeavesOneTensorAndNoGraph()
    {
        using var model = new LstmMetaLearner(MamlCases.Images, new LstmSettings(), new Random(1));
        MamlCases.ScoringLeavesOneTensorAndNoGraph(model);
    }

    private static void SetGate(Dense gate, double bias)
    {
        gate.weight.zero_();
        gate.bias.Fill_(bias);
    }

    private static TaskWeights Start(LstmMetaLearner model, FewShotShape shape, long tasks)
    {
        var named = model.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        return new TaskWeights(TaskEmbedding.Shared(model.Backbone, tasks), named["weight"].narrow(0, 0, 3).unsqueeze(0).expand(tasks, -1, -1), named["bias"].narrow(0, 0, 3).unsqueeze(0).expand(tasks, -1));
    }

    private static LstmMetaLearner Model(FewShotShape shape, LstmSettings settings)
    {
        var model = new LstmMetaLearner(shape, settings, new Random(1));
        TorchSharp.ModuleExtensionMethods.to((Module)model, ScalarType.Float64);
        model.train();
        return model;
    }
}
