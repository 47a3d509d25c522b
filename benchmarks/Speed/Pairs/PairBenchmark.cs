using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace MLExtensions.Benchmarks.Pairs;

/// <summary>
/// Ours beside theirs: both sides are processes that stay, and are asked by turns to do the same work for a while, on the same processors and with as many threads; the ratio is the median
/// over the turns. PyTorch's side needs Debian's python3-torch, python3-torchvision and libopenblas0-pthread; taskset, of util-linux, keeps both to their processors.
/// </summary>
internal static class PairBenchmark
{
    private const int Turns = 7, QuickTurns = 3;
    private static readonly TimeSpan QuickPatience = TimeSpan.FromSeconds(5);
    private const double Slack = 1.25;
    private const string Python = "/usr/bin/python3";

    /// <summary>Measures all pairs, or those whose name contains all words.</summary>
    /// <param name="arguments">
    /// Words; "--quick" for fewer turns, none that begins after 5 seconds, and as many rows at once as there are processors for, of which those that are slow are measured again alone; "--threads" and a number, 1 where not given; "--against" and a file with such a table, whose ratios take the place of the limits, with a quarter more.
    /// </param>
    /// <returns>Whether every ratio is within its limit.</returns>
    internal static bool Run(IReadOnlyList<string> arguments)
    {
        if (arguments.FirstOrDefault(argument => argument.StartsWith("--", StringComparison.Ordinal) && argument is not ("--quick" or "--threads" or "--against")) is { } unknown)
        {
            throw new ArgumentException($"There is no option {unknown}: [--quick] [--threads N] [--against FILE] [WORD...].");
        }

        if (arguments.Contains("--against") && After(arguments, "--against") is null)
        {
            throw new ArgumentException("--against takes a file with a table of ratios.");
        }

        var isQuick = arguments.Contains("--quick");
        var (turns, patience) = isQuick ? (QuickTurns, QuickPatience) : (Turns, TimeSpan.MaxValue);
        var (threads, record) = (arguments.Contains("--threads") ? Threads(After(arguments, "--threads")) : 1, After(arguments, "--against"));
        var recorded = record is null ? [] : Recorded(record);
        var words = arguments.Where((argument, at) => !argument.StartsWith("--", StringComparison.Ordinal) && (at == 0 || arguments[at - 1] is not ("--threads" or "--against"))).ToArray();
        var pairs = Rows.Named(Pair.All, pair => pair.Name, words);
        if (pairs.Length == 0)
        {
            return false;
        }

        using var photographs = pairs.Any(pair => pair.Ours.Contains(Pair.Photographs)) ? new DrawnPhotographs() : null;
        string[] own = [.. OwnProgram.Command, "side", $"{threads}"];
        string[] pyTorch = [Python, PythonFile(), $"{threads}"];
        Console.WriteLine("| | ours, s | theirs, s | ratio, median (least to most) | at most |\n|---|---|---|---|---|");
        var lanes = new BlockingCollection<int>();
        for (var lane = 0; lane < (isQuick ? Math.Max(1, Environment.ProcessorCount / threads) : 1); lane++)
        {
            lanes.Add(lane);
        }

        // Rows begin in their order, and are printed in it.
        var slow = new List<(Pair Pair, string Why)>();
        foreach (var (pair, row) in Partitioner.Create(pairs, EnumerablePartitionerOptions.NoBuffering).AsParallel().AsOrdered().WithDegreeOfParallelism(lanes.Count).WithMergeOptions(ParallelMergeOptions.NotBuffered).Select(pair => (pair, Measure(pair))))
        {
            Print(pair, row);
        }

        // What else ran may have been the reason.
        var again = isQuick ? slow.ToArray() : [];
        slow.RemoveAll(again.Contains);
        foreach (var (pair, _) in again)
        {
            Print(pair, Measure(pair));
        }

        slow.ForEach(one => Console.Error.WriteLine(one.Why));
        return slow.Count == 0;

        (double Ours, double Theirs)[] Measure(Pair pair)
        {
            var lane = lanes.Take();
            try
            {
                using var ours = Start(own, pair.Ours, lane);
                using var theirs = Start(pair.InPyTorch ? pyTorch : own, pair.Theirs, lane);
                var watch = Stopwatch.StartNew();
                return [.. Enumerable.Range(0, turns).TakeWhile(turn => turn == 0 || watch.Elapsed < patience).Select(_ => (ours.Seconds(), theirs.Seconds()))];
            }
            finally
            {
                lanes.Add(lane);
            }
        }

        void Print(Pair pair, (double Ours, double Theirs)[] times)
        {
            var ratios = times.Select(time => time.Ours / time.Theirs).Order().ToArray();
            var ratio = ratios[ratios.Length / 2];
            var most = record is null ? pair.Limit : recorded.GetValueOrDefault(pair.Name, double.PositiveInfinity) * Slack;
            if (ratio > most)
            {
                slow.Add((pair, string.Create(CultureInfo.InvariantCulture, $"{pair.Name}: {ratio:F2}, at most {most:F2}")));
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {pair.Name} | {Median(times.Select(time => time.Ours)):G3} | {Median(times.Select(time => time.Theirs)):G3} | {ratio:F2} ({ratios[0]:F2} to {ratios[^1]:F2}) | {pair.Limit:F1} |"));
        }

        Side Start(string[] program, string[] work, int lane) =>
            new("taskset", ["--cpu-list", $"{lane * threads}-{((lane + 1) * threads) - 1}", .. program, .. work.Select(word => word == Pair.Photographs ? photographs!.Folder : word)]);
    }

    private static int Threads(string? text) => int.TryParse(text, CultureInfo.InvariantCulture, out var threads) && threads >= 1 && threads <= Environment.ProcessorCount ? threads
        : throw new ArgumentException($"--threads takes a number from 1 to the {Environment.ProcessorCount} processors of this machine; found '{text}'.");

    private static string? After(IReadOnlyList<string> arguments, string name) => arguments.SkipWhile(argument => argument != name).Skip(1).FirstOrDefault();

    // The ratios of a table that this has printed.
    private static Dictionary<string, double> Recorded(string file) => File.ReadLines(file).Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .Where(cells => cells.Length > 5 && Pair.All.Any(pair => pair.Name == cells[1]))
        .ToDictionary(cells => cells[1], cells => double.Parse(cells[4].Split(' ')[0], CultureInfo.InvariantCulture));

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    private static string PythonFile([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "pytorch", "side.py");

    // A process that works while it is asked to.
    private sealed class Side : IDisposable
    {
        private readonly Process _process;

        internal Side(string program, string[] arguments)
        {
            _process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
            if (Read() is not ['r', ..])
            {
                throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} did not start.");
            }
        }

        public void Dispose()
        {
            _process.StandardInput.Close();
            _process.WaitForExit();
            _process.Dispose();
        }

        internal double Seconds()
        {
            _process.StandardInput.WriteLine();
            return double.Parse(Read(), CultureInfo.InvariantCulture);
        }

        private string Read() => _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("One side has ended; what it says stands above.");
    }
}
