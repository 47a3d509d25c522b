using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using TorchSharp;

namespace MLExtensions.Accuracy.FewShot;

/// <summary>The command that runs the few-shot study.</summary>
internal static class FewShotCommand
{
    /// <summary>The option of how many channels.</summary>
    internal const string Channels = "--channels";

    internal static Command Create()
    {
        var dataset = StudyOptions.Zip("The zip of Omniglot's background set; with --held-out that of photographs to train on.");
        var heldOut = StudyOptions.Checked(new Option<string?>("--held-out") { Description = "The zip of photographs of other classes, which the tasks are made of." }, file => file is null || File.Exists(file), "a file");
        var seconds = StudyOptions.Checked(
            new Option<double>("--seconds") { Description = "The seconds of processor time that each run may train.", DefaultValueFactory = _ => 120 }, time => time > 0, "above 0");
        var methods = StudyOptions.Rows("--methods", FewShotContender.All.Select(one => one.Name));
        var channels = StudyOptions.Checked(
            new Option<int[]>(Channels) { Description = "The channels of the target network.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [4, 6, 8, 32] },
            all => Array.TrueForAll(all, one => one >= 1), "at least 1");
        var tasks = StudyOptions.Number("--tasks", "The tasks of each protocol.", 600);
        var command = new Command("few-shot", "Few-shot methods with the same target network at equal time, on Omniglot or photographs.")
        {
            dataset, heldOut, seconds, methods, channels, tasks, StudyOptions.Seeds, StudyOptions.FirstSeed, StudyOptions.Log,
        };
        command.SetAction(parsed =>
        {
            // Times are processor times: threads that wait for each other would count.
            torch.set_num_threads(1);
            var finished = new StudyLog<FewShotRun>(parsed.GetValue(StudyOptions.Log), parsed.Settings());
            var study = new FewShotStudy(parsed.GetValue(heldOut) is { } others
                ? FewShotTasks.Photographs(parsed.GetValue(dataset)!, others, parsed.GetValue(tasks))
                : FewShotTasks.Omniglot(parsed.GetValue(dataset)!, parsed.GetValue(tasks)));
            FewShotContender[] chosen = [.. FewShotContender.All.Where(one => parsed.GetValue(methods)!.Contains(one.Name))];
            foreach (var seed in Enumerable.Range(parsed.GetValue(StudyOptions.FirstSeed), parsed.GetValue(StudyOptions.Seeds)))
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
}
