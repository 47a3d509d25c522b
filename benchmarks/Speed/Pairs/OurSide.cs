using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace MLExtensions.Benchmarks.Pairs;

/// <summary>One side of a pair in this process: for every line that comes in, the work is done for a while and the seconds of one call go out.</summary>
internal static class OurSide
{
    private const int Latencies = 200, CallsBefore = 1_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.7);

    internal static void Run(int threads, string[] work)
    {
        TorchRuntime.Load();
        set_num_threads(threads);
        var seconds = Work(work, threads);
        Console.WriteLine("ready");
        while (Console.ReadLine() is not null)
        {
            Console.WriteLine(seconds().ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Work that is repeated for a while; its first calls, or the one where that takes long, do not count.</summary>
    /// <param name="call">What is timed.</param>
    /// <returns>Does it, and says what one call took.</returns>
    internal static Func<double> Repeated(Action call) => Repeated(calls =>
    {
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < calls; i++)
        {
            call();
        }

        return watch.Elapsed;
    });

    /// <summary>The same of work that repeats itself.</summary>
    /// <param name="run">Calls → what they took together.</param>
    internal static Func<double> Repeated(Func<int, TimeSpan> run)
    {
        var first = run(1);
        var calls = first > Patience + Patience ? 1 : Math.Max(1, (int)(Patience / run(1)));
        return () => run(calls).TotalSeconds / calls;
    }

    private static Func<double> Work(string[] work, int threads) => work switch
    {
        ["product", var side] => MatrixWork.Product(Number(side)),
        ["layer", var mixer, var tokens] => TransformerWork.Layer(mixer, Number(tokens)),
        ["step", "fine-tuning"] => TransformerWork.FineTuningStep(),
        ["step", var mixer] => TransformerWork.Step(mixer),
        ["train", var folder] => new PhotographWork(folder).Train(),
        ["train-on-disk", var folder] => new PhotographWork(folder).Train(inMemory: false),
        ["score", var folder] => new PhotographWork(folder).Score(onBackbone: false),
        ["score-backbone", var folder] => new PhotographWork(folder).Score(onBackbone: true),
        ["score-onnx", var folder] => new PhotographWork(folder).ScoreInOnnxRuntime(onBackbone: false, threads),
        ["score-backbone-onnx", var folder] => new PhotographWork(folder).ScoreInOnnxRuntime(onBackbone: true, threads),
        ["featurize", var folder] => new PhotographWork(folder).Featurize(),
        ["predict", var folder, var quantile] => Latency(new PhotographWork(folder).Predict(), double.Parse(quantile, CultureInfo.InvariantCulture)),
        ["backbone"] => BackboneWork.Ours(),
        ["backbone-onnx"] => BackboneWork.OnnxRuntime(threads),
        ["episodes", var channels] => FewShotWork.Episodes(Number(channels)),
        ["adapt", var channels] => FewShotWork.Adapt(Number(channels)),
        ["classify", var channels] => FewShotWork.Classify(Number(channels)),
        ["classify-onnx", var channels] => FewShotWork.ClassifyInOnnxRuntime(Number(channels), threads),
        _ => throw new ArgumentException($"There is no work '{string.Join(' ', work)}'."),
    };

    // What is compiled anew while calls go on is done by then.
    private static Func<double> Latency(Action call, double quantile)
    {
        for (var i = 0; i < CallsBefore; i++)
        {
            call();
        }

        return () => Quantile(call, quantile);
    }

    private static double Quantile(Action call, double quantile)
    {
        var times = new double[Latencies];
        for (var i = 0; i < times.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            call();
            times[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        Array.Sort(times);
        return times[(int)(quantile * times.Length)];
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
