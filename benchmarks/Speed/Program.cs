using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using MLExtensions.Benchmarks;
using MLExtensions.Benchmarks.Pairs;

// dotnet run -c Release --project benchmarks/Speed -- length
if (args is ["length", .. var arguments])
{
    return LengthBenchmark.Run(arguments);
}

// dotnet run -c Release --project benchmarks/Speed -- pairs, -- growth, -- split and -- start
switch (args)
{
    case ["growth", .. var what]:
        GrowthBenchmark.Run(what);
        return 0;
    case ["split", .. var words]:
        SplitBenchmark.Run(words);
        return 0;
    case ["start"]:
        StartBenchmark.Run();
        return 0;
    case ["first", var model, var image]:
        StartBenchmark.First(model, image);
        return 0;
    case ["pairs", .. var options]:
        return PairBenchmark.Run(options) ? 0 : 1;
    case ["side", var threads, .. var work]:
        OurSide.Run(int.Parse(threads, CultureInfo.InvariantCulture), work);
        return 0;
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
