using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Torch;
using MLExtensions.Benchmarks.Pairs;
using static TorchSharp.torch;

namespace MLExtensions.Benchmarks;

/// <summary>
/// How time and memory grow with what is trained or generated, one thing at a time; each measurement in a process of its own, on one thread. The memory is the most that is resident at once,
/// less what was when libtorch had been loaded; the slope is that of a line through the last two points on logarithmic axes, 1 where twice as much takes twice as long.
/// </summary>
internal static class GrowthBenchmark
{
    private const int Side = 32, Batch = 64, Classes = 10, Ways = 20;
    private const double LongEnough = 3;

    private static readonly (string What, int[] Sizes, Func<int, Func<double>> Work)[] All =
    [
        ("images of a training step", [32, 128, 512], batch => TransformerWork.Step(ModelShape.Compact(Side, Classes), batch)),
        ("side of 16 images of a training step", [64, 128, 256], side => TransformerWork.Step(ModelShape.Compact(side, Classes), batch: 16)),
        ("classes of a training step", [2, 100, 1_000], classes => TransformerWork.Step(ModelShape.Compact(Side, classes), Batch)),
        ("images that are trained on, for a pass over them", [500, 2_000, 8_000], PhotographWork.Pass),
        ("files of a folder, listed and sampled", [10_000, 100_000, 1_000_000], FolderWork.Sample),
        ("ways of a classifier, 1 shot", [5, 20, 80], ways => FewShotWork.Adapt(channels: 8, ways)),
        ("shots of a classifier, 20 ways", [1, 5, 20], shots => FewShotWork.Adapt(channels: 8, Ways, shots)),
        ("channels of a classifier, 20 ways, 1 shot", [16, 32, 64], channels => FewShotWork.Adapt(channels, Ways)),
    ];

    /// <summary>Measures all, or one in this process.</summary>
    internal static void Run(string[] arguments)
    {
        if (arguments is ["measure", var row, var size])
        {
            var number = int.Parse(row, CultureInfo.InvariantCulture);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, All.Length, nameof(row));
            Measure(All[number].Work, int.Parse(size, CultureInfo.InvariantCulture));
            return;
        }

        Console.WriteLine("| | sizes | seconds | slope | MiB | slope |\n|---|---|---|---|---|---|");
        for (var at = 0; at < All.Length; at++)
        {
            var (what, sizes, _) = All[at];
            var points = sizes.Select(size => InAProcessOfItsOwn("growth", "measure", $"{at}", $"{size}")).ToArray();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {what} | {Row(sizes, "N0")} | {Row(points.Select(point => point[0]), "G3")} | {Slope(0):F2} | {Row(points.Select(point => point[1]), "F0")} | {Slope(1):F2} |"));

            double Slope(int value) => Math.Log(points[^1][value] / points[^2][value]) / Math.Log((double)sizes[^1] / sizes[^2]);
        }
    }

    private static string Row<T>(IEnumerable<T> values, string format)
        where T : IFormattable => string.Join(", ", values.Select(value => value.ToString(format, CultureInfo.InvariantCulture)));

    private static double[] InAProcessOfItsOwn(params string[] arguments) =>
        [.. OwnProgram.OutputOf([.. OwnProgram.Command, .. arguments]).Split(' ').Select(value => double.Parse(value, CultureInfo.InvariantCulture))];

    private static void Measure(Func<int, Func<double>> work, int size)
    {
        TorchRuntime.Load();
        set_num_threads(1);
        using var process = Process.GetCurrentProcess();
        var before = process.WorkingSet64;
        var call = work(size);
        var seconds = call();
        seconds = seconds > LongEnough ? seconds : Enumerable.Range(0, 3).Select(_ => call()).Order().ElementAt(1);
        process.Refresh();
        Console.Write(string.Create(CultureInfo.InvariantCulture, $"{seconds} {(process.PeakWorkingSet64 - before) / (double)(1 << 20)}"));
    }
}
