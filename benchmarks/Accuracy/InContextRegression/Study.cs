using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Training;
using MLExtensions.Accuracy.InContextRegression.Models;

namespace MLExtensions.Accuracy.InContextRegression;

/// <summary>
/// What is an inner learner for? In-context regression inside an image, the same recipe for every mixer, several seeds.
/// </summary>
/// <remarks>
/// Command: dotnet run -c Release --project benchmarks/Accuracy -- in-context-regression [--seeds 3] [--steps 400] [--output FILE].
/// On two cores about 12 minutes at the defaults; --steps 200 takes half.
/// </remarks>
internal sealed class Study(int seeds, int steps, TextWriter log)
{
    private const int BatchSize = 32, ValidationImages = 1000, ValidationSeed = 12345;

    /// <summary>Trains every contestant with every seed and gives the table in Markdown.</summary>
    internal string Run()
    {
        var random = new Random(ValidationSeed);
        var validation = Enumerable.Range(0, 20).Select(_ => new PointBatch(PointImages.Draw(ValidationImages / 20, random))).ToArray();
        var rows = new List<string>
        {
            "| token mixer | blocks | parameters | ms per training image | accuracy on hidden pixels, % (mean ± spread over seeds) | each seed |",
            "|---|---|---|---|---|---|"
        };
        foreach (var contestant in Contestant.All)
        {
            var runs = Enumerable.Range(0, seeds).Select(seed => Train(contestant, seed, validation)).ToArray();
            rows.Add(Row(contestant, runs));
            log.WriteLine(rows[^1]);
        }

        foreach (var batch in validation)
        {
            batch.Dispose();
        }

        return string.Join(Environment.NewLine, rows);
    }

    private (double Accuracy, double Milliseconds, long Parameters) Train(Contestant contestant, int seed, PointBatch[] validation)
    {
        using var model = new PointClassifier(contestant, seed);
        var trainable = new PointTrainable(model, validation);
        using var source = new PointBatches(seed, steps, BatchSize);
        var settings = new TrainingSettings { Epochs = 1, WarmUpFraction = 0.05, ValidationEpochs = int.MaxValue };
        using var channel = ((IHostEnvironment)new MLContext(seed)).Start(nameof(InContextRegression));
        var result = new TrainingLoop<PointBatch>(trainable, source, settings, channel).Run();
        var milliseconds = (result.Elapsed - trainable.ValidationTime).TotalMilliseconds / (steps * BatchSize);
        return (100 * result.Best!.Accuracy, milliseconds, trainable.Parameters.Sum(parameter => parameter.Value.numel()));
    }

    private static string Row(Contestant contestant, (double Accuracy, double Milliseconds, long Parameters)[] runs)
    {
        double mean = runs.Average(run => run.Accuracy);
        double spread = runs.Length < 2 ? 0 : Math.Sqrt(runs.Sum(run => (run.Accuracy - mean) * (run.Accuracy - mean)) / (runs.Length - 1));
        string each = string.Join(", ", runs.Select(run => run.Accuracy.ToString("F1", CultureInfo.InvariantCulture)));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {contestant.Name} | {contestant.Depth} | {runs[0].Parameters:N0} | {runs.Average(run => run.Milliseconds):F2} | {mean:F1} ± {spread:F1} | {each} |");
    }
}
