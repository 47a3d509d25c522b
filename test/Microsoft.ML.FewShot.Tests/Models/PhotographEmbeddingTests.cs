using MLExtensions.Testing;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Backbones;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Tests.Models;

[TestClass]
public class PhotographEmbeddingTests
{
    [TestMethod]
    public void ANewCorrectionCorrectsNothing()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var tail = LastStage();
        using var correction = new StageCorrection(8, new Random(1));
        var maps = Noise(1, 256, 10, 10);
        TensorAssert.AreClose(tail.call(maps), correction.Run(tail, maps), 1e-5, "features");
    }

    [TestMethod]
    public void TheStageAsItIsAndCorrectedComesOutOfOneRun()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var tail = LastStage();
        using var correction = new StageCorrection(8, new Random(1));
        foreach (var parameter in correction.parameters())
        {
            parameter.Add_(0.02);
        }

        var maps = Noise(2, 256, 10, 10);
        var (plain, corrected) = correction.Both(tail, maps);
        TensorAssert.AreClose(tail.call(maps), plain, 1e-5, "as it is");
        TensorAssert.AreClose(correction.Run(tail, maps), corrected, 1e-5, "corrected");
        Assert.IsGreaterThan(0.01f, corrected.sub(plain).abs().max().item<float>(), "Nothing was corrected.");
    }

    [TestMethod]
    public void EveryPartOfTheCorrectionHasAGradientAndTheBackboneHasNone()
    {
        using var scope = NewDisposeScope();
        using var embedding = new PhotographEmbedding(4);
        foreach (var parameter in embedding.parameters())
        {
            using var none = no_grad();
            parameter.Add_(0.01);
        }

        embedding.call(Noise(1, 3, 224, 224).Add(0.5).Mul(255)).narrow(1, 512, 20).sum().backward();
        foreach (var (name, parameter) in embedding.named_parameters())
        {
            StringAssert.StartsWith(name, "correction.");
            Assert.IsGreaterThan(0f, parameter.grad!.abs().sum().item<float>(), name);
        }
    }

    [TestMethod]
    public void WhatIsRememberedIsWhatWouldBeComputedInAnyOrder()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var embedding = new PhotographEmbedding(4);
        using var forgetful = embedding.Copy(4);
        var photographs = Noise(4, 3, 224, 224).Add(0.5).Mul(255);
        var expected = forgetful.call(photographs);
        embedding.call(photographs.narrow(0, 1, 2));
        long[] order = [3, 1, 0, 3, 2, 1];
        var rows = tensor(order);
        Assert.IsTrue(expected.index_select(0, rows).equal(embedding.call(photographs.index_select(0, rows))).all().item<bool>());
    }

    [TestMethod]
    public void APhotographsEmbeddingDoesNotDependOnTheOthers()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var original = new PhotographEmbedding(4);
        using var embedding = original.Copy(4); // remembers nothing
        var photographs = Noise(3, 3, 224, 224).Add(0.5).Mul(255);
        var together = embedding.call(photographs);
        Assert.AreEqual(EmbeddingShape.PhotographLength, together.shape[1]);
        for (var one = 0; one < 3; one++)
        {
            Assert.IsTrue(together[one].equal(embedding.call(photographs.narrow(0, one, 1))[0]).all().item<bool>());
        }
    }

    [TestMethod]
    public void APhotographIsEmbeddedOnceAndItsBitsStay()
    {
        using var mode = no_grad();
        using var embedding = new PhotographEmbedding(4);
        using var photograph = Noise(1, 3, 224, 224);
        using var first = embedding.call(photograph);
        // What it remembers does not follow weights that change: no model's do.
        embedding.parameters().First().Add_(1);
        using var second = embedding.call(photograph);
        Assert.IsTrue(first.equal(second).all().item<bool>());
    }

    [TestMethod]
    public void ACopyOutlivesWhatItIsACopyOf()
    {
        using var mode = no_grad();
        var embedding = new PhotographEmbedding(4);
        using var copy = embedding.Copy(4);
        using var photograph = Noise(1, 3, 224, 224);
        using var before = embedding.call(photograph);
        embedding.Dispose();
        using var after = copy.call(photograph);
        Assert.IsTrue(before.equal(after).all().item<bool>());
    }

    [TestMethod]
    public void NothingIsLeftBehind() => TensorLedger.Leaves(0, () =>
    {
        using var mode = no_grad();
        using var embedding = new PhotographEmbedding(4);
        using var photograph = Noise(1, 3, 224, 224);
        using var copy = embedding.Copy(4);
        embedding.call(photograph).Dispose();
        copy.call(photograph).Dispose();
    });

    private static ResNetStages LastStage()
    {
        var (trunk, tail) = ResNet18File.Load(ResNet18.Stages - 1);
        trunk.Dispose();
        return tail!;
    }

    private static Tensor Noise(params long[] shape)
    {
        var random = new Random(3);
        return tensor(Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => random.NextSingle() - 0.5f).ToArray(), shape);
    }
}
