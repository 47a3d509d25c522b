using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using MLExtensions.Benchmarks;
using MLExtensions.Benchmarks.Pairs;

// dotnet run -c Release --project benchmarks/Speed -- length, -- pairs, -- growth, -- split and -- start; side, first and growth measure are what these start.
try
{
    switch (args)
    {
        case ["length", .. var arguments]:
            return LengthBenchmark.Run(arguments);
        case ["growth"] or ["growth", "measure", _, _]:
            GrowthBenchmark.Run(args[1..]);
            return 0;
        case ["split", .. var words]:
            return SplitBenchmark.Run(words) ? 0 : 1;
        case ["start"]:
            StartBenchmark.Run();
            return 0;
        case ["first", var model, var image]:
            StartBenchmark.First(model, image);
            return 0;
        case ["pairs", .. var options]:
            return PairBenchmark.Run(options) ? 0 : 1;
        case ["side", var threads, .. { Length: > 0 } work]:
            OurSide.Run(int.Parse(threads, CultureInfo.InvariantCulture), work);
            return 0;
        case [['-', ..], ..] or []:
            break;
        default:
            throw new ArgumentException($"There is no '{string.Join(' ', args)}': pairs [--quick] [--threads N] [--against FILE] [WORD...], length [MIXER...], growth, split [WORD...], start, or what BenchmarkDotNet takes.");
    }
}
catch (Exception e) when (e is ArgumentException or FormatException or IOException or InvalidOperationException or KeyNotFoundException or AggregateException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}

// dotnet run -c Release --project benchmarks/Speed -- --filter *MixerBenchmark*
// One call takes milliseconds to seconds, so each iteration is one call. In this process: torch's libraries are found where this program found them, and no second project is generated and built.
var config = ManualConfig.Create(DefaultConfig.Instance)
    .AddJob(Job.Default
        .WithToolchain(new InProcessEmitToolchain(TimeSpan.FromHours(1), logOutput: true))
        .WithStrategy(RunStrategy.Monitoring).WithWarmupCount(2).WithIterationCount(15))
    .AddColumn(StatisticColumn.Min, StatisticColumn.Median)
    .HideColumns(Column.Error, Column.RatioSD);
BenchmarkSwitcher.FromAssembly(typeof(OwnProgram).Assembly).Run(args, config);
return 0;
