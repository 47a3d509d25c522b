using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Torch;
using Microsoft.ML.VisionCore.Training;

namespace MLExtensions.Accuracy;

/// <summary>
/// A training whose rate does not fall, and which is validated as it goes, with the moving average of its weights: one run tells what any number of steps up to
/// its end comes to, and any time.
/// </summary>
internal static class LearningCurve
{
    private const int Endless = 1_000_000, WarmUpSteps = 20;
    private const double EmaDecay = 0.97;

    /// <summary>Trains until the time is over and an epoch with it.</summary>
    /// <param name="contender">The row's name.</param>
    /// <param name="seed">Of the weights and the data.</param>
    /// <param name="trainable">What is trained.</param>
    /// <param name="source">Its batches; the model is validated after each of its epochs.</param>
    /// <param name="seconds">Time to train for, without validations.</param>
    /// <param name="accuracies">A validation → what is to stand in the table.</param>
    internal static IReadOnlyList<CurvePoint> Train<TBatch>(string contender, int seed, ITrainable<TBatch> trainable, IBatchSource<TBatch> source, double seconds,
        Func<ValidationMetrics, IReadOnlyList<double>> accuracies)
        where TBatch : class, IDisposable
    {
        var points = new List<CurvePoint>();
        using var end = new CancellationTokenSource();
        var settings = new TrainingSettings
        {
            Epochs = Endless,
            WarmUpFraction = WarmUpSteps / ((double)Endless * source.BatchesPerEpoch),
            EmaDecay = EmaDecay,
            ProgressInterval = TimeSpan.MaxValue,
            CancellationToken = end.Token,
            Clock = new ProcessorClock(),
            Progress = progress =>
            {
                var spent = (progress.Elapsed - progress.ValidationTime).TotalSeconds;
                var point = new CurvePoint(contender, seed, trainable.Parameters.Sum(parameter => parameter.Value.numel()), progress.Step, spent, accuracies(progress.Validation!));
                Console.WriteLine(point);
                points.Add(point);
                if (spent >= seconds)
                {
                    end.Cancel();
                }
            },
        };
        IHostEnvironment context = new MLContext(seed);
        using var channel = context.Register(nameof(LearningCurve)).Start("Train");
        using var kept = KeptMemory.Hold();
        new TrainingLoop<TBatch>(trainable, source, settings, channel).Run();
        return points;
    }
}

/// <summary>What a training had come to at one moment.</summary>
/// <param name="Contender">The row's name.</param>
/// <param name="Seed">Of the weights and of the training data.</param>
/// <param name="Parameters">Trained numbers.</param>
/// <param name="Steps">Optimiser steps made.</param>
/// <param name="Seconds">Processor time in the training loop, without validations.</param>
/// <param name="Accuracies">On the held-out data, in [0, 1], one for each column of the study.</param>
internal sealed record CurvePoint(string Contender, int Seed, long Parameters, long Steps, double Seconds, IReadOnlyList<double> Accuracies)
{
    /// <summary>One line for a log.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Contender} seed {Seed}: {string.Join(", ", Accuracies.Select(accuracy => $"{100 * accuracy:F1} %"))} after {Steps} steps, {Seconds:F0} s");
}
