using Microsoft.ML.TTT;

namespace Samples;

/// <summary>Shows how training goes: one line that is written over, or a line an epoch where the output is a file.</summary>
internal static class ProgressLine
{
    private const int Width = 30;
    private static float _accuracy;

    /// <summary>The metrics callback of the trainer.</summary>
    public static void Show(TTTImageClassificationTrainer.ImageClassificationMetrics metrics)
    {
        var isValidation = metrics.Train.DatasetUsed == TTTImageClassificationTrainer.ImageClassificationMetrics.Dataset.Validation;
        _accuracy = isValidation ? metrics.Train.Accuracy : _accuracy;
        var done = (int)Math.Round(Width * metrics.Progress);
        var line = $"[{new string('#', done)}{new string('.', Width - done)}] {metrics.Progress,4:0%}  epoch {metrics.Train.Epoch}, "
            + $"validation accuracy {_accuracy:0.000}, {metrics.Elapsed:m\\:ss}";
        if (!Console.IsOutputRedirected)
        {
            Console.Write($"\r{line,-79}");
        }
        else if (isValidation)
        {
            Console.WriteLine(line);
        }
    }

    /// <summary>Leaves the line as it is.</summary>
    public static void End()
    {
        if (!Console.IsOutputRedirected)
        {
            Console.WriteLine();
        }
    }
}
