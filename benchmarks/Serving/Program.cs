// What many classifiers on Orleans take and give; starts the servers itself:
//   dotnet run -c Release --project benchmarks/Serving -- capacity --classifiers 10000
//   dotnet run -c Release --project benchmarks/Serving -- throughput --store redis:127.0.0.1:6379
//   dotnet run -c Release --project benchmarks/Serving -- kill
//   dotnet run -c Release --project benchmarks/Serving -- roll --store "postgresql:Host=127.0.0.1;Database=mlext;Username=mlext"
using System.CommandLine;
using MLExtensions.Serving;

var store = ServingOptions.Store();
var tenants = ServingOptions.Number("--tenants", "Tenants that have the classifiers, in turn.", 10);

var many = ServingOptions.Number("--classifiers", "Classifiers.", 10_000);
var capacity = new Command("capacity", "Many classifiers on one silo: making them, memory, the store, and the first answers after a new start.") { store, many, tenants };
capacity.SetAction((parsed, _) => Answer(async () =>
{
    using var benchmark = new CapacityBenchmark(parsed.GetRequiredValue(store), parsed.GetValue(many), parsed.GetValue(tenants));
    await benchmark.Run();
    return true;
}));

var some = ServingOptions.Number("--classifiers", "Classifiers.", 100);
var clients = ServingOptions.Number("--clients", "Clients, each with one question at a time.", 8);
var silos = ServingOptions.Numbers("--silos", "How many silos, row by row.", [1, 2, 4]);
var seconds = ServingOptions.Number("--seconds", "Seconds for each row.", 15);
var throughput = new Command("throughput", "Answers per second of the plain app, and of one and several silos.") { store, silos, some, tenants, clients, seconds };
throughput.SetAction((parsed, _) => Answer(async () =>
{
    using var benchmark = new ThroughputBenchmark(
        parsed.GetRequiredValue(store), parsed.GetRequiredValue(silos), parsed.GetValue(some), parsed.GetValue(tenants), parsed.GetValue(clients), Seconds(parsed, seconds));
    await benchmark.Run();
    return true;
}));

var few = ServingOptions.Number("--classifiers", "Classifiers.", 60);
var fewClients = ServingOptions.Number("--clients", "Clients, each with one question at a time.", 4);
var before = ServingOptions.Number("--seconds", "Seconds of load before the kill.", 5);
var kill = new Command("kill", "Kills one silo of three under load.") { store, few, tenants, fewClients, before };
kill.SetAction((parsed, _) => Answer(async () =>
{
    using var benchmark = new KillBenchmark(parsed.GetRequiredValue(store), parsed.GetValue(few), parsed.GetValue(tenants), parsed.GetValue(fewClients), Seconds(parsed, before));
    return await benchmark.Run();
}));

var between = ServingOptions.Number("--seconds", "Seconds of load before, between and after replacements.", 5);
var roll = new Command("roll", "Replaces each silo of three under load.") { store, few, tenants, fewClients, between };
roll.SetAction((parsed, _) => Answer(async () =>
{
    using var benchmark = new RollBenchmark(parsed.GetRequiredValue(store), parsed.GetValue(few), parsed.GetValue(tenants), parsed.GetValue(fewClients), Seconds(parsed, between));
    return await benchmark.Run();
}));

return await new RootCommand("What many classifiers on Orleans take and give.") { capacity, throughput, kill, roll }.Parse(args).InvokeAsync();

static TimeSpan Seconds(ParseResult parsed, Option<int> option) => TimeSpan.FromSeconds(parsed.GetValue(option));

static async Task<int> Answer(Func<Task<bool>> run)
{
    try
    {
        return await run() ? 0 : 1;
    }
    catch (Exception e) when (e is InvalidOperationException or IOException)
    {
        Console.Error.WriteLine(e.Message);
        return 2;
    }
}
