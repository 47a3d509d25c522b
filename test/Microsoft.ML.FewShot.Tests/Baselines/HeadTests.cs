using MLExtensions.Testing;
using Microsoft.ML.FewShot.Baselines;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Tests.Baselines;

/// <summary>Logits layers from support embeddings.</summary>
[TestClass]
public class HeadTests
{
    [TestMethod]
    public void PrototypicalNetworksScoreByTheDistanceToTheClassMeans()
    {
        const double tau = 0.3;
        using var scope = NewDisposeScope();
        var (embeddings, candidates) = Samples();
        var query = MamlCases.Noise(new Random(4), 1, 2, 5, 4).to(float32);
        using var head = new ClassMeanHead(tau, steps: 0, CPU);

        var (weight, bias) = head.Fit(embeddings, new SupportLabels(candidates, null));

        var logarithms = LogitsGenerator.Logits(query, weight, bias).log_softmax(2);
        var means = cat([embeddings.narrow(1, 0, 2).mean([1], keepdim: true), embeddings.narrow(1, 2, 2).mean([1], keepdim: true), embeddings.narrow(1, 4, 1)], 1);
        var distances = query.unsqueeze(2).sub(means.unsqueeze(1)).Square().sum(3);
        TensorAssert.AreClose(distances.Mul(-tau).log_softmax(2), logarithms, 1e-5, "log p");
    }

    [TestMethod]
    public void UnlabelledSamplesMoveTheMeansOfSoftKMeansOnly()
    {
        using var scope = NewDisposeScope();
        var (embeddings, candidates) = Samples();
        var more = cat([embeddings, MamlCases.Noise(new Random(5), 1, 2, 3, 4).to(float32)], 1);
        var moreLabels = new SupportLabels(cat([candidates, ones([2, 3, 3])], 1), null);
        var labels = new SupportLabels(candidates, null);
        using var plain = new ClassMeanHead(1, steps: 0, CPU);
        using var refined = new ClassMeanHead(1, steps: 3, CPU);

        TensorAssert.AreClose(plain.Fit(embeddings, labels).Weight, plain.Fit(more, moreLabels).Weight, 1e-5, "class means");
        TensorAssert.AreClose(plain.Fit(embeddings, labels).Weight, refined.Fit(embeddings, labels).Weight, 1e-5, "nothing to refine by");
        Assert.IsTrue(TensorAssert.RelativeError(plain.Fit(embeddings, labels).Weight, refined.Fit(more, moreLabels).Weight) > 0.01);
    }

    [TestMethod]
    public void LogisticRegressionIsWhateverTheUnitAndOriginOfTheEmbeddings()
    {
        using var scope = NewDisposeScope();
        var (embeddings, candidates) = Samples();
        var labels = new SupportLabels(candidates, null);
        var head = new LogisticHead();
        var (weight, bias) = head.Fit(embeddings, labels);

        var (movedWeight, movedBias) = head.Fit(embeddings.Mul(8).Add(2), labels);

        TensorAssert.AreClose(weight, movedWeight.Mul(8), 1e-4, "weights");
        TensorAssert.AreClose(bias.log_softmax(1), movedBias.Add(movedWeight.sum([2]).Mul(2)).log_softmax(1), 1e-3, "biases");
    }

    [TestMethod]
    public void LogisticRegressionIgnoresSamplesWithoutALabelAndAbsentOnes()
    {
        using var scope = NewDisposeScope();
        var (embeddings, candidates) = Samples();
        var more = cat([MamlCases.Noise(new Random(5), 9, 2, 2, 4).to(float32), embeddings], 1);
        var labels = cat([zeros([2, 1, 3]), ones([2, 1, 3]), candidates], 1);
        TensorAssert.AreClose(new LogisticHead().Fit(embeddings, new SupportLabels(candidates, null)).Weight,
            new LogisticHead().Fit(more, new SupportLabels(labels, null)).Weight, 1e-6, "weights");
    }

    [TestMethod]
    public void EveryHeadPutsClassesThatATaskLacksOutOfReach()
    {
        using var scope = NewDisposeScope();
        var (embeddings, candidates) = Samples();
        var wider = new SupportLabels(cat([candidates.narrow(2, 0, 1), zeros([2, 5, 1]), candidates.narrow(2, 1, 2)], 2), null);
        using var means = new ClassMeanHead(1, steps: 0, CPU);
        foreach (var head in new IHead[] { means, new LogisticHead() })
        {
            var (weight, bias) = head.Fit(embeddings, wider);
            Assert.AreEqual(0, weight.select(1, 1).abs().sum().item<float>());
            Assert.AreEqual(-1e9f, bias.select(1, 1).max().item<float>());
            var (narrow, _) = head.Fit(embeddings, new SupportLabels(candidates, null));
            TensorAssert.AreClose(narrow, cat([weight.narrow(1, 0, 1), weight.narrow(1, 2, 2)], 1), 1e-6, "the classes it has");
        }
    }

    [TestMethod]
    public void LogisticRegressionWithNothingLabelledPrefersNoClass()
    {
        using var scope = NewDisposeScope();
        var (embeddings, _) = Samples();
        var (weight, bias) = new LogisticHead().Fit(embeddings, new SupportLabels(ones([2, 5, 3]), null));
        Assert.AreEqual(0, weight.abs().sum().item<float>());
        Assert.AreEqual(0, bias.abs().sum().item<float>());
    }

    /// <summary>Two tasks: two samples of class 0, two of class 1, one of class 2.</summary>
    private static (Tensor Embeddings, Tensor Candidates) Samples()
    {
        float[] rows = [1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1];
        return (MamlCases.Noise(new Random(3), 1, 2, 5, 4).to(float32), tensor(rows, [1, 5, 3]).expand(2, 5, 3).contiguous());
    }
}
