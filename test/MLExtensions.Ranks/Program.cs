using System.Globalization;
using MLExtensions.Ranks;
using Microsoft.ML.Distributed;
using TorchSharp;

// A user's program as one of many processes.
//   collectives                  what the group gives to each
//   sums FLOATS                  how long a sum of so many takes
//   images MODEL [NAME=VALUE]    trains an image classifier; the first process saves it
//   few-shot MODEL [NAME=VALUE]  trains a generator; the first process saves it
// NAME=VALUE are options of the training, and: local, the steps between two averages; limit, seconds that a process waits; kill=RANK@N, stop=RANK@N and orphan=RANK@N, what happens to a process at its N-th meeting; absent=RANK, of MPICH's, ends before it has met any.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var settings = new Settings(args.Skip(2));
if (settings.Text("absent") is { } absent && absent == Environment.GetEnvironmentVariable("PMI_RANK"))
{
    return 0;
}

var group = MpiProcessGroup.Join(settings.Number("limit") is { } limit ? TimeSpan.FromSeconds(limit) : null);
if (group.Rank == 0)
{
    foreach (var line in group.Description)
    {
        Console.WriteLine(line);
    }
}

torch.set_num_threads(group.Processors);
group.LocalSteps = (int)(settings.Number("local") ?? 1);
try
{
    return Run();
}
catch (InvalidOperationException e) when (settings.Fault(FailingGroup.Orphan) is not null)
{
    Console.Error.WriteLine(e.Message);
    FailingGroup.WakeLauncher();
    return 1;
}

int Run()
{
    switch (args)
    {
        case ["collectives", ..]:
            Collectives.Print(group);
            break;
        case ["sums", var floats, ..]:
            Collectives.Time(group, int.Parse(floats));
            break;
        case ["images", var model, ..]:
            Trainings.Images(model, settings, FailingGroup.Of(group, settings));
            break;
        case ["few-shot", var model, ..]:
            Trainings.FewShot(model, settings, FailingGroup.Of(group, settings));
            break;
        default:
            return 2;
    }

    group.Complete();
    return 0;
}
