using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.TTT;
using Microsoft.ML.VisionCore.Torch;
using MLExtensions.Benchmarks.Pairs;

namespace MLExtensions.Benchmarks;

/// <summary>How long a process takes to its first prediction, of a program that uses the library and of the command-line tool; medians.</summary>
internal static class StartBenchmark
{
    private const int Repeats = 7, Side = 64;

    /// <summary>Trains a small model, and starts processes that use it.</summary>
    internal static void Run()
    {
        using var photographs = new DrawnPhotographs();
        var file = Path.Combine(photographs.Folder, "model.zip");
        var image = Directory.EnumerateFiles(photographs.Folder, "*.jpg", SearchOption.AllDirectories).First();
        Save(photographs.Folder, file);

        var parts = Enumerable.Range(0, Repeats).Select(_ => OwnProgram.OutputOf([.. OwnProgram.Command, "first", file, image])
            .Split(' ').Select(part => double.Parse(part, CultureInfo.InvariantCulture)).ToArray()).ToArray();
        Console.WriteLine("| the library, in a process of its own | s |\n|---|---|");
        string[] names = ["the runtime, until Main begins", "libtorch", "the model", "the first prediction"];
        for (var part = 0; part < names.Length; part++)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {names[part]} | {Median(parts.Select(some => some[part])):F2} |"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| all | {Median(parts.Select(some => some.Sum())):F2} |\n\n| from the shell | s |\n|---|---|"));
        foreach (var arguments in new string[][] { ["--help"], ["predict", "--model", file, image] })
        {
            OwnProgram.OutputOf([Tool(), .. arguments]);
            var seconds = Median(Enumerable.Range(0, Repeats).Select(_ =>
            {
                var watch = Stopwatch.StartNew();
                OwnProgram.OutputOf([Tool(), .. arguments]);
                return watch.Elapsed.TotalSeconds;
            }));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| `./mlext {arguments[0]}` | {seconds:F2} |"));
        }
    }

    /// <summary>What such a process does.</summary>
    internal static void First(string model, string image)
    {
        using var process = Process.GetCurrentProcess();
        double[] times = [(DateTime.Now - process.StartTime).TotalSeconds, 0, 0, 0];
        var watch = Stopwatch.StartNew();
        times[1] = Timed(TorchRuntime.Load);
        var context = new MLContext(1);
        ITransformer? loaded = null;
        times[2] = Timed(() => loaded = context.Model.Load(model, out _));
        times[3] = Timed(() => context.Model.CreatePredictionEngine<Photograph, Prediction>(loaded).Predict(new Photograph { Image = File.ReadAllBytes(image) }));
        Console.Write(string.Join(' ', times.Select(time => time.ToString(CultureInfo.InvariantCulture))));

        double Timed(Action action)
        {
            watch.Restart();
            action();
            return watch.Elapsed.TotalSeconds;
        }
    }

    private static void Save(string folder, string file)
    {
        var context = new MLContext(1);
        var images = Directory.EnumerateFiles(folder, "*.jpg", SearchOption.AllDirectories).Select(path => new Photograph { Image = File.ReadAllBytes(path), Label = Path.GetFileName(Path.GetDirectoryName(path)!) });
        var data = context.Data.LoadFromEnumerable(images.ToArray());
        var pipeline = context.Transforms.Conversion.MapValueToKey("Label")
            .Append(context.MulticlassClassification.Trainers.TTTImageClassification(new TTTImageClassificationTrainer.Options { FeatureColumnName = "Image", ImageSize = Side, Epoch = 1 }))
            .Append(context.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        using var model = pipeline.Fit(data);
        context.Model.Save(model, data.Schema, file);
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Repeats / 2);

    private static string Tool([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "mlext");

    private sealed class Photograph
    {
        public byte[] Image { get; set; } = [];

        public string Label { get; set; } = "";
    }

    private sealed class Prediction
    {
        public float[] Score { get; set; } = [];
    }
}
