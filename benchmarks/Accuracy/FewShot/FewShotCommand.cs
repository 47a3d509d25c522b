using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using TorchSharp;

namespace MLExtensions.Accuracy.FewShot;

/// <summary>The command that runs the few-shot study.</summary>
internal static class FewShotCommand
{
    internal static Command Create()
    {
        var dataset = new Option<string>("--dataset") { Description = "The zip of Omniglot's background set.", Required = true };
        var seconds = new Option<double>("--seconds") { Description = "The seconds of processor time that each run may train.", DefaultValueFactory = _ => 120 };
        var methods = new Option<string[]>("--methods") { Description = "The methods to run; all where not given.", AllowMultipleArgumentsPerToken = true };
        var channels = new Option<int[]>("--channels")
        {
            Description = "The channels of the target network.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [4, 6, 8, 32],
        };
        var tasks = new Option<int>("--tasks") { Description = "The tasks of each protocol.", DefaultValueFactory = _ => 600 };
        var seeds = new Option<int>("--seeds") { Description = "Seeds for each method: 0, 1, ...", DefaultValueFactory = _ => 3 };
        var firstSeed = new Option<int>("--first-seed") { Description = "The first seed.", DefaultValueFactory = _ => 0 };
        var log = new Option<string?>("--log") { Description = "A file of finished runs, one JSON object a line; runs that are in it are not run again." };
        var command = new Command("few-shot", "Generated layers against prototypes, logistic regression and MAML on Omniglot, equal time.")
        {
            dataset, seconds, methods, channels, tasks, seeds, firstSeed, log,
        };
        command.SetAction(parsed =>
        {
            // Times are processor times: threads that wait for each other would count.
            torch.set_num_threads(1);
            var finished = new StudyLog<FewShotRun>(parsed.GetValue(log));
            var study = new FewShotStudy(parsed.GetValue(dataset)!, parsed.GetValue(tasks));
            var chosen = Named(parsed.GetValue(methods) ?? []);
            foreach (var seed in Enumerable.Range(parsed.GetValue(firstSeed), parsed.GetValue(seeds)))
            {
                foreach (var width in parsed.GetValue(channels)!)
                {
                    Run(study, finished, chosen, width, seed, TimeSpan.FromSeconds(parsed.GetValue(seconds)));
                }
            }

            Console.WriteLine();
            Console.Write(FewShotTable.Of(finished.Runs));
        });
        return command;
    }

    private static void Run(FewShotStudy study, StudyLog<FewShotRun> finished, IReadOnlyList<FewShotContender> chosen, int channels, int seed, TimeSpan time)
    {
        bool IsDone(FewShotContender one) => finished.Runs.Any(run => run.Contender == one.Name && run.Channels == channels && run.Seed == seed);
        foreach (var kind in chosen.Where(one => !IsDone(one)).GroupBy(one => one.Training))
        {
            var watch = Stopwatch.StartNew();
            foreach (var run in study.Run(kind.Key, [.. kind.Select(one => one.Name)], channels, seed, time))
            {
                finished.Add(run);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{run.Contender}, {channels} channels, seed {seed}: "
                    + $"{string.Join(", ", run.Results.Select(result => $"{result.Key} {100 * result.Value[0]:F2} ± {100 * result.Value[1]:F2} %"))}; "
                    + $"{run.Steps} steps, {watch.Elapsed.TotalSeconds:F0} s"));
            }
        }
    }

    private static IReadOnlyList<FewShotContender> Named(IReadOnlyCollection<string> names) => names.Count == 0
        ? FewShotContender.All
        : [.. names.Select(name => FewShotContender.All.FirstOrDefault(one => one.Name == name)
            ?? throw new ArgumentException($"There is no method '{name}'. There are: {string.Join(", ", FewShotContender.All.Select(one => one.Name))}."))];
}
