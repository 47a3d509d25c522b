using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.TTT;
using Microsoft.ML.TTT.Models;
using Microsoft.ML.TTT.Tests.Models.Reference;
using Microsoft.ML.TTT.Training;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Torch;
using Microsoft.ML.VisionCore.Training;
using static TorchSharp.torch;

namespace MLExtensions.Benchmarks.Pairs;

/// <summary>One side of a pair in this process: for every line that comes in, the work is done for a while and the seconds of one call go out.</summary>
internal static class OurSide
{
    private const float MostDifference = 1e-4f;
    private const int Width = 192, Heads = 3, TokensOfCall = 8192;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.7);

    private static readonly Dictionary<string, TokenMixer> Mixers = new()
    {
        ["none"] = TokenMixer.None,
        ["softmax"] = TokenMixer.SoftmaxAttention,
        ["linear"] = TokenMixer.LinearAttention,
        ["ttt-linear"] = TokenMixer.TttLinear,
        ["ttt-mlp"] = TokenMixer.TttMlp,
    };

    internal static void Run(string threads, string[] work)
    {
        TorchRuntime.Load();
        set_num_threads(int.Parse(threads, CultureInfo.InvariantCulture));
        using var memory = KeptMemory.Hold();
        Func<int, TimeSpan> run = work switch
        {
            ["layer", var mixer, var tokens] => Layer(mixer, int.Parse(tokens, CultureInfo.InvariantCulture)),
            ["step", var mixer] => Step(Mixers[mixer]),
            _ => throw new ArgumentException($"There is no work '{string.Join(' ', work)}'."),
        };
        var one = run(1);
        var calls = Math.Max(1, (int)(Patience / run(1)));
        Console.WriteLine($"ready, the first call took {one.TotalSeconds} s");
        while (Console.ReadLine() is not null)
        {
            Console.WriteLine((run(calls) / calls).TotalSeconds.ToString(CultureInfo.InvariantCulture));
        }
    }

    // One layer of ViT-Tiny's width, forward and backward.
    private static Func<int, TimeSpan> Layer(string name, int tokens)
    {
        var layer = TokenMixers.Create(Mixers[name.Split("-nested")[0].Split("-closed")[0]], new MixerShape(Width, Heads), new Random(1))!;
        var random = new Random(1);
        var x = tensor(Enumerable.Range(0, TokensOfCall * Width).Select(_ => (float)((2 * random.NextDouble()) - 1)).ToArray(), [TokensOfCall / tokens, tokens, Width]).requires_grad_(true);
        Func<Tensor, Tensor> forward = name switch
        {
            "ttt-mlp-nested" => new NestedAutograd(layer, TokenMixer.TttMlp, new InnerLearning(), Heads).Forward,
            "ttt-mlp-closed" => new ClosedForm(layer, Heads).Forward,
            _ => layer.call,
        };
        using (NewDisposeScope())
        {
            var difference = forward(x).sub(layer.call(x)).abs().max().item<float>();
            if (difference > MostDifference)
            {
                throw new InvalidOperationException($"{name} differs from the layer by {difference}: it is other work.");
            }
        }

        return calls =>
        {
            var watch = Stopwatch.StartNew();
            for (var call = 0; call < calls; call++)
            {
                using var scope = NewDisposeScope();
                forward(x).sum().backward();
                layer.zero_grad();
                x.grad?.Dispose();
                x.grad = null;
            }

            return watch.Elapsed;
        };
    }

    // The trainer's own loop on a batch of 128 images of 32 pixels, with AdamW.
    private static Func<int, TimeSpan> Step(TokenMixer mixer)
    {
        const int side = 32, batch = 128, classes = 10;
        var random = new Random(1);
        var pixels = new byte[batch * 3 * side * side];
        random.NextBytes(pixels);
        long[] labels = [.. Enumerable.Range(0, batch).Select(image => (long)(image % classes))];
        var settings = new TttTrainingSettings { BatchSize = batch, LowResolutionFraction = 0 };
        var model = new VisionTransformer(ModelShape.Compact(side, classes) with { Mixer = mixer }, seed: 1);
        var trainable = new TttTrainable(model, new TrainingPixels(model, ImageNormalization.None, null, CPU), settings, CPU);
        IHostEnvironment context = new MLContext(1);
        var channel = context.Register(nameof(OurSide)).Start("Train");
        return calls =>
        {
            var loop = new TrainingSettings { Epochs = 1, Optimizer = new OptimizerSettings { Kind = OptimizerKind.AdamW } };
            using var source = new SameBatch(calls, () => ImageBatch.Create(pixels, labels, side, CPU));
            return new TrainingLoop<ImageBatch>(trainable, source, loop, channel).Run().Elapsed;
        };
    }

    private sealed class SameBatch(int count, Func<ImageBatch> create) : IBatchSource<ImageBatch>
    {
        public int BatchesPerEpoch => count;

        public IEnumerable<ImageBatch> ReadEpoch(int epoch, int firstBatch, CancellationToken cancellationToken) => Enumerable.Range(firstBatch, count - firstBatch).Select(_ => create());

        public void Dispose()
        {
        }
    }
}
