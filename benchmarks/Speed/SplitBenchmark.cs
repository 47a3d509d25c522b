using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace MLExtensions.Benchmarks;

/// <summary>Where the time of our side of the pairs goes, by kind of operation: samples of one thread by Linux's perf, whose names are sorted into kinds.</summary>
internal static partial class SplitBenchmark
{
    // Before samples are taken, the code that counts has been compiled to the end.
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(10), Sampled = TimeSpan.FromSeconds(8);

    private static readonly string[][] Works =
    [
        .. new[] { "none", "softmax", "linear", "ttt-linear", "ttt-mlp", "fine-tuning" }.Select(mixer => new[] { "step", mixer }),
        ["backbone"], ["episodes", "8"], ["episodes", "64"], ["adapt", "64"], ["classify", "8"],
    ];

    // The first that fits counts.
    private static readonly (string Kind, Regex Names)[] Kinds =
    [
        ("matrix product", MatrixProducts()), ("convolution, dense", Convolutions()), ("decoding", Decoding()), ("copy, fill", Copies()), ("optimiser", Optimiser()),
        ("norm, pooling, sums", Norms()), ("elementwise", Elementwise()), ("kernel", Kernel()), ("managed code", Managed()), ("the rest", Everything()),
    ];

    /// <summary>Prints a table.</summary>
    /// <param name="words">What a row must have in its name; all rows without any.</param>
    /// <returns>Whether there is such a row.</returns>
    internal static bool Run(string[] words)
    {
        var works = Rows.Named(Works, work => string.Join(' ', work), words);
        if (works.Length == 0)
        {
            return false;
        }

        Console.WriteLine($"| | {string.Join(" | ", Kinds.Select(kind => kind.Kind))} |\n|---|{string.Concat(Kinds.Select(_ => "---|"))}");
        foreach (var work in works)
        {
            var shares = Shares(work);
            Console.WriteLine($"| {string.Join(' ', work)} | {string.Join(" | ", Kinds.Select(kind => shares.GetValueOrDefault(kind.Kind).ToString("F0", CultureInfo.InvariantCulture)))} |");
        }

        return true;
    }

    private static Dictionary<string, double> Shares(string[] work)
    {
        var file = Path.GetTempFileName();
        try
        {
            using (var recording = Start("perf", ["record", "-o", file, "-F", "499", "-D", $"{Before.TotalMilliseconds}", "--", .. OwnProgram.Command, "side", "1", .. work]))
            {
                var watch = Stopwatch.StartNew();
                recording.StandardOutput.ReadLine();
                while (watch.Elapsed < Before + Sampled)
                {
                    recording.StandardInput.WriteLine();
                    recording.StandardOutput.ReadLine();
                }

                recording.StandardInput.Close();
                recording.StandardOutput.ReadToEnd();
                recording.WaitForExit();
            }

            using var report = Start("perf", ["report", "-i", file, "--no-children", "--sort", "dso,symbol"]);
            report.StandardInput.Close();
            return report.StandardOutput.ReadToEnd().Split('\n').Select(line => Line().Match(line)).Where(match => match.Success)
                .Select(match => (Share: double.Parse(match.Groups["share"].Value, CultureInfo.InvariantCulture), Name: match.Groups["name"].Value))
                .GroupBy(line => Kinds.First(kind => kind.Names.IsMatch(line.Name)).Kind, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.Sum(line => line.Share), StringComparer.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static Process Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        // Names of compiled methods, where perf finds them.
        (start.Environment["DOTNET_PerfMapEnabled"], start.Environment["DOTNET_EnableWriteXorExecute"]) = ("1", "0");
        return Process.Start(start)!;
    }

    [GeneratedRegex(@"^\s+(?<share>[\d.]+)%\s+(?<name>\S.*)$")]
    private static partial Regex Line();

    [GeneratedRegex("gemm|gemv|cblas|MatMul|baddbmm")]
    private static partial Regex MatrixProducts();

    // Loops over images that run on several threads are those of convolutions, and of products of many matrices; the compiler puts into them what they call.
    [GeneratedRegex(@"Tasks\.Parallel|VectorSums|MatrixProduct|DirectConvolution|DirectBlocks|TrainedConvolution|DepthWise|MultiplyAdd|SpanSpanSpanIntoSpan|unfolded2d|dnnl|mkldnn")]
    private static partial Regex Convolutions();

    [GeneratedRegex(@"SkiaSharp|VisionCore\.Images")]
    private static partial Regex Decoding();

    [GeneratedRegex("copy|memmove|memset|memcpy|fill_kernel|cat_serial|clear_page")]
    private static partial Regex Copies();

    [GeneratedRegex("AdamW|addcdiv|addcmul|[sS]qrt|lerp")]
    private static partial Regex Optimiser();

    [GeneratedRegex("norm|Norm|pool|Moments|sum|softmax|mean")]
    private static partial Regex Norms();

    [GeneratedRegex("vectorized|Vectorized|Sleef|vml|[gG]elu|_kernel|TensorIterator")]
    private static partial Regex Elementwise();

    [GeneratedRegex(@"\[k\]")]
    private static partial Regex Kernel();

    [GeneratedRegex(@"JIT|coreclr|clrjit|System\.|memfd")]
    private static partial Regex Managed();

    [GeneratedRegex("")]
    private static partial Regex Everything();
}
