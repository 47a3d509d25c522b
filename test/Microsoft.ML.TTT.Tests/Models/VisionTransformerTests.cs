using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Torch;
using MLExtensions.Testing;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.TTT.Tests.Models;

[TestClass]
public class VisionTransformerTests
{
    private static readonly ModelShape Small = new()
    {
        ImageSize = 16,
        Classes = 5,
        PatchSize = 4,
        Width = 16,
        Heads = 2,
        Depth = 2,
        MlpRatio = 2,
        Mixer = TokenMixer.TttLinear
    };

    private static readonly Dictionary<string, ModelShape> Varied = new()
    {
        ["no mixer"] = Small with { Mixer = TokenMixer.None },
        ["softmax attention"] = Small with { Mixer = TokenMixer.SoftmaxAttention },
        ["linear attention"] = Small with { Mixer = TokenMixer.LinearAttention },
        ["linear attention elu"] = Small with { Mixer = TokenMixer.LinearAttentionElu },
        ["MTTT-Linear"] = Small,
        ["MTTT-MLP in mini-batches"] = Small with { Mixer = TokenMixer.TttMlp, Inner = new InnerLearning { Steps = 4, MiniBatches = true } },
        ["ViT3"] = Small with { Mixer = TokenMixer.ViT3 },
        ["cosFormer"] = Small with { Mixer = TokenMixer.CosFormer },
        ["norm and diagonal attention"] = Small with { Mixer = TokenMixer.NormAttention, MixerBlocks = [1], OtherMixer = TokenMixer.DiagonalAttention },
        ["gated linear attention"] = Small with { Mixer = TokenMixer.GatedLinearAttention, LocalMixing = LocalMixing.BeforeProjection },
        ["Lightning attention"] = Small with { Mixer = TokenMixer.LightningAttention },
        ["Mesa"] = Small with { Mixer = TokenMixer.Mesa, OutputGate = true },
        ["RALA"] = Small with { Mixer = TokenMixer.RalaAttention, LocalMixing = LocalMixing.OnValues },
        ["InLine attention"] = Small with { Mixer = TokenMixer.InLineAttention, Pooling = TokenPooling.Max },
        ["gated DeltaNet"] = Small with { Mixer = TokenMixer.GatedDeltaNet },
        ["two mixers"] = Small with { MixerBlocks = [1], OtherMixer = TokenMixer.SoftmaxAttention },
        ["patches, sine-cosine positions"] = Small with { Stem = ImageStem.Patch, Positions = PositionEncoding.SinCos },
        ["patches, learned positions"] = Small with { Stem = ImageStem.Patch, Positions = PositionEncoding.Learned, PatchSize = 2 },
        ["pixels, no positions"] = Small with { Stem = ImageStem.Patch, Positions = PositionEncoding.None, PatchSize = 1, Channels = 1 },
        ["convolutions of stride 1"] = Small with { PatchSize = 1 },
        ["convolutions of stride 2"] = Small with { PatchSize = 2 },
        ["convolutions of stride 8"] = Small with { PatchSize = 8 },
        ["convolutions of stride 16"] = Small with { PatchSize = 16 }
    };

    /// <summary>Every mixer, stem, position encoding and patch size, by name.</summary>
    public static IEnumerable<object[]> Shapes => Varied.Keys.Select(name => new object[] { name });

    [TestMethod]
    public void TheMaximumOverTheTokensHearsWhatThereIsAndNotHowOften()
    {
        const int rare = 7;
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var alone = Small with { Mixer = TokenMixer.None, Stem = ImageStem.Patch, Positions = PositionEncoding.None, Pooling = TokenPooling.Max };
        int grid = alone.ImageSize / alone.PatchSize;
        var once = Of(rare);
        var often = Of([.. Enumerable.Range(0, (grid * grid) - 1)]);
        TensorAssert.AreClose(Logits(alone, once), Logits(alone, often), 0, "maximum");
        var mean = alone with { Pooling = TokenPooling.Mean };
        Assert.IsGreaterThan(1e-3f, Logits(mean, once).sub(Logits(mean, often)).abs().max().item<float>());

        // One picture in some places, another in the rest.
        Tensor Of(params int[] places)
        {
            var patches = tensor(Pixels(2 * 3 * alone.PatchSize * alone.PatchSize), [2, 3, alone.PatchSize, alone.PatchSize]);
            var rows = Enumerable.Range(0, grid).Select(row => cat([.. Enumerable.Range(0, grid).Select(column => patches[places.Contains((row * grid) + column) ? 1 : 0])], 2));
            return cat([.. rows], 1).unsqueeze(0);                                                  // [1, 3, S, S]
        }

        static Tensor Logits(ModelShape shape, Tensor image)
        {
            using var model = new VisionTransformer(shape, seed: 1);
            model.eval();
            var head = model.named_parameters().Single(parameter => parameter.name == "head.weight").parameter;
            head.copy_(tensor(Pixels((int)head.numel()), head.shape));
            return model.call(image);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void ModelTrainsAndScoresAtItsOwnSizeAndAtOthers(string name)
    {
        var shape = Varied[name];
        using var model = new VisionTransformer(shape, seed: 1);
        foreach (int size in new[] { shape.ImageSize, 2 * shape.ImageSize })
        {
            using var images = tensor(Pixels(2 * shape.Channels * size * size), [2, shape.Channels, size, size]);
            model.train();
            TensorLedger.Leaves(1, () => model.call(images));
            using var scope = NewDisposeScope();
            var logits = model.call(images);
            CollectionAssert.AreEqual(new long[] { 2, shape.Classes }, logits.shape);
            functional.cross_entropy(logits, tensor(new long[] { 0, 1 })).backward();
            model.eval();
            using var none = no_grad();
            TensorAssert.AreClose(model.call(images), model.call(images), 0, "two calls");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void RecomputedBlocksGiveTheSameBits(string name)
    {
        var (kept, recomputed) = (Gradients(Varied[name], recompute: false), Gradients(Varied[name], recompute: true));
        AssertEqualBits(kept, recomputed);
        Assert.IsTrue(Varied[name].Mixer == TokenMixer.None || kept.Any(entry => entry.Key.Contains(".mixer.", StringComparison.Ordinal) && entry.Value.Any(value => value != 0)));
    }

    [TestMethod]
    public void RecomputedBlocksGiveTheSameBitsWith4096TokensAndFourInnerMiniBatches()
    {
        var shape = Small with { ImageSize = 64, PatchSize = 1, Mixer = TokenMixer.TttMlp, Inner = new InnerLearning { Steps = 4, MiniBatches = true } };
        AssertEqualBits(Gradients(shape, recompute: false), Gradients(shape, recompute: true));
    }

    // The logits, and the gradients of all weights, of which none is at its start.
    private static Dictionary<string, float[]> Gradients(ModelShape shape, bool recompute)
    {
        using var scope = NewDisposeScope();
        using var model = new VisionTransformer(shape, seed: 1) { Recompute = recompute };
        using (no_grad())
        {
            foreach (var (_, parameter) in model.named_parameters())
            {
                parameter.Add_(tensor(Pixels((int)parameter.numel()), parameter.shape).Mul(0.1));
            }
        }

        var images = tensor(Pixels(2 * shape.Channels * shape.ImageSize * shape.ImageSize), [2, shape.Channels, shape.ImageSize, shape.ImageSize]);
        var logits = model.call(images);
        functional.cross_entropy(logits, tensor(new long[] { 0, 1 })).backward();
        var all = model.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter.grad!.data<float>().ToArray());
        all["logits"] = logits.data<float>().ToArray();
        return all;
    }

    private static void AssertEqualBits(Dictionary<string, float[]> expected, Dictionary<string, float[]> actual)
    {
        Assert.HasCount(expected.Count, actual);
        foreach (var (name, values) in expected)
        {
            CollectionAssert.AreEqual(values, actual[name], name);
        }
    }

    [TestMethod]
    public void SeedFixesTheWeightsAndTorchsGeneratorIsLeftAlone()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var expected = rand(3);
        manual_seed(5);
        using var first = new VisionTransformer(Small, 3);
        using var second = new VisionTransformer(Small, 3);
        using var other = new VisionTransformer(Small, 4);
        TensorAssert.AreClose(expected, rand(3), 0, "torch's generator");
        var weights = second.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        bool differs = false;
        foreach (var (name, parameter) in first.named_parameters())
        {
            TensorAssert.AreClose(parameter, weights[name], 0, name);
        }

        foreach (var (name, parameter) in other.named_parameters())
        {
            differs |= TensorAssert.RelativeError(weights[name], parameter) > 0;
        }

        Assert.IsTrue(differs);
    }

    [TestMethod]
    public void NewModelHasNoOpinion()
    {
        using var scope = NewDisposeScope();
        using var model = new VisionTransformer(Small, 1);
        TensorAssert.AreClose(zeros(1, 5), model.call(tensor(Pixels(3 * 16 * 16), [1, 3, 16, 16])), 0, "logits");
    }

    [TestMethod]
    public void NewMixerAddsNothingYet()
    {
        using var scope = NewDisposeScope();
        var tokens = tensor(Pixels(2 * 9 * 16), [2, 9, 16]);
        using var without = Block(TokenMixer.None);
        foreach (var mixer in Enum.GetValues<TokenMixer>())
        {
            using var block = Block(mixer);
            block.load_state_dict(without.state_dict(), strict: false);
            TensorAssert.AreClose(without.call(tokens), block.call(tokens), 0, mixer.ToString());
        }

        static TransformerBlock Block(TokenMixer mixer)
        {
            var random = new Random(1);
            return new TransformerBlock(16, 32, conditionalPositions: true, TokenMixers.Create(mixer, new MixerShape(16, 2), random), random);
        }
    }

    [TestMethod]
    public void ModelBuiltInAScopeKeepsItsWeightsAndDisposeFreesThem()
    {
        TensorLedger.Leaves(0, () =>
        {
            VisionTransformer model;
            using (NewDisposeScope())
            {
                model = new VisionTransformer(Small with { Positions = PositionEncoding.Learned }, 1);
            }

            using (NewDisposeScope())
            {
                model.call(ones(1, 3, 16, 16));
            }

            model.Dispose();
        });
    }

    [TestMethod]
    public void WeightNamesAreTheFileFormat()
    {
        using var model = new VisionTransformer(Small with { Depth = 1, PatchSize = 2 }, 1);
        string[] expected =
        [
            "blocks.0.mixer.output.bias", "blocks.0.mixer.output.weight", "blocks.0.mixer.task.decoder", "blocks.0.mixer.task.decoder_bias",
            "blocks.0.mixer.task.test_view.bias", "blocks.0.mixer.task.test_view.weight", "blocks.0.mixer.task.train_view.bias",
            "blocks.0.mixer.task.train_view.weight", "blocks.0.mlp.down.bias", "blocks.0.mlp.down.weight", "blocks.0.mlp.up.bias",
            "blocks.0.mlp.up.weight", "blocks.0.norm1.bias", "blocks.0.norm1.weight", "blocks.0.norm2.bias", "blocks.0.norm2.weight",
            "blocks.0.position.bias", "blocks.0.position.weight", "head.bias", "head.weight", "norm.bias", "norm.weight",
            "stem.convolutions.0.weight", "stem.convolutions.1.weight", "stem.convolutions.2.weight",
            "stem.norms.0.bias", "stem.norms.0.running_mean", "stem.norms.0.running_var", "stem.norms.0.weight",
            "stem.norms.1.bias", "stem.norms.1.running_mean", "stem.norms.1.running_var", "stem.norms.1.weight",
            "stem.norms.2.bias", "stem.norms.2.running_mean", "stem.norms.2.running_var", "stem.norms.2.weight"
        ];
        var names = model.named_parameters().Select(entry => entry.name).Concat(model.named_buffers().Select(entry => entry.name));
        CollectionAssert.AreEqual(expected, names.Order(StringComparer.Ordinal).ToArray());
    }

    [TestMethod]
    public void WhatIsDecayedAndWhatIsAMatrixFollowsFromDimensionsAndTheNamesThatAreExceptions()
    {
        var kinds = new SortedDictionary<string, ParameterKind>(StringComparer.Ordinal);
        foreach (var mixer in Enum.GetValues<TokenMixer>())
        {
            var inner = new InnerLearning { LearnedStart = mixer == TokenMixer.TttLinear ? true : null, DecoderNorm = mixer == TokenMixer.TttLinear ? true : null };
            foreach (var shape in (ModelShape[])[Small with { Mixer = mixer, Depth = 1, Inner = inner }, Small with { Mixer = mixer, Depth = 1, Inner = inner, Stem = ImageStem.Patch, Positions = PositionEncoding.Learned, LocalMixing = LocalMixing.OnValues, OutputGate = true }])
            {
                using var model = new VisionTransformer(shape, 1);
                var all = ParameterKinds.Of(model, VisionTransformer.NotMatrices, VisionTransformer.NotDecayed).ToArray();
                Assert.IsTrue(all.Where(entry => entry.Tensor.dim() < 2).All(entry => entry.Kind == ParameterKind.Other));
                foreach (var (name, tensor, kind) in all.Where(entry => entry.Tensor.dim() >= 2)) kinds[name] = kind;
            }
        }

        string[] matrices =
        [
            "blocks.0.mixer.blend.weight", "blocks.0.mixer.conv_qkv", "blocks.0.mixer.fading.weight", "blocks.0.mixer.fading_down", "blocks.0.mixer.gate.weight", "blocks.0.mixer.keys",
            "blocks.0.mixer.modulation.weight", "blocks.0.mixer.output.weight", "blocks.0.mixer.output_gate.weight", "blocks.0.mixer.qkv", "blocks.0.mixer.start",
            "blocks.0.mixer.start_glu", "blocks.0.mixer.start_weight1", "blocks.0.mixer.start_weight2", "blocks.0.mixer.steps.weight", "blocks.0.mixer.strength.weight",
            "blocks.0.mixer.task.decoder", "blocks.0.mixer.task.test_view.weight", "blocks.0.mixer.task.train_view.weight", "blocks.0.mixer.values.weight", "blocks.0.mlp.down.weight", "blocks.0.mlp.up.weight", "stem.convolutions.1.weight",
            "stem.convolutions.2.weight"
        ];
        string[] notMatrices = ["blocks.0.mixer.local.weight", "blocks.0.mixer.start_conv", "blocks.0.position.weight", "head.weight", "stem.convolutions.0.weight", "stem.patches.weight"];
        string[] notDecayed =
        [
            "blocks.0.mixer.ridge", "blocks.0.mixer.start_bias1", "blocks.0.mixer.start_bias2", "blocks.0.mixer.task.decoder_beta", "blocks.0.mixer.task.decoder_gamma",
            "positions.table"
        ];
        Assert.AreEqual(string.Join("\n", matrices), string.Join("\n", Names(ParameterKind.Matrix)));
        Assert.AreEqual(string.Join("\n", notMatrices), string.Join("\n", Names(ParameterKind.Kernel)));
        Assert.AreEqual(string.Join("\n", notDecayed), string.Join("\n", Names(ParameterKind.Other)));

        string[] Names(ParameterKind kind) => [.. kinds.Where(pair => pair.Value == kind).Select(pair => pair.Key)];
    }

    [TestMethod]
    public void PresetsHaveThePublishedNumbersOfParameters()
    {
        // The paper's models have a second dense layer, D² + D, before the class head, which these leave out.
        foreach (var (mixer, expected) in new[] { (TokenMixer.SoftmaxAttention, 22.12), (TokenMixer.TttMlp, 24.56) })
        {
            using var model = new VisionTransformer(ModelShape.Small(224, 1000) with { Mixer = mixer }, 1);
            long count = model.parameters().Sum(parameter => parameter.numel()) + 384 * 384 + 384;
            Assert.AreEqual(expected, count / 1e6, 0.01, mixer.ToString());
        }
    }

    [TestMethod]
    public void CompactModelHasTheMeasuredNumberOfParameters()
    {
        using var model = new VisionTransformer(ModelShape.Compact(32, 10), 1);
        Assert.AreEqual(561_066, model.parameters().Sum(parameter => parameter.numel()));
    }

    [TestMethod]
    public void ImagesThatAreNoMultipleOfThePatchAreRefusedWithBothNumbers()
    {
        using var model = new VisionTransformer(Small, 1);
        using var images = zeros(1, 3, 18, 18);
        var exception = Assert.ThrowsExactly<ArgumentException>(() => model.call(images));
        StringAssert.Contains(exception.Message, "a side that is a multiple of 4; these are 18x18");
    }

    [TestMethod]
    public void LearnedPositionsOfAConstantTableStayConstantWhenInterpolated()
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        using var positions = PositionEmbedding.Learned(4, 8);
        foreach (var table in positions.parameters())
        {
            table.Fill_(3);
        }

        TensorAssert.AreClose(TensorArithmetic.Full([2, 36, 8], 3, ScalarType.Float32), positions.call(zeros(2, 36, 8)), 1e-6, "6 x 6");
    }

    [TestMethod]
    public void SineCosinePositionsAreThePapersTable()
    {
        using var scope = NewDisposeScope();
        using var positions = PositionEmbedding.SinCos();
        var table = TensorAssert.ToArray(positions.call(zeros([1, 9, 8], ScalarType.Float64)));
        // Token 5 is row 1, column 2; frequencies 1 and 1/10000.
        double[] expected = [Math.Sin(2), Math.Sin(2e-4), Math.Cos(2), Math.Cos(2e-4), Math.Sin(1), Math.Sin(1e-4), Math.Cos(1), Math.Cos(1e-4)];
        for (int i = 0; i < 8; i++)
        {
            Assert.AreEqual(expected[i], table[5 * 8 + i], 1e-12);
        }
    }

    private static float[] Pixels(int count)
    {
        var random = new Random(9);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(2 * random.NextDouble() - 1))];
    }
}
