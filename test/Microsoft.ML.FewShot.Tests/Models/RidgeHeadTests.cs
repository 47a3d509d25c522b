using MLExtensions.Testing;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Tests.Models;

[TestClass]
public class RidgeHeadTests
{
    private const int Length = 6;

    [TestMethod]
    public void TheLayerIsTheMinimumOfTheWeightedSquaresAndThePenalty()
    {
        using var scope = NewDisposeScope();
        using var head = new RidgeHead();
        // Three samples of one class and one of the other: each class has the weight of two.
        int[] classes = [0, 0, 0, 1];
        var rows = Random(classes.Length, seed: 1);
        var (weight, bias) = head.Fit(rows.unsqueeze(0), Labels(classes, 2), penalty: 0.7);

        var centred = rows.to(float64).sub(rows.to(float64).mean([0], keepdim: true));
        var length = centred.Square().sum(1).mean().sqrt();
        var x = centred.div(centred.Square().sum(1, keepdim: true).sqrt());
        var y = tensor(new[] { 0.5, -0.5, 0.5, -0.5, 0.5, -0.5, -0.5, 0.5 }, [4, 2]);
        var d = tensor(new[] { 2.0 / 3, 2.0 / 3, 2.0 / 3, 2 }).unsqueeze(1);
        var solution = linalg.solve(x.t().matmul(x.mul(d)).Add(eye(Length, dtype: float64).Mul(0.7)), x.t().matmul(y.mul(d)));     // [F, W]
        var expected = centred.div(length).matmul(solution).Mul(12);
        TensorAssert.AreClose(expected, rows.matmul(weight[0].t()).Add(bias[0]).to(float64), 1e-4, "logits");
    }

    [TestMethod]
    public void WithALargePenaltyTheNearestClassMeanWins()
    {
        using var scope = NewDisposeScope();
        using var head = new RidgeHead();
        int[] classes = [0, 0, 1, 1, 2, 2];
        var rows = Random(classes.Length, seed: 2);
        var (weight, bias) = head.Fit(rows.unsqueeze(0), Labels(classes, 3), penalty: 1e6);
        var centred = rows.sub(rows.mean([0], keepdim: true));
        var means = centred.div(centred.Square().sum(1, keepdim: true).sqrt()).view(3, 2, Length).mean([1]);
        var queries = Random(50, seed: 3);
        var expected = queries.sub(rows.mean([0], keepdim: true)).matmul(means.t()).argmax(1);
        Assert.IsTrue(queries.matmul(weight[0].t()).Add(bias[0]).argmax(1).equal(expected).all().item<bool>());
    }

    [TestMethod]
    public void ARowLeftOutInClosedFormIsARowThatWasNeverThere()
    {
        using var scope = NewDisposeScope();
        var (rows, targets) = (Random(7, seed: 4).to(float64), Random(7, seed: 5).narrow(1, 0, 3).to(float64));
        var weights = tensor(new[] { 1, 0.5, 2, 1, 1.5, 0.7, 1 });
        var without = RidgeHead.WithoutEach(rows, targets, weights, 0.3);
        for (var left = 0; left < 7; left++)
        {
            var others = tensor(Enumerable.Range(0, 7).Where(row => row != left).Select(row => (long)row).ToArray());
            var (x, y, d) = (rows.index_select(0, others), targets.index_select(0, others), weights.index_select(0, others).unsqueeze(1));
            var solution = linalg.solve(x.t().matmul(x.mul(d)).Add(eye(Length, dtype: float64).Mul(0.3)), x.t().matmul(y.mul(d)));
            TensorAssert.AreClose(rows[left].unsqueeze(0).matmul(solution).squeeze(0), without[left], 1e-9, $"row {left}");
        }
    }

    [TestMethod]
    public void LeavingOutTellsSeparateClassesFromEqualOnes()
    {
        using var scope = NewDisposeScope();
        using var head = new RidgeHead();
        int[] classes = [0, 0, 0, 0, 1, 1, 1, 1];
        var rows = Random(8, seed: 6);
        var apart = rows.clone();
        apart.narrow(0, 0, 4).narrow(1, 0, 1).Add_(20);
        Assert.AreEqual(1.0, head.LeaveOneOut(apart.unsqueeze(0), Labels(classes, 2), 1)!.Value.Accuracy);
        int[] coins = [.. Enumerable.Range(0, 60).Select(row => row % 2)];
        Assert.IsInRange(0.25, 0.75, head.LeaveOneOut(Random(60, seed: 8).unsqueeze(0), Labels(coins, 2), 1)!.Value.Accuracy);
        Assert.IsNull(head.LeaveOneOut(rows.narrow(0, 3, 2).unsqueeze(0), Labels([0, 1], 2), 1), "one sample a class");
    }

    [TestMethod]
    public void UnlabelledSamplesMoveTheLayer()
    {
        using var scope = NewDisposeScope();
        using var head = new RidgeHead();
        // One labelled sample of each class far from its middle, and unlabelled ones at the middles (-3 and 3 on the first axis).
        float[][] rows = [[-1, 4], [1, 4], [-3, 0], [-3, 0.2f], [-3, -0.2f], [3, 0], [3, 0.2f], [3, -0.2f]];
        var all = tensor(rows.SelectMany(row => row).ToArray(), [8, 2]);
        var labelled = head.Fit(all.narrow(0, 0, 2).unsqueeze(0), Labels([0, 1], 2));
        var both = head.Fit(all.unsqueeze(0), Labels([0, 1, -1, -1, -1, -1, -1, -1], 2));
        var query = tensor(new[] { -0.5f, -1 }, [1, 2]);
        double Margin((Tensor Weight, Tensor Bias) layer)
        {
            var logits = query.matmul(layer.Weight[0].t()).Add(layer.Bias[0])[0];
            return logits[0].item<float>() - logits[1].item<float>();
        }

        Assert.IsGreaterThan(0.0, Margin(both));
        Assert.AreNotEqual(Margin(labelled), Margin(both), 0.1);
    }

    [TestMethod]
    public void AKnownWhiteningIsThatOfTheRowsPartByPart()
    {
        using var scope = NewDisposeScope();
        using var plain = new RidgeHead();
        using var knowing = new RidgeHead(parts: 2, Length);
        int[] classes = [0, 0, 1, 1, 1];
        var (rows, queries) = (Random(classes.Length, seed: 9), Random(4, seed: 10));
        // Numbers that float16 has.
        float[] first = [1, 0.5f, 0, 0.5f, 2, -0.25f, 0, -0.25f, 1], second = [0.5f, 0, 0.125f, 0, 1, 0, 0.125f, 0, 3];
        var parts = stack([tensor(first, [3, 3]), tensor(second, [3, 3])]);
        var whole = block_diag(parts[0], parts[1]);
        // A mean that is that of the rows changes nothing.
        knowing.SetKnown(parts, rows.mean([0]));
        var (weight, bias) = knowing.Fit(rows.unsqueeze(0), Labels(classes, 2));
        var (expectedWeight, expectedBias) = plain.Fit(rows.matmul(whole).unsqueeze(0), Labels(classes, 2));
        TensorAssert.AreClose(queries.matmul(whole).matmul(expectedWeight[0].t()).Add(expectedBias[0]), queries.matmul(weight[0].t()).Add(bias[0]), 1e-4, "logits");
    }

    [TestMethod]
    public void AKnownMeanCountsAsFiveSamples()
    {
        using var scope = NewDisposeScope();
        using var head = new RidgeHead(parts: 1, Length);
        var (rows, mean) = (Random(4, seed: 11), Random(1, seed: 12).squeeze(0));
        head.SetKnown(eye(Length).unsqueeze(0), mean);
        var (weight, bias) = head.Fit(rows.unsqueeze(0), Labels([0, 0, 1, 1], 2));
        var centre = rows.sum([0]).Add(mean.Mul(5)).Div(9);
        TensorAssert.AreClose(zeros(2), weight[0].matmul(centre).Add(bias[0]), 1e-5, "logits at the centre");
    }

    [TestMethod]
    public void AClassThatATaskHasNotIsNeverTheAnswer()
    {
        using var scope = NewDisposeScope();
        using var head = new RidgeHead();
        var (weight, bias) = head.Fit(Random(4, seed: 7).unsqueeze(0), Labels([0, 0, 2, 2], 3));
        Assert.AreEqual(0, weight[0, 1].abs().sum().item<float>());
        Assert.AreEqual((float)LogitsGenerator.AbsentLogit, bias[0, 1].item<float>());
    }

    private static Tensor Random(int rows, int seed)
    {
        var random = new Random(seed);
        return tensor(Enumerable.Range(0, rows * Length).Select(_ => (2 * random.NextSingle()) - 1).ToArray(), [rows, Length]);
    }

    // -1 for samples of which nothing is known.
    private static SupportLabels Labels(int[] classes, int ways) => new(
        tensor(classes.SelectMany(number => Enumerable.Range(0, ways).Select(way => number < 0 || number == way ? 1f : 0f)).ToArray(), [1, classes.Length, ways]), null);
}
