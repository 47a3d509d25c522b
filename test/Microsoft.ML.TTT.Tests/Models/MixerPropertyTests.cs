using System.Diagnostics;
using Microsoft.ML.TTT.Models;
using MLExtensions.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Tests.Models;

[TestClass]
public class MixerPropertyTests
{
    private const int B = 2, N = 16, D = MixerCases.Width;

    [TestMethod]
    public void PermutedTokensGivePermutedOutputs()
    {
        using var none = no_grad();
        // The convolution head of ViT3 looks at neighbours, and mini-batches are cut by position.
        foreach (var (name, mixer, inner) in MixerCases.All().Where(entry => entry.Mixer != TokenMixer.ViT3 && !entry.Inner.MiniBatches))
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
        var cases = new (TokenMixer, InnerLearning)[]
        {
            (TokenMixer.LinearAttention, new()), (TokenMixer.LinearAttentionElu, new()), (TokenMixer.TttLinear, new()),
            (TokenMixer.TttLinear, new() { LearnedStart = true, DecoderNorm = true }), (TokenMixer.TttMlp, new()),
            (TokenMixer.TttMlp, new() { Steps = 4, MiniBatches = true }), (TokenMixer.TttMlp, new() { LastLayerOnly = true }), (TokenMixer.ViT3, new())
        };
        foreach (var (mixer, inner) in cases)
        {
            using var scope = NewDisposeScope();
            using var module = TokenMixers.Create(mixer, D, MixerCases.HeadCount, inner, new Random(1))!;
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
