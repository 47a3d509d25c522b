using Microsoft.ML.TTT;
using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Torch;
using Microsoft.ML.VisionCore.Training;
using Microsoft.ML.VisionCore.Weights;
using static TorchSharp.torch;

namespace MLExtensions.Accuracy.Details;

/// <summary>
/// Small marks in large pictures: two blocks on the convolutional stem, with many tokens and mixers whose time is linear in them, with as many as softmax attention can afford, with the
/// picture scaled down, and with no mixer: convolutions alone.
/// </summary>
internal sealed class DetailStudy(string folder) : IDisposable
{
    private const int BatchSize = 16, BatchesPerEpoch = 50, ValidationBatches = 20, ValidationSeed = 12345;
    private const int Width = 32, Depth = 2, Heads = 1;
    private readonly DetailPictures _pictures = new(folder);

    internal static IReadOnlyList<string> Columns { get; } = ["one mark", "two marks"];

    /// <summary>1,024 tokens; then 4,096, and 256 by a larger stride or by a smaller picture.</summary>
    internal static IReadOnlyList<Contender> Contenders { get; } =
    [
        Of("none-1024", TokenMixer.None),
        Of("linear-1024", TokenMixer.LinearAttention),
        Of("softmax-1024", TokenMixer.SoftmaxAttention),
        Of("ttt-mlp-1024", TokenMixer.TttMlp),
        Of("linear-4096", TokenMixer.LinearAttention) with { PatchSize = 4 },
        Of("softmax-256", TokenMixer.SoftmaxAttention) with { PatchSize = 16 },
        Of("softmax-64px", TokenMixer.SoftmaxAttention) with { PatchSize = 4, Side = 64 },
        Of("ttt-linear-1024", TokenMixer.TttLinear),
        Of("mesa-1024", TokenMixer.Mesa),
        Of("softmax-4096", TokenMixer.SoftmaxAttention) with { PatchSize = 4 },
        Of("linear-1024-mean", TokenMixer.LinearAttention) with { Pooling = TokenPooling.Mean },
    ];

    /// <summary>One training run.</summary>
    internal IReadOnlyList<CurvePoint> Run(Contender contender, int seed, double seconds)
    {
        var shape = ModelShape.Compact(contender.Side ?? DetailPictures.Side, DetailPictures.Classes) with
        {
            PatchSize = contender.PatchSize!.Value,
            Width = Width,
            Depth = Depth,
            Heads = Heads,
            Mixer = contender.Mixer,
            Inner = contender.Inner,
            MixerBlocks = null,
            Pooling = contender.Pooling,
        };
        using var model = new VisionTransformer(shape, seed);
        using var source = new DrawnBatches<ImageBatch>(seed, BatchesPerEpoch, random => _pictures.Draw(BatchSize, isHeldOut: false, random));
        var trainable = new Trainable(model, _pictures);
        return LearningCurve.Train(contender.Name, seed, trainable, source, seconds, metrics => [trainable.OfOneMark, metrics.Accuracy]);
    }

    public void Dispose() => _pictures.Dispose();

    // A token for 8 pixels: 1,024 in all.
    private static Contender Of(string name, TokenMixer mixer) => Contender.Of(name, mixer) with { PatchSize = 8, Pooling = TokenPooling.Max };

    private sealed class Trainable(VisionTransformer model, DetailPictures pictures) : ITrainable<ImageBatch>
    {
        public IReadOnlyList<TrainableParameter> Parameters { get; } =
            [.. ParameterKinds.Of(model, VisionTransformer.NotMatrices, VisionTransformer.NotDecayed).Select(entry => new TrainableParameter(entry.Name, entry.Tensor, entry.Kind))];

        public IReadOnlyList<(string Name, Tensor Value)> State { get; } = ModuleWeights.Of(model);

        public double ValidationCost => 0;

        /// <summary>The share of right answers among the held-out pictures with one mark, at the last validation.</summary>
        internal double OfOneMark { get; private set; }

        public BatchLoss Loss(ImageBatch batch, StepInfo step)
        {
            var logits = Logits(batch);
            return new BatchLoss(nn.functional.cross_entropy(logits, batch.Labels), logits.detach().argmax(1).eq(batch.Labels).to(float32).mean());
        }

        public void SetTraining(bool training) => model.train(training);

        public ValidationMetrics? Validate(CancellationToken cancellationToken)
        {
            using var none = no_grad();
            var random = new Random(ValidationSeed);
            var (right, all) = (new long[2], new long[2]);
            for (var i = 0; i < ValidationBatches; i++)
            {
                using var scope = NewDisposeScope();
                using var batch = pictures.Draw(BatchSize, isHeldOut: true, random);
                var labels = batch.Labels.data<long>().ToArray();
                var answers = Logits(batch).argmax(1).data<long>().ToArray();
                foreach (var (label, answer) in labels.Zip(answers))
                {
                    var kind = DetailPictures.IsOfPairs(label) ? 1 : 0;
                    all[kind]++;
                    right[kind] += label == answer ? 1 : 0;
                }
            }

            OfOneMark = (double)right[0] / all[0];
            return new ValidationMetrics(0, (double)right[1] / all[1], all[1]);
        }

        private Tensor Logits(ImageBatch batch)
        {
            var pixels = batch.Inputs.to(float32).Div(127.5).Sub(1);                            // [B, 3, 256, 256]
            return model.call(model.Shape.ImageSize < DetailPictures.Side ? nn.functional.avg_pool2d(pixels, DetailPictures.Side / model.Shape.ImageSize) : pixels);
        }
    }
}
