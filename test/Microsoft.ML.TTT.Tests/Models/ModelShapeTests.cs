using System.Text;
using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Persistence;

namespace Microsoft.ML.TTT.Tests.Models;

[TestClass]
public class ModelShapeTests
{
    [TestMethod]
    public void PresetsAreValid()
    {
        foreach (var shape in new[] { ModelShape.Compact(32, 10), ModelShape.Compact(96, 2), ModelShape.Tiny(224, 1000), ModelShape.Small(224, 1000), ModelShape.Tiny(32, 10, 1) })
        {
            Assert.IsEmpty(shape.Violations().ToArray());
        }
    }

    [TestMethod]
    public void ShapeSurvivesJson()
    {
        var shape = ModelShape.Compact(40, 7) with
        {
            Mixer = TokenMixer.TttMlp,
            OtherMixer = TokenMixer.SoftmaxAttention,
            Inner = new InnerLearning { Steps = 4, MiniBatches = true, DecoderNorm = false, StepSize = 0.1 }
        };
        var read = Read(ModelJson.ToText(shape));
        Assert.AreEqual(ModelJson.ToText(shape), ModelJson.ToText(read));
        Assert.AreEqual(shape.Inner, read.Inner);
        CollectionAssert.AreEqual(new[] { 2 }, read.MixerBlocks!.ToArray());
    }

    [TestMethod]
    [DataRow("{}", "cannot be read")]
    [DataRow("null", "is null")]
    [DataRow("not json", "cannot be read")]
    [DataRow("""{"ImageSize":32,"Classes":2,"Colour":1}""", "Colour")]
    public void JsonThatIsNoShapeIsRefused(string json, string reason)
    {
        var exception = Assert.ThrowsExactly<FormatException>(() => Read(json));
        StringAssert.Contains(exception.Message, reason);
    }

    [TestMethod]
    public void WhatAMixerCannotHaveIsRefused()
    {
        var odd = ModelShape.Compact(32, 10) with { Width = 36, Heads = 12, Mixer = TokenMixer.GatedLinearAttention, LocalMixing = (LocalMixing)9, Pooling = (TokenPooling)9 };
        CollectionAssert.AreEquivalent((string[])
        [
            "LocalMixing must be one of None, BeforeProjection, OnValues; it is 9.", "Pooling must be one of Mean, Max; it is 9.",
            "Width must be an even multiple of Heads for the token mixer GatedLinearAttention, whose keys are half as wide as its values; it is 36, and Heads is 12.",
        ], odd.Violations().ToArray());
        Assert.IsEmpty((odd with { Mixer = TokenMixer.Mesa, LocalMixing = LocalMixing.None, Pooling = TokenPooling.Max }).Violations().ToArray());
    }

    [TestMethod]
    public void AllViolationsAreInOneMessage()
    {
        var shape = new ModelShape
        {
            ImageSize = 30,
            Classes = 0,
            PatchSize = 12,
            Width = 97,
            Heads = 2,
            MlpRatio = 0,
            Positions = PositionEncoding.SinCos,
            MixerBlocks = [1, 3],
            Mixer = TokenMixer.TttMlp,
            Inner = new InnerLearning { Steps = 0, StepSize = double.NaN, Expansion = 17 }
        };
        var exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => shape.Validate("options"));
        string expected = string.Join(
            Environment.NewLine,
            "Classes must be in [1, 1000000]; it is 0.",
            "MlpRatio must be in [1, 64]; it is 0.",
            "ImageSize must be a multiple of PatchSize; 30 is no multiple of 12.",
            "Width must be a multiple of Heads; 97 is no multiple of 2.",
            "PatchSize must be a power of two for the convolutional stem; it is 12.",
            "Width must be a multiple of 4 for sine-cosine and learned positions; it is 97.",
            "MixerBlocks names block 3; the blocks of a model of depth 3 are 0 to 2.",
            "InnerLoop.Steps must be in [1, 16]; it is 0.",
            "InnerLoop.StepSize must be in [0, 10]; it is NaN.",
            "InnerLoop.Expansion must be in [1, 16]; it is 17.");
        Assert.AreEqual($"{expected} (Parameter 'options')", exception.Message);
    }

    [TestMethod]
    [DataRow(TokenMixer.TttLinear)]
    [DataRow(TokenMixer.TttMlp)]
    public void ZeroStartWithDecoderNormIsRefusedWithTheReason(TokenMixer mixer)
    {
        var shape = ModelShape.Compact(32, 10) with { Mixer = mixer, Inner = new InnerLearning { LearnedStart = false, DecoderNorm = true } };
        StringAssert.Contains(string.Join(" ", shape.Violations()), "its variance is 0, and the normalisation multiplies the inner gradient by about 1,000");
    }

    [TestMethod]
    public void ZeroStartOfTheInnerMlpIsRefusedWithTheReason()
    {
        var shape = ModelShape.Compact(32, 10) with { Mixer = TokenMixer.TttMlp, Inner = new InnerLearning { LearnedStart = false, DecoderNorm = false } };
        Assert.AreEqual(
            "InnerLoop.LearnedStart must be true for the token mixer TttMlp; it is false. From zero the gradients of both its matrices are 0 and it never learns.",
            shape.Violations().Single());
    }

    [TestMethod]
    public void MoreMiniBatchesThanTokensAreRefused()
    {
        var shape = ModelShape.Compact(8, 10) with { Mixer = TokenMixer.TttMlp, Inner = new InnerLearning { Steps = 5, MiniBatches = true } };
        Assert.AreEqual("InnerLoop.Steps is 5 and every step needs tokens of its own, but an image has 4 tokens.", shape.Violations().Single());
    }

    [TestMethod]
    public void InnerOptionsAreIgnoredByMixersThatDoNotLearn()
    {
        var shape = ModelShape.Compact(32, 10) with { Mixer = TokenMixer.SoftmaxAttention, Inner = new InnerLearning { LearnedStart = false, DecoderNorm = true } };
        Assert.IsEmpty(shape.Violations().ToArray());
    }

    [TestMethod]
    public void ViT3TakesOneStepOnly()
    {
        var shape = ModelShape.Compact(32, 10) with { Mixer = TokenMixer.ViT3, Inner = new InnerLearning { Steps = 2 } };
        StringAssert.Contains(shape.Violations().Single(), "InnerLoop.Steps must be 1 for the token mixer ViT3");
    }

    [TestMethod]
    public void AConfigurationThatIsTooLongIsNotRead()
    {
        using var stream = new MemoryStream(new byte[(64 << 20) + 1]);
        var refused = Assert.ThrowsExactly<FormatException>(() => ModelJson.Read<ModelShape>(stream, "model"));
        Assert.AreEqual("The configuration of the model is 67108865 bytes long; at most 67108864 are read.", refused.Message);
        Assert.AreEqual(0, stream.Position);
    }

    private static ModelShape Read(string json) => ModelJson.Read<ModelShape>(new MemoryStream(Encoding.UTF8.GetBytes(json)), "model");
}
