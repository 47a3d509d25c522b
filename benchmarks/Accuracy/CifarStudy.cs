using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.TTT;
using Microsoft.ML.TTT.Models;
using Microsoft.ML.TTT.Training;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Training;

namespace MLExtensions.Accuracy;

/// <summary>
/// CIFAR-10: the default model with every mixer, in other blocks and with more tokens, equal steps. A tenth of the training images is held out by a
/// fixed split and no run trains on it.
/// </summary>
internal sealed class CifarStudy(string dataset, int side) : IDisposable
{
    private const int BatchSize = 128;
    private readonly (ImageDataSet Training, ImageDataSet HeldOut) _images = Read(dataset, side);

    /// <summary>The control without a mixer first, then mixers in the last block, where the default has its own, then other uses of it.</summary>
    internal static IReadOnlyList<Contender> Contenders { get; } =
    [
        .. Contender.All,
        Contender.Of("ttt-linear-start", TokenMixer.TttLinear, new InnerLearning { LearnedStart = true, DecoderNorm = true }),
        Contender.Of("ttt-linear-max", TokenMixer.TttLinear) with { Pooling = TokenPooling.Max },
        Contender.Of("ttt-linear-first", TokenMixer.TttLinear) with { Blocks = [0] },
        Contender.Of("ttt-linear-all", TokenMixer.TttLinear) with { Blocks = [] },
        Contender.Of("none-256", TokenMixer.None) with { PatchSize = 2 },
        Contender.Of("ttt-linear-256", TokenMixer.TttLinear) with { PatchSize = 2 },
    ];

    /// <summary>One training run of so many steps, each on images not seen before.</summary>
    internal StudyRun Run(Contender contender, int seed, int steps)
    {
        var settings = new TttTrainingSettings
        {
            Seed = seed,
            BatchSize = BatchSize,
            Loop = new TrainingSettings { Epochs = 1, ValidationEpochs = int.MaxValue, Clock = new ProcessorClock() }
        };
        IHostEnvironment context = new MLContext(seed);
        using var channel = context.Register(nameof(CifarStudy)).Start("Train");
        var outcome = TttTraining.Train(channel, Shape(contender), First(_images.Training, steps * BatchSize, seed), _images.HeldOut, settings, TorchSharp.torch.CPU);
        using var model = outcome.Model;
        var seconds = outcome.Result.TrainingTime.TotalSeconds;
        return new StudyRun(contender.Name, seed, model.parameters().Sum(parameter => parameter.numel()), outcome.Result.Steps, seconds,
            1000 * seconds / (outcome.Result.Steps * BatchSize), outcome.Result.Best!.Accuracy, outcome.Result.Best.Loss);
    }

    public void Dispose() => _images.Training.Dispose();

    private ModelShape Shape(Contender contender)
    {
        var shape = ModelShape.Compact(side, _images.Training.ClassCount);
        var blocks = contender.Blocks is null ? shape.MixerBlocks : contender.Blocks.Count == 0 ? null : contender.Blocks;
        return shape with { Mixer = contender.Mixer, Inner = contender.Inner, MixerBlocks = blocks, PatchSize = contender.PatchSize ?? shape.PatchSize, Pooling = contender.Pooling };
    }

    /// <summary>About that many images, an equal share of every class and no fewer.</summary>
    private static ImageDataSet First(ImageDataSet images, int count, int seed) =>
        count >= images.Count ? images : images.Split(1 - (count + images.ClassCount) / (double)images.Count, seed).Training;

    private static (ImageDataSet Training, ImageDataSet HeldOut) Read(string path, int side) => ZipImages.Read(path, side, Path.GetFileName).Images.Split(0.1, seed: 0);
}
