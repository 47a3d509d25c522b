using System.Diagnostics;
using Microsoft.ML;

namespace Samples;

/// <summary>Uses a saved model as an application would: it needs the file and a plain MLContext, nothing else.</summary>
internal static class Prediction
{
    /// <summary>Loads the model and prints its answer for each image.</summary>
    public static void Run(string modelFile, string[] imagePaths)
    {
        var mlContext = new MLContext();
        var model = mlContext.Model.Load(modelFile, out _);
        var engine = mlContext.Model.CreatePredictionEngine<ImageFile, ImagePrediction>(model);
        foreach (var path in imagePaths)
        {
            var answer = engine.Predict(new ImageFile { ImagePath = path });
            var shown = Path.Combine(Path.GetFileName(Path.GetDirectoryName(path)) ?? "", Path.GetFileName(path));
            Console.WriteLine($"    {shown}: {answer.PredictedLabel}, {100 * answer.Score.Max():0.0} %");
        }
    }

    /// <summary>Starts this program once more and lets that one predict.</summary>
    public static void RunInAnotherProcess(string modelFile, IEnumerable<string> imagePaths)
    {
        var isHosted = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet";
        string[] program = isHosted ? [typeof(Prediction).Assembly.Location] : [];
        using var other = Process.Start(Environment.ProcessPath!, [.. program, "predict", modelFile, .. imagePaths]);
        other.WaitForExit();
        if (other.ExitCode != 0)
        {
            throw new InvalidOperationException($"The predicting process ended with {other.ExitCode}.");
        }
    }
}
