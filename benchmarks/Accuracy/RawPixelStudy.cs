using Microsoft.ML.TTT.Models;
using Microsoft.ML.TTT.Training;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Training;
using static TorchSharp.torch;

namespace MLExtensions.Accuracy;

/// <summary>CIFAR-10 read pixel by pixel, 1,024 tokens and no convolution: four blocks of width 64. A tenth of the training images is held out by a fixed split, and 1,000 of those are looked at.</summary>
internal sealed class RawPixelStudy(string dataset) : IDisposable
{
    private const int Side = 32, BatchSize = 32, BatchesPerEpoch = 100;
    private const int Width = 64, Depth = 4, Heads = 2;
    private readonly (ImageDataSet Training, ImageDataSet HeldOut) _images = Read(dataset);

    internal static IReadOnlyList<string> Columns { get; } = ["held-out accuracy, %,"];

    /// <summary>One training run.</summary>
    internal IReadOnlyList<CurvePoint> Run(Contender contender, int seed, double seconds)
    {
        var shape = ModelShape.Tiny(Side, _images.Training.ClassCount, patchSize: 1) with
        {
            Width = Width,
            Depth = Depth,
            Heads = Heads,
            Mixer = contender.Mixer,
            Inner = contender.Inner,
        };
        using var model = new VisionTransformer(shape, seed);
        var settings = new TttTrainingSettings { BatchSize = BatchSize, LowResolutionFraction = 0 };
        using var trainable = new TttTrainable(model, new TrainingPixels(model, ImageNormalization.Measure(_images.Training), _images.HeldOut, CPU), settings, CPU);
        using var images = new ImageBatchReader(_images.Training, new Augmentation { CropPadding = 2, AlternatingFlip = true }, BatchSize, seed, CPU);
        using var source = new Parts(images);
        return LearningCurve.Train(contender.Name, seed, trainable, source, seconds, metrics => [metrics.Accuracy]);
    }

    public void Dispose() => _images.Training.Dispose();

    private static (ImageDataSet Training, ImageDataSet HeldOut) Read(string path)
    {
        var (training, heldOut) = ZipImages.Read(path, Side, Path.GetFileName).Images.Split(0.1, seed: 0);
        return (training, heldOut.Split(0.2, seed: 0).Validation);
    }

    // Short epochs, which are validated oftener.
    private sealed class Parts(IBatchSource<ImageBatch> source) : IBatchSource<ImageBatch>
    {
        public int BatchesPerEpoch => RawPixelStudy.BatchesPerEpoch;

        public IEnumerable<ImageBatch> ReadEpoch(int epoch, int firstBatch, CancellationToken cancellationToken)
        {
            var (whole, first) = Math.DivRem((epoch * BatchesPerEpoch) + firstBatch, source.BatchesPerEpoch);
            return source.ReadEpoch(whole, first, cancellationToken).Take(BatchesPerEpoch - firstBatch);
        }

        public void Dispose()
        {
        }
    }
}
