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
    private const string FourMiniBatches = "TttMlp, 4 mini-batches";
    private const int Width = 192, Heads = 3, Shortest = 64, LongEnough = 4_096;

    private static readonly int[] Lengths = [64, 256, 1_024, 4_096, 16_384, 50_176];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly Dictionary<string, (TokenMixer Mixer, InnerLearning Inner)> Contenders = Enum.GetValues<TokenMixer>().Where(mixer => mixer != TokenMixer.None)
        .ToDictionary(mixer => mixer.ToString(), mixer => (mixer, new InnerLearning()));

    static LengthBenchmark() => Contenders.Add(FourMiniBatches, (TokenMixer.TttMlp, new InnerLearning { Steps = 4, MiniBatches = true }));

    /// <summary>Measures all layers, or all models, or one in this process.</summary>
    /// <param name="arguments">None, or the names of mixers; "models"; or "measure" or "measure-model", with what is to be measured.</param>
    internal static int Run(string[] arguments)
    {
        switch (arguments)
        {
            case ["measure", var contender, var tokens]:
                return Say(Measure(contender, Number(tokens)));
            case ["measure-model", var contender, var side, var recompute]:
                return Say(MeasureModel(contender, Number(side), bool.Parse(recompute)));
            case ["models"]:
                Models();
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

    // Raw pixels of one image through ViT-Tiny, 12 blocks: whether it can be trained, and what keeping the inputs of blocks alone saves.
    private static void Models()
    {
        foreach (var (contender, side, recompute) in new[] { (FourMiniBatches, 64, false), (FourMiniBatches, 64, true), (FourMiniBatches, 128, false), (FourMiniBatches, 128, true), (FourMiniBatches, 224, true), (nameof(TokenMixer.SoftmaxAttention), 64, true), (nameof(TokenMixer.SoftmaxAttention), 128, true) })
        {
            InAProcessOfItsOwn($"{contender}, 12 blocks, {side} x {side} = {side * side:N0} tokens{(recompute ? ", recomputed" : "")}", "measure-model", contender, $"{side}", $"{recompute}");
        }
    }

    private static (double Seconds, double Bytes)[] InProcessesOfTheirOwn(string contender) =>
        [.. Lengths.Select(tokens => InAProcessOfItsOwn($"{contender}, {tokens:N0} tokens", "measure", contender, $"{tokens}"))];

    private static (double Seconds, double Bytes) InAProcessOfItsOwn(string what, params string[] arguments)
    {
        using var child = Process.Start(new ProcessStartInfo(OwnProgram.Command[0], [.. OwnProgram.Command[1..], "length", .. arguments]) { RedirectStandardOutput = true })!;
        string[] answer = child.StandardOutput.ReadToEnd().Split(' ');
        child.WaitForExit();
        var (seconds, bytes) = child.ExitCode == 0 ? (double.Parse(answer[0], CultureInfo.InvariantCulture), double.Parse(answer[1], CultureInfo.InvariantCulture)) : (double.NaN, double.NaN);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {seconds:G4} s, {bytes / (1 << 20):F0} MiB"));
        return (seconds, bytes);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static int Say((double Seconds, double Bytes) point)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{point.Seconds} {point.Bytes}"));
        return 0;
    }

    private static (double Seconds, double Bytes) Measure(string contender, int tokens)
    {
        var (mixer, inner) = Contenders[contender];
        using var layer = TokenMixers.Create(mixer, new MixerShape(Width, Heads) { Inner = inner }, new Random(1))!;
        using var few = Numbers(1, Shortest, Width);
        using var all = Numbers(1, tokens, Width);
        return Measure(layer, few, all, Patience);
    }

    private static (double Seconds, double Bytes) MeasureModel(string contender, int side, bool recompute)
    {
        var (mixer, inner) = Contenders[contender];
        using var model = new VisionTransformer(ModelShape.Tiny(side, classes: 10, patchSize: 1) with { Mixer = mixer, Inner = inner }, seed: 1) { Recompute = recompute };
        using var few = Numbers(1, 3, 8, 8);
        using var all = Numbers(1, 3, side, side);
        return Measure(model, few, all, TimeSpan.Zero);
    }

    private static (double Seconds, double Bytes) Measure(Module<Tensor, Tensor> module, Tensor few, Tensor all, TimeSpan patience)
    {
        TorchRuntime.Load();
        set_num_threads(1);
        using var memory = KeptMemory.Hold();
        using var process = Process.GetCurrentProcess();
        ForwardBackward(module, few);
        process.Refresh();
        var before = process.WorkingSet64;
        var (least, spent) = (TimeSpan.MaxValue, TimeSpan.Zero);
        for (var run = 0; run < 2 || spent < patience; run++)
        {
            var start = process.TotalProcessorTime;
            ForwardBackward(module, all);
            process.Refresh();
            var time = process.TotalProcessorTime - start;
            (least, spent) = (time < least ? time : least, spent + time);
            if (spent > 10 * patience)
            {
                break;
            }
        }

        process.Refresh();
        return (least.TotalSeconds, process.PeakWorkingSet64 - before);
    }

    private static Tensor Numbers(params long[] shape)
    {
        var random = new Random(1);
        var values = Enumerable.Range(0, (int)shape.Aggregate((product, size) => product * size)).Select(_ => (float)((2 * random.NextDouble()) - 1)).ToArray();
        return tensor(values, shape).requires_grad_(true);
    }

    private static void ForwardBackward(Module<Tensor, Tensor> module, Tensor input)
    {
        using var scope = NewDisposeScope();
        module.call(input).sum().backward();
    }

    private static string Table(string title, Dictionary<string, (double Seconds, double Bytes)[]> rows, Func<(double Seconds, double Bytes), double> value, string format)
    {
        var table = new StringBuilder($"| {title} |");
        table.AppendJoin("", Lengths.Select(tokens => string.Create(CultureInfo.InvariantCulture, $" {tokens:N0} |")));
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
