using MLExtensions.Testing;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Tests.Models;

/// <summary>What the paper proves of attention over a support set, shown by weights set by hand in the encoder that is trained otherwise.</summary>
[TestClass]
public class TheoryTests
{
    private const int Ways = 5, F = 16;

    [TestMethod]
    public void OneAttentionLayerIsAGradientStepOnTheLogits()
    {
        using var scope = NewDisposeScope();
        int[] labels = [0, 1, 2, 3, 4, 4, 3, 2, 1, 0, 2, 0, 4, 1, 3];
        var (support, query) = (Drawn.Normal(1, labels.Length, F).to(ScalarType.Float64), Drawn.Normal(2, 40, F).to(ScalarType.Float64));
        var expected = GradientStep(support, labels, query);
        // The error is about (N - k + n) / (k e^beta).
        foreach (var (beta, tolerance) in new[] { (10, 1e-3), (20, 1e-7), (40, 1e-13) })
        {
            using var encoder = new ConstructedEncoder(Ways, F, 1);
            encoder.ReadLabelled(0, beta, isMaskingPlaceholders: false);
            TensorAssert.AreClose(expected, Probabilities(query, encoder.Weights(support, labels)), tolerance, $"beta {beta}");
        }

        using var loose = new ConstructedEncoder(Ways, F, 1);
        loose.ReadLabelled(0, 2, isMaskingPlaceholders: false);
        Assert.IsGreaterThan(1e-2, TensorAssert.RelativeError(expected, Probabilities(query, loose.Weights(support, labels))));
    }

    [TestMethod]
    public void TwoAttentionLayersPropagateLabelsToUnlabelledSamples()
    {
        using var scope = NewDisposeScope();
        using var one = new ConstructedEncoder(Ways, F, 1);
        one.ReadLabelled(0, 40, isMaskingPlaceholders: true);
        using var two = new ConstructedEncoder(Ways, F, 2);
        two.PropagateLabels(0, 400);
        two.ReadLabelled(1, 40, isMaskingPlaceholders: true);
        double oneLayer = 0, twoLayers = 0, byHand = 0;
        for (int seed = 0; seed < 12; seed++)
        {
            var (support, labels, query) = DrawTask(seed, unlabeled: 4);
            // One layer reads what is labelled only; its construction would otherwise give open samples a share.
            var labeled = support.narrow(0, 0, Ways);
            oneLayer += Accuracy(Probabilities(query, one.Weights(labeled, labels[..Ways]))) / 12;
            twoLayers += Accuracy(Probabilities(query, two.Weights(support, labels))) / 12;
            byHand += Accuracy(Probabilities(query, NearestLabelMeans(support))) / 12;
        }

        Assert.IsGreaterThan(oneLayer + 0.03, twoLayers, $"{oneLayer} with one layer, {twoLayers} with two");
        Assert.AreEqual(byHand, twoLayers, 0.01, "labels given by the nearest labelled sample");
    }

    [TestMethod]
    public void TwoLayersGiveAnUnlabelledSampleTheLabelOfItsNearestNeighbour()
    {
        using var scope = NewDisposeScope();
        using var encoder = new ConstructedEncoder(2, 2, 2);
        encoder.PropagateLabels(0, 400);
        encoder.ReadLabelled(1, 40, isMaskingPlaceholders: true);
        var support = tensor(new double[,] { { 1, 0 }, { 0, 1 }, { 0.8, 0.6 }, { 0.28, 0.96 }, { 0.96, 0.28 } });
        var expected = tensor(new double[,] { { (1 + 0.8 + 0.96) / 3, (0.6 + 0.28) / 3 }, { 0.28 / 2, (1 + 0.96) / 2 } });
        TensorAssert.AreClose(expected, encoder.Weights(support, [0, 1, -1, -1, -1]), 1e-12, "means of what is labelled or near");
    }

    // A step of n on the mean cross-entropy of logits W e + b, from W = 0 and b = 0, by autograd; the classes are balanced, so that b stays 0.
    private static Tensor GradientStep(Tensor support, int[] labels, Tensor query)
    {
        var weight = zeros([Ways, F], ScalarType.Float64, requires_grad: true);
        nn.functional.cross_entropy(support.matmul(weight.t()), tensor(labels.Select(label => (long)label).ToArray())).backward();
        return Probabilities(query, weight.grad!.Mul(-Ways));
    }

    private static Tensor Probabilities(Tensor query, Tensor weight) => query.matmul(weight.t()).softmax(1);

    // Classes around centres, on the unit sphere: one labelled sample each, then the unlabelled ones, and 20 queries a class in class order.
    private static (Tensor Support, int[] Labels, Tensor Query) DrawTask(int seed, int unlabeled)
    {
        var centres = Drawn.Normal(seed, Ways, 1, F);
        Tensor Around(int offset, int count)
        {
            var points = centres.Add(Drawn.Normal(seed + offset, Ways, count, F).Mul(0.85)).to(ScalarType.Float64).transpose(0, 1).reshape(-1, F);
            return points.div(points.Square().sum(1, keepdim: true).sqrt());
        }

        int[] labels = [.. Enumerable.Range(0, Ways), .. Enumerable.Repeat(-1, Ways * unlabeled)];
        return (cat([Around(100, 1), Around(200, unlabeled)], 0), labels, Around(300, 20));
    }

    private static double Accuracy(Tensor probabilities)
    {
        var found = probabilities.argmax(1).data<long>().ToArray();
        return found.Select((label, at) => label == at % Ways ? 1.0 : 0).Average();
    }

    private static Tensor NearestLabelMeans(Tensor support)
    {
        var nearest = support.matmul(support.narrow(0, 0, Ways).t()).argmax(1).data<long>().ToArray();
        return stack([.. Enumerable.Range(0, Ways).Select(way =>
            stack([.. Enumerable.Range(0, nearest.Length).Where(row => row == way || (row >= Ways && nearest[row] == way)).Select(row => support[row])]).mean([0]))]);
    }
}
