using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.ML.TTT;
using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MLExtensions.Benchmarks;

/// <summary>
/// What does a token mixer cost as tokens become many? One layer of ViT-Tiny's width, D = 192, H = 3, forward and backward on one image; each measurement in a process of its own, on
/// one thread, with memory kept as the trainers keep it. The time is the processor's, the least of the runs that fit into a few seconds; the memory is the most that is resident at once, less what was before the first run.
/// </summary>
internal static class LengthBenchmark
{
    private const int Width = 192, Heads = 3, Shortest = 64, LongEnough = 4_096;

    private static readonly int[] Lengths = [64, 256, 1_024, 4_096, 16_384, 50_176];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly Dictionary<string, (TokenMixer Mixer, InnerLearning Inner)> Contenders = Enum.GetValues<TokenMixer>().Where(mixer => mixer != TokenMixer.None)
        .ToDictionary(mixer => mixer.ToString(), mixer => (mixer, new InnerLearning()));

    static LengthBenchmark() => Contenders.Add("TttMlp, 4 mini-batches", (TokenMixer.TttMlp, new InnerLearning { Steps = 4, MiniBatches = true }));

    /// <summary>Measures all, or one in this process.</summary>
    /// <param name="arguments">None, or the names of mixers; or "measure", a mixer and a number of tokens.</param>
    internal static int Run(string[] arguments)
    {
        if (arguments is ["measure", var contender, var tokens])
        {
            var (seconds, bytes) = Measure(contender, int.Parse(tokens, CultureInfo.InvariantCulture));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds} {bytes}"));
            return 0;
        }

        if (arguments.Except(Contenders.Keys).ToArray() is { Length: > 0 } unknown)
        {
            Console.Error.WriteLine($"There is no {string.Join(" and no ", unknown)}; there are {string.Join(", ", Contenders.Keys)}.");
            return 1;
        }

        var rows = Contenders.Keys.Where(name => arguments.Length == 0 || arguments.Contains(name)).ToDictionary(name => name, InProcessesOfTheirOwn);
        Console.WriteLine();
        Console.WriteLine(Table("time, s", rows, point => point.Seconds, "G4"));
        Console.WriteLine(Table("memory, MiB", rows, point => point.Bytes / (1 << 20), "F0"));
        return 0;
    }

    private static (double Seconds, double Bytes)[] InProcessesOfTheirOwn(string contender) =>
    [
        .. Lengths.Select(tokens =>
        {
            using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [typeof(LengthBenchmark).Assembly.Location, "length", "measure", contender, $"{tokens}"]) { RedirectStandardOutput = true })!;
            string[] answer = child.StandardOutput.ReadToEnd().Split(' ');
            child.WaitForExit();
            var point = child.ExitCode == 0 ? (double.Parse(answer[0], CultureInfo.InvariantCulture), double.Parse(answer[1], CultureInfo.InvariantCulture)) : (double.NaN, double.NaN);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{contender}, {tokens:N0} tokens: {point.Item1:G4} s, {point.Item2 / (1 << 20):F0} MiB"));
            return point;
        }),
    ];

    private static (double Seconds, double Bytes) Measure(string contender, int tokens)
    {
        set_num_threads(1);
        using var memory = KeptMemory.Hold();
        var (mixer, inner) = Contenders[contender];
        using var layer = TokenMixers.Create(mixer, new MixerShape(Width, Heads) { Inner = inner }, new Random(1))!;
        using var process = Process.GetCurrentProcess();
        using var few = Tokens(Shortest);
        using var all = Tokens(tokens);
        ForwardBackward(layer, few);
        process.Refresh();
        var before = process.WorkingSet64;
        var (least, spent) = (TimeSpan.MaxValue, TimeSpan.Zero);
        for (var run = 0; run < 2 || spent < Patience; run++)
        {
            var start = process.TotalProcessorTime;
            ForwardBackward(layer, all);
            process.Refresh();
            var time = process.TotalProcessorTime - start;
            (least, spent) = (time < least ? time : least, spent + time);
            if (spent > 10 * Patience)
            {
                break;
            }
        }

        process.Refresh();
        return (least.TotalSeconds, process.PeakWorkingSet64 - before);
    }

    private static Tensor Tokens(int count)
    {
        var random = new Random(1);
        var values = Enumerable.Range(0, count * Width).Select(_ => (float)((2 * random.NextDouble()) - 1)).ToArray();
        return tensor(values, [1, count, Width]).requires_grad_(true);
    }

    private static void ForwardBackward(Module<Tensor, Tensor> mixer, Tensor tokens)
    {
        using var scope = NewDisposeScope();
        mixer.call(tokens).sum().backward();
    }

    private static string Table(string title, Dictionary<string, (double Seconds, double Bytes)[]> rows, Func<(double Seconds, double Bytes), double> value, string format)
    {
        var table = new StringBuilder($"| {title} |");
        table.AppendJoin(' ', Lengths.Select(tokens => string.Create(CultureInfo.InvariantCulture, $" {tokens:N0} |")));
        table.AppendLine(CultureInfo.InvariantCulture, $" slope from {LongEnough:N0} | softmax / this at {Lengths[^1]:N0} |").AppendLine($"|{string.Concat(Enumerable.Repeat("---|", Lengths.Length + 3))}");
        rows.TryGetValue(nameof(TokenMixer.SoftmaxAttention), out var softmax);
        foreach (var (name, points) in rows)
        {
            table.Append(CultureInfo.InvariantCulture, $"| {name} |").AppendJoin("", points.Select(point => $" {value(point).ToString(format, CultureInfo.InvariantCulture)} |"));
            table.AppendLine(CultureInfo.InvariantCulture, $" {Slope(points, value):F2} | {(softmax is null ? double.NaN : value(softmax[^1]) / value(points[^1])):F2} |");
        }

        return table.ToString();
    }

    // Of a straight line through the points on logarithmic axes, from where what grows with the tokens is most of it.
    private static double Slope((double Seconds, double Bytes)[] points, Func<(double Seconds, double Bytes), double> value)
    {
        var line = Lengths.Zip(points, (tokens, point) => (X: Math.Log(tokens), Y: Math.Log(value(point)))).Where(point => point.X >= Math.Log(LongEnough)).ToArray();
        var (x, y) = (line.Average(point => point.X), line.Average(point => point.Y));
        return line.Sum(point => (point.X - x) * (point.Y - y)) / line.Sum(point => (point.X - x) * (point.X - x));
    }
}
