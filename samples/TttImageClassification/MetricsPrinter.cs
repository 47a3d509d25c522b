using Microsoft.ML.Data;

namespace Samples;

/// <summary>Prints metrics in the layout of ML.NET's samples.</summary>
internal static class MetricsPrinter
{
    /// <summary>Prints the accuracies, the log-loss and the confusion table.</summary>
    public static void Print(string name, MulticlassClassificationMetrics metrics)
    {
        Console.WriteLine("************************************************************");
        Console.WriteLine($"*    Metrics for {name} multi-class classification model");
        Console.WriteLine("*-----------------------------------------------------------");
        Console.WriteLine($"    MicroAccuracy = {metrics.MicroAccuracy:0.####}, a value between 0 and 1, the closer to 1, the better");
        Console.WriteLine($"    MacroAccuracy = {metrics.MacroAccuracy:0.####}, a value between 0 and 1, the closer to 1, the better");
        Console.WriteLine($"    LogLoss = {metrics.LogLoss:0.####}, the closer to 0, the better");
        Console.WriteLine($"    LogLossReduction = {metrics.LogLossReduction:0.####}, the closer to 1, the better");
        Console.WriteLine("************************************************************");
        Console.WriteLine(metrics.ConfusionMatrix.GetFormattedConfusionTable());
    }
}
