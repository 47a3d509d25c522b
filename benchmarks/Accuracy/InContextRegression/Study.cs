using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.TTT;
using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Training;
using MLExtensions.Accuracy.InContextRegression.Models;

namespace MLExtensions.Accuracy.InContextRegression;

/// <summary>What is an inner learner for? In-context regression inside an image: one block with each mixer, fresh images every step, equal steps.</summary>
internal sealed class Study(int tokens) : IDisposable
{
    private const int LeastBatch = 2, ValidationBatches = 20, ValidationSeed = 12345, StepsPerValidation = 50;
    private const int TokensOfBatch = 32 * 256, TokensOfValidation = 1000 * 256;
    private int BatchSize => Math.Max(LeastBatch, TokensOfBatch / tokens);
    private readonly PointBatch[] _validation = DrawValidation(tokens);

    /// <summary>Every mixer in one block; MTTT-Linear also with a learned start, and in three blocks, which cost about as much as one MTTT-MLP block.</summary>
    internal static IReadOnlyList<Contender> Contenders { get; } =
    [
        .. Contender.All,
        Contender.Of("mesa", TokenMixer.Mesa),
        Contender.Of("gated-delta-net", TokenMixer.GatedDeltaNet),
        new("ttt-linear-learned-start", TokenMixer.TttLinear, new InnerLearning { LearnedStart = true, DecoderNorm = true }),
        new("ttt-linear-3-blocks", TokenMixer.TttLinear, new InnerLearning(), Depth: 3)
    ];

    internal static IReadOnlyList<string> Columns { get; } = ["held-out accuracy, %,"];

    /// <summary>One training run of so many seconds.</summary>
    internal IReadOnlyList<CurvePoint> Curve(Contender contender, int seed, double seconds)
    {
        using var model = new PointClassifier(contender, seed);
        using var source = Batches(seed, StepsPerValidation);
        return LearningCurve.Train(contender.Name, seed, new PointTrainable(model, _validation), source, seconds, metrics => [metrics.Accuracy]);
    }

    /// <summary>One training run of so many steps.</summary>
    internal StudyRun Run(Contender contender, int seed, int steps)
    {
        using var model = new PointClassifier(contender, seed);
        var trainable = new PointTrainable(model, _validation);
        using var source = Batches(seed, steps);
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

    private DrawnBatches<PointBatch> Batches(int seed, int count) => new(seed, count, random => new PointBatch(PointImages.Draw(BatchSize, tokens, random)));

    private static PointBatch[] DrawValidation(int tokens)
    {
        var random = new Random(ValidationSeed);
        return [.. Enumerable.Range(0, ValidationBatches).Select(_ => new PointBatch(PointImages.Draw(TokensOfValidation / tokens / ValidationBatches, tokens, random)))];
    }
}
