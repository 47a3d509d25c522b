using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.TTT.Models;
using Microsoft.ML.TTT.Training;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Training;

namespace MLExtensions.Accuracy;

/// <summary>
/// CIFAR-10: every mixer in every block of one backbone, equal steps or equal processor time. A tenth of the training images is held out by a
/// fixed split and no run trains on it.
/// </summary>
internal sealed class CifarStudy(string dataset, int side) : IDisposable
{
    private const int BatchSize = 128;
    private readonly (ImageDataSet Training, ImageDataSet HeldOut) _images = Read(dataset, side);

    /// <summary>The backbone of the study: small enough for three seeds of every mixer, and with nothing that mixes tokens but the mixer.</summary>
    internal static ModelShape Backbone(Contender contender, int side) => new()
    {
        ImageSize = side,
        Classes = 10,
        Width = 64,
        Heads = 2,
        Depth = contender.Depth ?? 3,
        PatchSize = 4,
        Stem = Microsoft.ML.TTT.ImageStem.Convolution,
        Positions = Microsoft.ML.TTT.PositionEncoding.SinCos,
        Mixer = contender.Mixer,
        Inner = contender.Inner
    };

    /// <summary>One training run: so many steps, each on images not seen before, or so much processor time. Exactly one of the two is given.</summary>
    internal StudyRun Run(Contender contender, int seed, int? steps, TimeSpan? time)
    {
        var settings = new TttTrainingSettings
        {
            Seed = seed,
            BatchSize = BatchSize,
            LowResolutionFraction = 0,
            Loop = new TrainingSettings { Epochs = 1, TimeBudget = time, ValidationEpochs = int.MaxValue, Clock = new ProcessorClock() }
        };
        IHostEnvironment context = new MLContext(seed);
        using var channel = context.Register(nameof(CifarStudy)).Start("Train");
        var training = steps is { } count ? First(_images.Training, count * BatchSize, seed) : _images.Training;
        var outcome = TttTraining.Train(channel, Backbone(contender, side), training, _images.HeldOut, settings, TorchSharp.torch.CPU);
        using var model = outcome.Model;
        var seconds = outcome.Result.TrainingTime.TotalSeconds;
        return new StudyRun(contender.Name, seed, model.parameters().Sum(parameter => parameter.numel()), outcome.Result.Steps, seconds,
            1000 * seconds / (outcome.Result.Steps * BatchSize), outcome.Result.Best!.Accuracy, outcome.Result.Best.Loss);
    }

    public void Dispose() => _images.Training.Dispose();

    /// <summary>About that many images, an equal share of every class and no fewer.</summary>
    private static ImageDataSet First(ImageDataSet images, int count, int seed) =>
        count >= images.Count ? images : images.Split(1 - (count + images.ClassCount) / (double)images.Count, seed).Training;

    private static (ImageDataSet Training, ImageDataSet HeldOut) Read(string path, int side) => ZipImages.Read(path, side, Path.GetFileName).Images.Split(0.1, seed: 0);
}
