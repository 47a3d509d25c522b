using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace MLExtensions.Benchmarks.Pairs;

/// <summary>
/// Ours beside theirs: both sides are processes that stay, and are asked by turns to do the same work for a while, on as many threads; the ratio is the median over the turns. Theirs needs
/// Debian's python3-torch and libopenblas0-pthread, and says which version it is.
/// </summary>
internal static class PairBenchmark
{
    private const int Turns = 7, QuickTurns = 3;
    private const string Python = "/usr/bin/python3";

    /// <summary>Measures all pairs, or those whose name contains a word.</summary>
    /// <param name="arguments">Words; "--quick" for fewer turns; "--threads" and a number, 1 where not given.</param>
    /// <returns>Whether every ratio is within its limit.</returns>
    internal static bool Run(IReadOnlyList<string> arguments)
    {
        var turns = arguments.Contains("--quick") ? QuickTurns : Turns;
        var threads = arguments.SkipWhile(argument => argument != "--threads").Skip(1).FirstOrDefault() ?? "1";
        var words = arguments.Where(argument => !argument.StartsWith("--", StringComparison.Ordinal) && argument != threads).ToArray();
        var isWithin = true;
        Console.WriteLine("| | ours, s | theirs, s | ratio, median (least to most) | at most |\n|---|---|---|---|---|");
        foreach (var pair in Pair.All.Where(pair => words.All(word => pair.Name.Contains(word, StringComparison.Ordinal))))
        {
            using var ours = new Side(Environment.ProcessPath!, [typeof(PairBenchmark).Assembly.Location, "side", threads, .. pair.Ours]);
            using var theirs = pair.InPyTorch ? new Side(Python, [PythonFile(), threads, .. pair.Theirs]) : new Side(Environment.ProcessPath!, [typeof(PairBenchmark).Assembly.Location, "side", threads, .. pair.Theirs]);
            var times = Enumerable.Range(0, turns).Select(_ => (Ours: ours.Seconds(), Theirs: theirs.Seconds())).ToArray();
            var ratios = times.Select(time => time.Ours / time.Theirs).Order().ToArray();
            var ratio = ratios[ratios.Length / 2];
            isWithin &= ratio <= pair.Limit;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {pair.Name} | {Median(times.Select(time => time.Ours)):G3} | {Median(times.Select(time => time.Theirs)):G3} | {ratio:F2} ({ratios[0]:F2} to {ratios[^1]:F2}) | {pair.Limit:F1} |"));
        }

        return isWithin;
    }

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
