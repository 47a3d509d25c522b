using BenchmarkDotNet.Attributes;
using Microsoft.ML.TTT;
using Microsoft.ML.TTT.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MLExtensions.Benchmarks;

/// <summary>What does a token mixer cost beside softmax attention, forward and backward? One layer, D = 192, H = 3, 8,192 tokens a call.</summary>
public class MixerBenchmark
{
    private const int Width = 192, HeadCount = 3, TokensPerCall = 8192;

    private readonly Dictionary<string, Module<Tensor, Tensor>> _mixers = [];
    private Tensor? _tokens;

    /// <summary>N, the tokens of one image.</summary>
    [Params(64, 256, 1024)]
    public int Tokens { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        void Add(string name, TokenMixer mixer, InnerLearning? inner = null) =>
            _mixers[name] = TokenMixers.Create(mixer, new MixerShape(Width, HeadCount) { Inner = inner ?? new InnerLearning() }, random)!;

        Add(nameof(Softmax), TokenMixer.SoftmaxAttention);
        Add(nameof(Linear), TokenMixer.LinearAttention);
        Add(nameof(LinearElu), TokenMixer.LinearAttentionElu);
        Add(nameof(TttLinear), TokenMixer.TttLinear);
        Add(nameof(TttLinearLearnedStart), TokenMixer.TttLinear, new InnerLearning { LearnedStart = true, DecoderNorm = true });
        Add(nameof(TttMlp), TokenMixer.TttMlp);
        Add(nameof(TttMlpLastLayerOnly), TokenMixer.TttMlp, new InnerLearning { LastLayerOnly = true });
        Add(nameof(TttMlpFourMiniBatches), TokenMixer.TttMlp, new InnerLearning { Steps = 4, MiniBatches = true });
        Add(nameof(TttMlpFourSteps), TokenMixer.TttMlp, new InnerLearning { Steps = 4 });
        Add(nameof(ViT3), TokenMixer.ViT3);
        var values = Enumerable.Range(0, TokensPerCall * Width).Select(_ => (float)(2 * random.NextDouble() - 1)).ToArray();
        _tokens = tensor(values, [TokensPerCall / Tokens, Tokens, Width]).requires_grad_(true);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _tokens?.Dispose();
        foreach (var mixer in _mixers.Values)
        {
            mixer.Dispose();
        }

        _mixers.Clear();
    }

    [Benchmark(Baseline = true)]
    public void Softmax() => ForwardBackward(nameof(Softmax));

    [Benchmark]
    public void Linear() => ForwardBackward(nameof(Linear));

    [Benchmark]
    public void LinearElu() => ForwardBackward(nameof(LinearElu));

    [Benchmark]
    public void TttLinear() => ForwardBackward(nameof(TttLinear));

    [Benchmark]
    public void TttLinearLearnedStart() => ForwardBackward(nameof(TttLinearLearnedStart));

    [Benchmark]
    public void TttMlp() => ForwardBackward(nameof(TttMlp));

    [Benchmark]
    public void TttMlpLastLayerOnly() => ForwardBackward(nameof(TttMlpLastLayerOnly));

    [Benchmark]
    public void TttMlpFourMiniBatches() => ForwardBackward(nameof(TttMlpFourMiniBatches));

    [Benchmark]
    public void TttMlpFourSteps() => ForwardBackward(nameof(TttMlpFourSteps));

    [Benchmark]
    public void ViT3() => ForwardBackward(nameof(ViT3));

    private void ForwardBackward(string mixer)
    {
        using var scope = NewDisposeScope();
        _mixers[mixer].call(_tokens!).sum().backward();
    }
}
