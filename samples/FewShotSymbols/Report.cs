using System.Diagnostics;
using Microsoft.ML;

namespace Samples.FewShotSymbols;

/// <summary>Prints a table: what a classifier was made from, how often it is right, and how long it took.</summary>
internal static class Report
{
    /// <summary>Prints what the columns mean.</summary>
    public static void Head(IDataView questions)
    {
        Console.WriteLine($"Accuracy is over {questions.GetRowCount()} other drawings; the first row includes what is done only once in a process.");
        Console.WriteLine($"{"examples of each symbol",-30}{"accuracy",10}{"files to classifier",22}{"a prediction",15}");
    }

    /// <summary>Asks a classifier and prints a row.</summary>
    /// <param name="mlContext">The context.</param>
    /// <param name="classifier">The classifier.</param>
    /// <param name="questions">Drawings that it was not made from, and what they are.</param>
    /// <param name="named">Examples of each symbol.</param>
    /// <param name="unnamed">Further examples of each symbol, without its name.</param>
    /// <param name="making">The time it took to make.</param>
    public static void Row(MLContext mlContext, ITransformer classifier, IDataView questions, int named, int unnamed, TimeSpan making)
    {
        var clock = Stopwatch.StartNew();
        var answers = mlContext.Data.CreateEnumerable<Answer>(classifier.Transform(questions), reuseRowObject: false).ToArray();
        var each = clock.Elapsed / answers.Length;
        var right = answers.Count(answer => answer.PredictedLabel == answer.Label);
        var examples = unnamed > 0 ? $"{named} and {unnamed} without its name" : $"{named}";
        Console.WriteLine($"{examples,-30}{100.0 * right / answers.Length,8:0.0} %{making.TotalMilliseconds,19:0} ms{each.TotalMilliseconds,12:0.00} ms");
    }
}
