using BenchmarkDotNet.Attributes;
using Microsoft.ML.TTT.Models;
using static TorchSharp.torch;

namespace MLExtensions.Benchmarks;

/// <summary>
/// From which number of heads on does the Gram form of the decoder's gradient pay? One MTTT-MLP layer, forward and backward,
/// 512 tokens a call. The rule in ReconstructionGradient.GramIsFaster follows from this table.
/// </summary>
public class DecoderFormBenchmark
{
    private const int Tokens = 64, Images = 8;

    private TttMixer? _direct, _gram;
    private Tensor? _tokens;

    /// <summary>D.</summary>
    [Params(96, 384)]
    public int Width { get; set; }

    /// <summary>H; a head is D / H numbers wide.</summary>
    [Params(1, 2, 3, 6)]
    public int HeadCount { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var inner = new InnerLearning { Expansion = 2 };
        _direct = TttMixer.Mlp(new MixerShape(Width, HeadCount) { Inner = inner }, new Random(1), gram: false);
        _gram = TttMixer.Mlp(new MixerShape(Width, HeadCount) { Inner = inner }, new Random(1), gram: true);
        var random = new Random(2);
        var values = Enumerable.Range(0, Images * Tokens * Width).Select(_ => (float)(2 * random.NextDouble() - 1)).ToArray();
        _tokens = tensor(values, [Images, Tokens, Width]).requires_grad_(true);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _tokens?.Dispose();
        _direct?.Dispose();
        _gram?.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void Direct() => ForwardBackward(_direct!);

    [Benchmark]
    public void Gram() => ForwardBackward(_gram!);

    private void ForwardBackward(TttMixer mixer)
    {
        using var scope = NewDisposeScope();
        mixer.call(_tokens!).sum().backward();
    }
}
