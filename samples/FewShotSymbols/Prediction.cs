using System.Diagnostics;
using Microsoft.ML;

namespace Samples.FewShotSymbols;

/// <summary>Uses a saved classifier as an application would: it needs the file and a plain MLContext, nothing else.</summary>
internal static class Prediction
{
    /// <summary>Loads the classifier and prints its answer for each image.</summary>
    public static void Run(string classifierFile, string[] imagePaths)
    {
        var mlContext = new MLContext();
        var classifier = mlContext.Model.Load(classifierFile, out _);
        using var engine = mlContext.Model.CreatePredictionEngine<Drawing, Answer>(classifier);
        foreach (var path in imagePaths)
        {
            var answer = engine.Predict(new Drawing { ImagePath = path });
            var shown = Path.Combine(Path.GetFileName(Path.GetDirectoryName(path)) ?? "", Path.GetFileName(path));
            Console.WriteLine($"    {shown}: {answer.PredictedLabel}, {100 * answer.Score.Max():0.0} %");
        }
    }

    /// <summary>Starts this program once more and lets that one predict.</summary>
    public static void RunInAnotherProcess(string classifierFile, IEnumerable<string> imagePaths)
    {
        var isHosted = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet";
        string[] program = isHosted ? [typeof(Prediction).Assembly.Location] : [];
        using var other = Process.Start(Environment.ProcessPath!, [.. program, "predict", classifierFile, .. imagePaths]);
        other.WaitForExit();
        if (other.ExitCode != 0)
        {
            throw new InvalidOperationException($"The predicting process ended with {other.ExitCode}.");
        }
    }
}
