using System.Diagnostics;
using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Torch;
using MLExtensions.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Tests.Models;

[TestClass]
public class MixerPropertyTests
{
    private const int B = 2, N = 16, D = MixerCases.Width;

    // Those that know where a token lies.
    private static readonly TokenMixer[] Positional =
        [TokenMixer.ViT3, TokenMixer.CosFormer, TokenMixer.DiagonalAttention, TokenMixer.GatedLinearAttention, TokenMixer.LightningAttention, TokenMixer.GatedDeltaNet];

    [TestMethod]
    public void PermutedTokensGivePermutedOutputs()
    {
        using var none = no_grad();
        // Mini-batches are cut by position.
        foreach (var (name, mixer, inner) in MixerCases.All().Where(entry => !Positional.Contains(entry.Mixer) && !entry.Inner.MiniBatches))
        {
            using var scope = NewDisposeScope();
            using var module = MixerCases.Create(mixer, inner);
            var x = MixerCases.Noise(new Random(1), 1, B, N, D);
            long[] order = [.. Enumerable.Range(0, N).Select(i => (long)i * 5 % N)];
            var index = tensor(order);
            TensorAssert.AreClose(module.call(x).index_select(1, index), module.call(x.index_select(1, index)), 1e-12, name);
        }
    }

    [TestMethod]
    public void LocalMixingAndTheGateAreBesideEveryMixer()
    {
        foreach (var (name, mixer, inner) in MixerCases.All())
        {
            using var scope = NewDisposeScope();
            var shape = new MixerShape(MixerCases.Width, MixerCases.HeadCount) { Inner = inner };
            var plain = MixerCases.Create(mixer, shape);
            var gated = MixerCases.Create(mixer, shape with { OutputGate = true });
            var before = MixerCases.Create(mixer, shape with { LocalMixing = LocalMixing.BeforeProjection });
            var onValues = MixerCases.Create(mixer, shape with { LocalMixing = LocalMixing.OnValues });
            var x = MixerCases.Noise(new Random(1), 1, B, N, D);
            using (no_grad())
            {
                foreach (var other in new[] { gated, before, onValues })
                {
                    other.load_state_dict(plain.state_dict(), strict: false);
                }

                // σ(0) is a half of everything but the last bias.
                Fill(gated, "gate", 0);
                TensorAssert.AreClose(plain.call(x).Add(plain.get_parameter("output.bias")!).Mul(0.5), gated.call(x), 1e-12, $"{name}, gate");
                // A kernel that takes what lies in its middle.
                Fill(before, "local", 0);
                before.get_parameter("local.weight")!.select(3, 1).select(2, 1).Fill_(1);
                TensorAssert.AreClose(plain.call(x.silu()), before.call(x), 1e-12, $"{name}, before");
                Fill(onValues, "local", 0);
                TensorAssert.AreClose(plain.call(x), onValues.call(x), 1e-12, $"{name}, on values");
            }

            foreach (var module in new[] { gated, before, onValues })
            {
                MixerCases.Shaken(module, 3).call(x).Square().sum().backward();
                foreach (var (parameter, tensor) in module.named_parameters())
                {
                    Assert.IsTrue(tensor.grad is { } grad && TensorAssert.ToArray(grad.abs().sum())[0] > 0, $"{name}: {parameter}");
                }
            }
        }

        static void Fill(Mixer mixer, string part, double value)
        {
            mixer.get_parameter(part + ".weight")!.Fill_(value);
            mixer.get_parameter(part + ".bias")!.Fill_(value);
        }
    }

    [TestMethod]
    public void ValuesOfTheNeighbourhoodAreAddedToWhatIsMixed()
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var shape = new MixerShape(MixerCases.Width, MixerCases.HeadCount);
        var plain = MixerCases.Create(TokenMixer.SoftmaxAttention, shape);
        var local = MixerCases.Create(TokenMixer.SoftmaxAttention, shape with { LocalMixing = LocalMixing.OnValues });
        local.load_state_dict(plain.state_dict(), strict: false);
        var x = MixerCases.Noise(new Random(1), 1, B, N, D);
        var values = nn.functional.linear(x, plain.get_parameter("qkv")![2], plain.get_parameter("qkv_bias")!.narrow(0, 2 * D, D));
        var grid = values.view(B, 4, 4, D).permute(0, 3, 1, 2);
        var convolved = nn.functional.conv2d(grid, local.get_parameter("local.weight")!, local.get_parameter("local.bias"), [1, 1], [2, 2], null, D).permute(0, 2, 3, 1).reshape(B, N, D);
        var expected = plain.call(x).Add(nn.functional.linear(convolved, plain.get_parameter("output.weight")!));
        TensorAssert.AreClose(expected, local.call(x), 1e-12, "values");
    }

    [TestMethod]
    public void ADeadQueryOfCosFormerGetsNothing()
    {
        using var scope = NewDisposeScope();
        var q = MixerCases.Noise(new Random(1), 1, 1, N, 4);
        q[0, 3].Fill_(-1);
        var mixed = TensorAssert.ToArray(CosFormer.Mix(q, MixerCases.Noise(new Random(2), 1, 1, N, 4), MixerCases.Noise(new Random(3), 1, 1, N, 4), 4, 4)[0, 3]);
        CollectionAssert.AreEqual(new double[4], mixed);
    }

    [TestMethod]
    public void ReversedTokensGiveReversedOutputsOfThoseThatGoBothWays()
    {
        using var scope = NewDisposeScope();
        Tensor[] x = [.. Enumerable.Range(1, 5).Select(seed => MixerCases.Noise(new Random(seed), 1, 2, 37, 4))];
        Tensor[] back = [.. x.Select(one => one.flip(1))];
        TensorAssert.AreClose(CosFormer.Mix(x[0], x[1], x[2], 37).flip(1), CosFormer.Mix(back[0], back[1], back[2], 37), 1e-12, "cosFormer");
        var (gate, otherGate) = (x[3].abs().neg(), back[3].abs().neg());
        TensorAssert.AreClose(GatedLinearAttention.Mix(x[0], x[1], x[2], gate, gate).flip(1), GatedLinearAttention.Mix(back[0], back[1], back[2], otherGate, otherGate), 1e-12, "gated linear");
    }

    // Over all tokens the product of such gates is e^-1960 and its inverse no float.
    [TestMethod]
    public void GatesThatCloseAtOnceAreFiniteInFloat32()
    {
        using var scope = NewDisposeScope();
        Tensor[] x = [.. Enumerable.Range(1, 3).Select(seed => MixerCases.Noise(new Random(seed), 1, 2, 196, 4).to(float32).requires_grad_())];
        var gates = ones_like(x[0]).Mul(-10);
        var mixed = GatedLinearAttention.Mix(x[0], x[1], x[2], gates, gates);
        mixed.sum().backward();
        foreach (var tensor in x.Select(one => one.grad!).Append(mixed))
        {
            Assert.IsTrue(tensor.isfinite().all().item<bool>());
        }
    }

    [TestMethod]
    public void TheSizeOfKeysIsNothingToNormAttention()
    {
        using var scope = NewDisposeScope();
        Tensor[] x = [.. Enumerable.Range(1, 3).Select(seed => MixerCases.Noise(new Random(seed), 1, 2, N, 4))];
        var (one, hundred) = (NormAttention.Mix(x[0], x[1], x[2]), NormAttention.Mix(x[0], x[1], x[2]).Mul(100));
        TensorAssert.AreClose(Layers.RootMeanSquare(one), Layers.RootMeanSquare(hundred), 1e-3, "a hundred times");
    }

    [TestMethod]
    public void EveryMixerMixesTokens()
    {
        foreach (var (name, mixer, inner) in MixerCases.All())
        {
            Assert.IsGreaterThan(1e-6, CrossTalk(mixer, inner), name);
        }
    }

    [TestMethod]
    public void StepSizeZeroMixesNothing()
    {
        foreach (var (name, mixer, inner) in MixerCases.TestTimeTraining())
        {
            Assert.AreEqual(0.0, CrossTalk(mixer, inner with { StepSize = 0 }), name);
        }
    }

    [TestMethod]
    public void MiniBatchesOverIdenticalCopiesEqualFullBatchesOverOne()
    {
        using var none = no_grad();
        foreach (var (name, mixer, inner) in MixerCases.TestTimeTraining().Where(entry => entry.Inner is { Steps: > 1, MiniBatches: false }))
        {
            using var scope = NewDisposeScope();
            using var module = MixerCases.Create(mixer, inner);
            var once = MixerCases.Noise(new Random(1), 1, B, N, D);
            var copies = cat(Enumerable.Repeat(once, inner.Steps).ToArray(), 1);
            long[]?[] byCopy = [.. Enumerable.Range(0, inner.Steps).Select(copy => Enumerable.Range(copy * N, N).Select(i => (long)i).ToArray())];
            var mixed = ((TttMixer)module).Mix(copies, byCopy);
            TensorAssert.AreClose(module.call(once), mixed.narrow(1, 0, N), 1e-12, name);
        }
    }

    [TestMethod]
    public void OneMiniBatchIsTheFullBatch()
    {
        using var none = no_grad();
        foreach (var (name, mixer, inner) in MixerCases.TestTimeTraining().Where(entry => entry.Inner.Steps == 1))
        {
            using var scope = NewDisposeScope();
            var x = MixerCases.Noise(new Random(1), 1, B, N, D);
            using var full = MixerCases.Create(mixer, inner);
            using var batched = MixerCases.Create(mixer, inner with { MiniBatches = true });
            TensorAssert.AreClose(full.call(x), batched.call(x), 0, name);
        }
    }

    [TestMethod]
    public void GramFormEqualsDirectForm()
    {
        using var none = no_grad();
        foreach (var (name, mixer, inner) in MixerCases.TestTimeTraining())
        {
            using var scope = NewDisposeScope();
            var x = MixerCases.Noise(new Random(1), 1, B, N, D);
            using var direct = MixerCases.Create(mixer, inner, gram: false);
            using var gram = MixerCases.Create(mixer, inner, gram: true);
            TensorAssert.AreClose(direct.call(x), gram.call(x), 1e-11, name);
        }
    }

    [TestMethod]
    public void MiniBatchesDealOutEveryTokenOnceInPartsThatDifferByOneAtMost()
    {
        foreach (var (tokens, steps) in new[] { (36, 4), (64, 4), (10, 3), (5, 5), (50_176, 7) })
        {
            var batches = InnerLoop.Batches(tokens, new InnerLearning { Steps = steps, MiniBatches = true });
            Assert.HasCount(steps, batches);
            CollectionAssert.AreEqual(Enumerable.Range(0, tokens).Select(i => (long)i).ToArray(), batches.SelectMany(batch => batch!).Order().ToArray());
            Assert.IsLessThanOrEqualTo(tokens % steps == 0 ? 0 : 1, batches.Max(batch => batch!.Length) - batches.Min(batch => batch!.Length));
        }

        var exception = Assert.ThrowsExactly<ArgumentException>(() => InnerLoop.Batches(4, new InnerLearning { Steps = 8, MiniBatches = true }));
        StringAssert.Contains(exception.Message, "8 inner mini-batches need at least 8 tokens; the image has 4");
    }

    [TestMethod]
    public void ForwardLeavesOneTensorAndBackwardNone()
    {
        foreach (var (name, mixer, inner) in MixerCases.All())
        {
            using var module = MixerCases.Create(mixer, inner);
            using var x = MixerCases.Noise(new Random(1), 1, B, N, D);
            TensorLedger.Leaves(1, () => module.call(x));
            TensorLedger.Leaves(0, () =>
            {
                using var scope = NewDisposeScope();
                module.call(x).sum().backward();
            });
            Assert.IsNotNull(name);
        }
    }

    [TestMethod]
    public void MemoryGrowsLinearlyWithTheTokens()
    {
        // One 224 x 224 image read pixel by pixel. A matrix over all pairs of its tokens would hold 50,176² floats, 10 GB a head, so
        // that the largest memory the process ever held grows by less than 1.5 GB shows that there was none; the mixers need tens of MB.
        const long pixels = 224 * 224;
        long before = PeakMemory();
        (TokenMixer, InnerLearning)[] cases =
        [
            .. Enum.GetValues<TokenMixer>().Where(mixer => mixer is not (TokenMixer.None or TokenMixer.SoftmaxAttention)).Select(mixer => (mixer, new InnerLearning())),
            (TokenMixer.TttLinear, new() { LearnedStart = true, DecoderNorm = true }), (TokenMixer.TttMlp, new() { Steps = 4, MiniBatches = true }), (TokenMixer.TttMlp, new() { LastLayerOnly = true }),
        ];
        foreach (var (mixer, inner) in cases)
        {
            using var scope = NewDisposeScope();
            using var module = TokenMixers.Create(mixer, new MixerShape(D, MixerCases.HeadCount) { Inner = inner }, new Random(1))!;
            var x = ones([1, pixels, D]).requires_grad_(true);
            module.call(x).sum().backward();
            Assert.IsLessThan(1_500_000_000, PeakMemory() - before, $"{mixer} {inner}");
        }
    }

    [TestMethod]
    public void SoftmaxAttentionAnswersEveryTokenOfManyByItself()
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var random = new Random(2);
        const long tokens = 4200;
        var (q, k, v) = (MixerCases.Noise(random, 1, 1, tokens, 2), MixerCases.Noise(random, 1, 1, tokens, 2), MixerCases.Noise(random, 1, 1, tokens, 2));
        var last = SoftmaxAttention.Mix(q.narrow(1, tokens - 5, 5), k, v);
        TensorAssert.AreClose(last, SoftmaxAttention.Mix(q, k, v).narrow(1, tokens - 5, 5), 1e-12, "the last five");
    }

    private static long PeakMemory()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    /// <summary>The largest |dY_i / dX_j| between two different tokens.</summary>
    private static double CrossTalk(TokenMixer mixer, InnerLearning inner)
    {
        using var scope = NewDisposeScope();
        using var module = MixerCases.Create(mixer, inner);
        var x = MixerCases.Noise(new Random(3), 1, 1, N, D).requires_grad_(true);
        var y = module.call(x).select(1, 4);
        var gradient = autograd.grad([y.sum()], [x])[0];                            // [1, N, D]
        return TensorAssert.ToArray(cat([gradient.narrow(1, 0, 4), gradient.narrow(1, 5, N - 5)], 1)).Max(Math.Abs);
    }
}
