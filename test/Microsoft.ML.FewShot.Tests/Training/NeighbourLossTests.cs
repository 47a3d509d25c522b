using Microsoft.ML.FewShot.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Tests.Training;

[TestClass]
public sealed class NeighbourLossTests
{
    private static readonly float[] Embeddings = [0, 0, 1, 0, 0.2f, 0.1f, 3, 1, 2, 2, 2.5f, 1];

    /// <summary>Three classes of two drawings in the plane, by the definition in plain double arithmetic.</summary>
    [TestMethod]
    public void TheLossIsTheShareOfTheOwnClassAmongAllOthers()
    {
        const double Scale = 0.7;
        var (sum, right) = (0.0, 0);
        for (var i = 0; i < 6; i++)
        {
            var likeness = Enumerable.Range(0, 6).Select(j => j == i ? 0 : Math.Exp(-Scale * Distance(i, j))).ToArray();
            sum -= Math.Log(likeness[i ^ 1] / likeness.Sum());
            right += Array.IndexOf(likeness, likeness.Max()) == (i ^ 1) ? 1 : 0;
        }

        using var scope = NewDisposeScope();
        var (loss, accuracy) = NeighbourLoss.Of(tensor(Embeddings, [6, 2]), 2, tensor(new[] { (float)Scale }));
        Assert.AreEqual(sum / 6, loss.item<float>(), 1e-6);
        Assert.AreEqual(right / 6.0, accuracy.item<float>(), 1e-6);
    }

    [TestMethod]
    public void WithThreeDrawingsEitherOtherOneIsRight()
    {
        using var scope = NewDisposeScope();
        var (loss, accuracy) = NeighbourLoss.Of(tensor(new float[] { 0, 1, 2, 100, 101, 102 }, [6, 1]), 3, tensor(new[] { 1f }));
        Assert.AreEqual(0, loss.item<float>(), 1e-6);
        Assert.AreEqual(1, accuracy.item<float>());
    }

    /// <summary>Far apart, the shares underflow in float32; the loss must not.</summary>
    [TestMethod]
    public void AHopelessExampleHasAFiniteLossAndGradient()
    {
        using var scope = NewDisposeScope();
        var embeddings = tensor(new float[] { 0, 50, 1, 51 }, [4, 1]).requires_grad_(true);
        var (loss, accuracy) = NeighbourLoss.Of(embeddings, 2, tensor(new[] { 1f }));
        loss.backward();
        Assert.AreEqual(2499, loss.item<float>(), 1e-2);
        Assert.AreEqual(0, accuracy.item<float>());
        Assert.IsTrue(embeddings.grad!.data<float>().ToArray().All(float.IsFinite));
    }

    private static double Distance(int i, int j) =>
        Math.Pow(Embeddings[2 * i] - Embeddings[2 * j], 2) + Math.Pow(Embeddings[(2 * i) + 1] - Embeddings[(2 * j) + 1], 2);
}
