using System.CommandLine;
using MLExtensions.Fuzz;

// Files that no honest program writes, by the ten thousands.
//   run KIND      mutants of good files; what none of them may do is crash, hang, take memory, fail in a way that does not blame the file, or be answered with no numbers
//   try KIND FILE... one file each
//   soak          one model scored by many threads
//   memory PATH...   what a service does for months, in minutes: training, adapting, scoring, saving, loading ...; what of it stays in memory
// And trainings that end before their time:
//   kill TRAINER     a training that is killed again and again ends with the weights of one that is not
// And the server:
//   load          mlext serve under good and bad requests, killed now and then
var kind = new Argument<string>("kind") { Description = "What is tried." };
kind.AcceptOnlyFromAmong([.. Subject.Kinds]);
var seed = new Option<int>("--seed") { Description = "Decides the mutants.", DefaultValueFactory = _ => 1 };
var first = new Option<int>("--first") { Description = "The number of the first mutant.", DefaultValueFactory = _ => 0 };
var count = new Option<int>("--count") { Description = "How many.", DefaultValueFactory = _ => 20_000 };
var keep = new Option<string>("--keep") { Description = "Where mutants are kept that came to no good end.", DefaultValueFactory = _ => "fuzz-found" };
var files = new Argument<string[]>("files") { Description = "The files." };

var run = new Command("run", "Tries mutants of good files.") { kind, seed, first, count, keep };
run.SetAction(parsed =>
{
    var bad = new FuzzRun(parsed.GetValue(kind)!, parsed.GetValue(seed), parsed.GetValue(keep)!).Run(parsed.GetValue(first), parsed.GetValue(count));
    Console.WriteLine($"{parsed.GetValue(count)} mutants of {parsed.GetValue(kind)}, seed {parsed.GetValue(seed)}: {bad} came to no good end.");
    return bad == 0 ? 0 : 1;
});

var worker = new Command("worker", "What run starts.") { kind, seed, first, count };
worker.SetAction(parsed => Worker.Run(Subject.Of(parsed.GetValue(kind)!), parsed.GetValue(seed), parsed.GetValue(first), parsed.GetValue(first) + parsed.GetValue(count)));

var one = new Command("try", "Tries files.") { kind, files };
one.SetAction(parsed =>
{
    var subject = Subject.Of(parsed.GetValue(kind)!);
    foreach (var file in parsed.GetValue(files)!)
    {
        Console.WriteLine($"{file}: {subject.Try(0, File.ReadAllBytes(file))}");
    }
});

var predictions = new Option<int>("--predictions") { Description = "How many.", DefaultValueFactory = _ => 100_000 };
var threads = new Option<int>("--threads") { Description = "By how many threads.", DefaultValueFactory = _ => 16 };
var soak = new Command("soak", "Scores with one model on many threads.") { predictions, threads, seed };
soak.SetAction(parsed =>
{
    var faults = Soak.Run(parsed.GetValue(predictions), parsed.GetValue(threads), parsed.GetValue(seed));
    Console.WriteLine(faults.Count == 0 ? "All answers are those of one thread; nothing is left." : string.Join(Environment.NewLine, faults));
    return faults.Count == 0 ? 0 : 1;
});

var paths = new Argument<string[]>("paths") { Description = "What is done; everything where none is named." };
var rounds = new Option<int>("--times") { Description = "How often.", DefaultValueFactory = _ => 500 };
var memory = new Command("memory", "Does the same again and again, and looks at what is left in memory.") { paths, rounds };
memory.SetAction(parsed =>
{
    using var subject = new MemoryRun();
    var unknown = parsed.GetValue(paths)!.Except(subject.Paths).ToArray();
    if (unknown.Length > 0)
    {
        Console.WriteLine($"There is no {string.Join(", ", unknown)}; there are {string.Join(", ", subject.Paths)}.");
        return 1;
    }

    var isClean = true;
    foreach (var path in parsed.GetValue(paths) is { Length: > 0 } named ? named : subject.Paths)
    {
        isClean &= subject.Run(path, parsed.GetValue(rounds));
    }

    return isClean ? 0 : 1;
});

var trainer = new Argument<string>("trainer") { Description = "What trains." };
trainer.AcceptOnlyFromAmong([.. SmallTraining.Trainers]);
var times = new Option<int>("--times") { Description = "How many times it is killed.", DefaultValueFactory = _ => 50 };
var kill = new Command("kill", "Kills a training again and again.") { trainer, times, seed };
kill.SetAction(parsed => Console.WriteLine(new KillRun(parsed.GetValue(trainer)!, parsed.GetValue(seed)).Run(parsed.GetValue(times))));

var checkpoint = new Argument<string>("checkpoint") { Description = "Where the state of the unfinished training is kept; empty for nowhere." };
var train = new Command("train", "What kill starts.") { trainer, checkpoint };
train.SetAction(parsed => KillRun.Train(parsed.GetValue(trainer)!, parsed.GetValue(checkpoint)!));

var minutes = new Option<double>("--minutes") { Description = "How long.", DefaultValueFactory = _ => 3 };
var connections = new Option<int>("--connections") { Description = "How many users ask at a time.", DefaultValueFactory = _ => 32 };
var kills = new Option<int>("--kills") { Description = "How many times the server is killed in that time, and started again." };
var tool = new Option<string>("--tool") { Description = "The built tool.", DefaultValueFactory = _ => Path.Combine("tools", "mlext", "bin", "Release", "net10.0", "mlext.dll") };
var load = new Command("load", "Asks mlext serve, well and badly.") { minutes, connections, kills, seed, tool };
load.SetAction(parsed =>
{
    var faults = new LoadRun(parsed.GetValue(tool)!, parsed.GetValue(seed), parsed.GetValue(connections)).Run(TimeSpan.FromMinutes(parsed.GetValue(minutes)), parsed.GetValue(kills));
    Console.WriteLine(faults.Count == 0 ? "Every answer was a proper one." : string.Join(Environment.NewLine, faults));
    return faults.Count == 0 ? 0 : 1;
});

return new RootCommand("Fuzzing.") { run, worker, one, soak, memory, kill, train, load }.Parse(args).Invoke();
