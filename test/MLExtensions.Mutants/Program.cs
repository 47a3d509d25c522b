using System.CommandLine;
using MLExtensions.Mutants;

// Breaks the source in seeded ways, one at a time, in a copy of it, and says which of them no test notices.
var seed = new Option<int>("--seed") { Description = "Decides the mutants.", DefaultValueFactory = _ => 1 };
var first = new Option<int>("--first") { Description = "The number of the first mutant.", DefaultValueFactory = _ => 0 };
var count = new Option<int>("--count") { Description = "How many.", DefaultValueFactory = _ => 100 };
var work = new Option<string>("--work") { Description = "The folder of the copy, which is made anew; one for each run at a time.", DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "mutants") };
var fast = new Option<bool>("--fast") { Description = "Without the slow tests and those of other projects: more goes unnoticed." };
var root = new RootCommand("Breaks the source and runs the tests.") { seed, first, count, work, fast };
root.SetAction(parsed =>
{
    var run = new MutantRun(Path.GetFullPath(parsed.GetValue(work)!), parsed.GetValue(seed), parsed.GetValue(fast));
    return run.Run(parsed.GetValue(first), parsed.GetValue(count)) ? 0 : 1;
});
return root.Parse(args).Invoke();
