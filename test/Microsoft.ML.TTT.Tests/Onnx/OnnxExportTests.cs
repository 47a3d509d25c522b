using Microsoft.ML.TTT.Models;
using MLExtensions.Testing;

namespace Microsoft.ML.TTT.Tests.Onnx;

[TestClass]
public class OnnxExportTests
{
    private static readonly ModelShape Small = OnnxModels.Small;
    private static readonly InnerLearning ThreeSteps = new() { Steps = 3, OrderSeed = 7 };

    private static readonly Dictionary<string, ModelShape> Varied = new()
    {
        ["no mixer"] = Small with { Mixer = TokenMixer.None },
        ["softmax attention"] = Small with { Mixer = TokenMixer.SoftmaxAttention },
        ["linear attention"] = Small with { Mixer = TokenMixer.LinearAttention },
        ["linear attention elu"] = Small with { Mixer = TokenMixer.LinearAttentionElu },
        ["MTTT-Linear from zero"] = Small,
        ["MTTT-Linear from zero in three steps"] = Small with { Inner = ThreeSteps },
        ["MTTT-Linear from zero in mini-batches"] = Small with { Inner = ThreeSteps with { MiniBatches = true } },
        ["MTTT-Linear from a learned start"] = Small with { Inner = ThreeSteps with { LearnedStart = true, StepSize = 0.3 } },
        ["MTTT-Linear with decoder normalisation"] = Small with { Inner = ThreeSteps with { DecoderNorm = true } },
        ["MTTT-Linear with one head"] = Small with { Heads = 1, Inner = ThreeSteps with { DecoderNorm = true } },
        ["MTTT-MLP"] = Small with { Mixer = TokenMixer.TttMlp },
        ["MTTT-MLP in three steps"] = Small with { Mixer = TokenMixer.TttMlp, Inner = ThreeSteps with { Expansion = 2 } },
        ["MTTT-MLP in mini-batches"] = Small with { Mixer = TokenMixer.TttMlp, Inner = ThreeSteps with { MiniBatches = true } },
        ["MTTT-MLP, last layer only"] = Small with { Mixer = TokenMixer.TttMlp, Inner = ThreeSteps with { LastLayerOnly = true } },
        ["MTTT-MLP without decoder normalisation"] = Small with { Mixer = TokenMixer.TttMlp, Inner = ThreeSteps with { DecoderNorm = false } },
        ["ViT3"] = Small with { Mixer = TokenMixer.ViT3 },
        ["ViT3 with one head and half a step"] = Small with { Mixer = TokenMixer.ViT3, Heads = 1, Inner = new InnerLearning { StepSize = 0.5 } },
        ["cosFormer"] = Small with { Mixer = TokenMixer.CosFormer },
        ["norm and diagonal attention"] = Small with { Mixer = TokenMixer.NormAttention, MixerBlocks = [1], OtherMixer = TokenMixer.DiagonalAttention },
        ["diagonal attention in windows"] = Small with { Mixer = TokenMixer.DiagonalAttention, ImageSize = 40, PatchSize = 4 },
        ["Lightning attention"] = Small with { Mixer = TokenMixer.LightningAttention },
        ["RALA"] = Small with { Mixer = TokenMixer.RalaAttention },
        ["InLine attention"] = Small with { Mixer = TokenMixer.InLineAttention },
        ["softmax attention with a convolution before and a gate"] = Small with { Mixer = TokenMixer.SoftmaxAttention, LocalMixing = LocalMixing.BeforeProjection, OutputGate = true },
        ["linear attention with a convolution on values"] = Small with { Mixer = TokenMixer.LinearAttention, LocalMixing = LocalMixing.OnValues },
        ["MTTT-MLP with a convolution on values and a gate"] = Small with { Mixer = TokenMixer.TttMlp, LocalMixing = LocalMixing.OnValues, OutputGate = true },
        ["ViT3 with a convolution on values and a gate"] = Small with { Mixer = TokenMixer.ViT3, LocalMixing = LocalMixing.OnValues, OutputGate = true },
        ["two mixers"] = Small with { MixerBlocks = [1], OtherMixer = TokenMixer.SoftmaxAttention },
        ["no positions, the maximum over the tokens"] = Small with { Positions = PositionEncoding.None, Pooling = TokenPooling.Max },
        ["patches, sine-cosine positions"] = Small with { Stem = ImageStem.Patch, Positions = PositionEncoding.SinCos },
        ["patches, learned positions"] = Small with { Stem = ImageStem.Patch, Positions = PositionEncoding.Learned, PatchSize = 2 },
        ["pixels, conditional positions"] = Small with { Stem = ImageStem.Patch, PatchSize = 1 },
        ["convolutions of stride 1"] = Small with { PatchSize = 1 },
        ["convolutions of stride 2"] = Small with { PatchSize = 2 },
        ["convolutions of stride 8"] = Small with { PatchSize = 8 },
        ["convolutions of stride 16"] = Small with { PatchSize = 16 },
        ["the model for small images"] = ModelShape.Compact(24, 3) with { Width = 32 },
        ["ViT-Tiny"] = ModelShape.Tiny(32, 3) with { Depth = 2, PatchSize = 8 },
    };

    /// <summary>Every mixer, its options, and every stem and position encoding, by name.</summary>
    public static IEnumerable<object[]> Shapes => Varied.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void OnnxRuntimeGivesTheSameProbabilities(string name) => AreAlike(Varied[name], isMirroring: false, count: 3);

    [TestMethod]
    public void AMirroringModelMirrorsInTheGraphToo() => AreAlike(Small, isMirroring: true, count: 3);

    [TestMethod]
    public void OneImageIsEnough() => AreAlike(Small with { Mixer = TokenMixer.TttMlp }, isMirroring: true, count: 1);

    [TestMethod]
    [DataRow(TokenMixer.Mesa, "The token mixer Mesa cannot be written as an ONNX graph: it solves linear equations, for which a graph has no operation.")]
    [DataRow(TokenMixer.GatedLinearAttention, "The token mixer GatedLinearAttention cannot be written as an ONNX graph: it goes from token to token, which would be a loop of as many steps.")]
    [DataRow(TokenMixer.GatedDeltaNet, "The token mixer GatedDeltaNet cannot be written as an ONNX graph: it goes from token to token, which would be a loop of as many steps.")]
    [DataRow(TokenMixer.LightningAttention, "The token mixer LightningAttention can be written as an ONNX graph for at most 1024 tokens; an image has 1089.")]
    public void WhatAGraphCannotHaveIsRefusedByName(TokenMixer mixer, string message)
    {
        var shape = Small with { Mixer = mixer };
        shape = mixer == TokenMixer.LightningAttention ? shape with { ImageSize = 66, PatchSize = 2 } : shape;
        using var model = OnnxModels.Create(shape, out _);
        Assert.AreEqual(message, Assert.ThrowsExactly<NotSupportedException>(() => new MLContext().Model.ExportToOnnx(model, new MemoryStream())).Message);
    }

    private static void AreAlike(ModelShape shape, bool isMirroring, int count)
    {
        using var runtime = new OnnxRunner();
        using var model = OnnxModels.Create(shape, out var scorer, isMirroring);
        var pictures = OnnxModels.Pictures(count, shape.ImageSize);
        var expected = OnnxModels.Score(scorer, pictures);
        Assert.IsGreaterThan(0.02f, expected[0].Max() - expected[0].Min(), "the probabilities say nothing");
        OnnxRunner.AreAlike(expected, runtime.RunImages(model, pictures, colours: 3, shape.ImageSize));
    }
}
