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

/// <summary>Token mixers and the vision transformer around them.</summary>
internal static class TransformerWork
{
    private const float MostDifference = 1e-4f;
    private const int Width = 192, Heads = 3, TokensOfCall = 8192, Classes = 10;

    /// <summary>All token mixers by their names in rows.</summary>
    internal static readonly OrderedDictionary<string, TokenMixer> Mixers = new()
    {
        ["none"] = TokenMixer.None,
        ["softmax"] = TokenMixer.SoftmaxAttention,
        ["linear"] = TokenMixer.LinearAttention,
        ["elu"] = TokenMixer.LinearAttentionElu,
        ["ttt-linear"] = TokenMixer.TttLinear,
        ["ttt-mlp"] = TokenMixer.TttMlp,
        ["vit3"] = TokenMixer.ViT3,
        ["cosformer"] = TokenMixer.CosFormer,
        ["norm"] = TokenMixer.NormAttention,
        ["diagonal"] = TokenMixer.DiagonalAttention,
        ["gla"] = TokenMixer.GatedLinearAttention,
        ["lightning"] = TokenMixer.LightningAttention,
        ["mesa"] = TokenMixer.Mesa,
        ["rala"] = TokenMixer.RalaAttention,
        ["inline"] = TokenMixer.InLineAttention,
        ["gated-delta"] = TokenMixer.GatedDeltaNet,
    };

    /// <summary>One layer of ViT-Tiny's width on 8,192 tokens, forward and backward.</summary>
    /// <param name="name">A mixer; with "-nested" or "-closed" behind it, written as these and not as ours is.</param>
    /// <param name="tokens">Of each sequence.</param>
    internal static Func<double> Layer(string name, int tokens)
    {
        var memory = KeptMemory.Hold();
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

        return OurSide.Repeated(() =>
        {
            GC.KeepAlive(memory);
            using var scope = NewDisposeScope();
            forward(x).sum().backward();
            layer.zero_grad();
            x.grad?.Dispose();
            x.grad = null;
        });
    }

    /// <summary>The trainer's own loop on a batch of 128 images of 32 pixels, with AdamW.</summary>
    internal static Func<double> Step(string mixer) => Step(ModelShape.Compact(32, Classes) with { Mixer = Mixers[mixer] }, batch: 128);

    /// <summary>The same on 16 pictures of 128 pixels, all stages of the backbone trained.</summary>
    internal static Func<double> FineTuningStep() => Step(ModelShape.OnResNet18(128, Classes), batch: 16);

    /// <summary>The same with other models.</summary>
    internal static Func<double> Step(ModelShape shape, int batch)
    {
        var (side, random) = (shape.ImageSize, new Random(1));
        var pixels = new byte[batch * 3 * side * side];
        random.NextBytes(pixels);
        long[] labels = [.. Enumerable.Range(0, batch).Select(image => (long)(image % shape.Classes))];
        var settings = new TttTrainingSettings { BatchSize = batch, LowResolutionFraction = 0 };
        var model = new VisionTransformer(shape, seed: 1);
        var trainable = new TttTrainable(model, new TrainingPixels(model, ImageNormalization.None, null, CPU), settings, CPU);
        return Steps(trainable, () => ImageBatch.Create(pixels, labels, side, CPU));
    }

    /// <summary>Steps of a training with AdamW, all on the same batch.</summary>
    internal static Func<double> Steps<TBatch>(ITrainable<TBatch> trainable, Func<TBatch> create)
        where TBatch : class, IDisposable
    {
        IHostEnvironment context = new MLContext(1);
        var channel = context.Register(nameof(TransformerWork)).Start("Train");
        var memory = KeptMemory.Hold();
        return OurSide.Repeated(calls =>
        {
            GC.KeepAlive(memory);
            var loop = new TrainingSettings { Epochs = 1, Optimizer = new OptimizerSettings { Kind = OptimizerKind.AdamW } };
            using var source = new SameBatch<TBatch>(calls, create);
            return new TrainingLoop<TBatch>(trainable, source, loop, channel).Run().Elapsed;
        });
    }

    private sealed class SameBatch<TBatch>(int count, Func<TBatch> create) : IBatchSource<TBatch>
        where TBatch : class, IDisposable
    {
        public int BatchesPerEpoch => count;

        public IEnumerable<TBatch> ReadEpoch(int epoch, int firstBatch, CancellationToken cancellationToken) => Enumerable.Range(firstBatch, count - firstBatch).Select(_ => create());

        public void Dispose()
        {
        }
    }
}
