using MLExtensions.Accuracy.InContextRegression.Models;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.TTT;
using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Training;

namespace MLExtensions.Accuracy.InContextRegression;

/// <summary>What is an inner learner for? In-context regression inside an image: one block with each mixer, fresh images every step, equal steps.</summary>
internal sealed class Study : IDisposable
{
    private const int BatchSize = 32, ValidationImages = 1000, ValidationBatches = 20, ValidationSeed = 12345;
    private readonly PointBatch[] _validation = DrawValidation();

    /// <summary>Every mixer in one block; MTTT-Linear also with a learned start, and in three blocks, which cost about as much as one MTTT-MLP block.</summary>
    internal static IReadOnlyList<Contender> Contenders { get; } =
    [
        .. Contender.All,
        new("ttt-linear-learned-start", TokenMixer.TttLinear, new InnerLearning { LearnedStart = true, DecoderNorm = true }),
        new("ttt-linear-3-blocks", TokenMixer.TttLinear, new InnerLearning(), Depth: 3)
    ];

    /// <summary>One training run.</summary>
    internal StudyRun Run(Contender contender, int seed, int steps)
    {
        using var model = new PointClassifier(contender, seed);
        var trainable = new PointTrainable(model, _validation);
        using var source = new PointBatches(seed, steps, BatchSize);
        var settings = new TrainingSettings { Epochs = 1, WarmUpFraction = 0.05, ValidationEpochs = int.MaxValue, Clock = new ProcessorClock() };
        IHostEnvironment context = new MLContext(seed);
        using var channel = context.Register(nameof(InContextRegression)).Start("Train");
        var result = new TrainingLoop<PointBatch>(trainable, source, settings, channel).Run();
        var seconds = result.TrainingTime.TotalSeconds;
        return new StudyRun(contender.Name, seed, trainable.Parameters.Sum(parameter => parameter.Value.numel()), result.Steps, seconds,
            1000 * seconds / (result.Steps * BatchSize), result.Best!.Accuracy, result.Best.Loss);
    }

    public void Dispose()
    {
        foreach (var batch in _validation)
        {
            batch.Dispose();
        }
    }

    private static PointBatch[] DrawValidation()
    {
        var random = new Random(ValidationSeed);
        return [.. Enumerable.Range(0, ValidationBatches).Select(_ => new PointBatch(PointImages.Draw(ValidationImages / ValidationBatches, random)))];
    }
}
