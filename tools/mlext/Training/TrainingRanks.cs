using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.Distributed;
using MLExt.Commands;
using TorchSharp;

namespace MLExt.Training;

/// <summary>The processes that MPI's launcher started to train one model. Without a launcher it is this one alone, and nothing of MPI is looked at.</summary>
/// <param name="group">Null for this process alone.</param>
internal sealed class TrainingRanks(MpiProcessGroup? group)
{
    /// <summary>Who trains together; null for this process alone.</summary>
    public ProcessGroup? Group => group;

    /// <summary>How many they are.</summary>
    public int Size => group?.Size ?? 1;

    /// <summary>Whether this is the process that writes and reports.</summary>
    public bool IsFirst => group is null or { Rank: 0 };

    /// <summary>Meets the others, if there are any, and says who they are.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="options">What the user said of it.</param>
    /// <param name="stop">Ends the wait for the others to start.</param>
    public static TrainingRanks Join(Terminal terminal, RankOptions options, CancellationToken stop)
    {
        if (!MpiProcessGroup.IsLaunched)
        {
            return new TrainingRanks(null);
        }

        var group = MpiProcessGroup.Join(options.Timeout is { } seconds ? TimeSpan.FromSeconds(seconds) : null, stop);
        group.LocalSteps = options.LocalSteps ?? 1;
        torch.set_num_threads(group.Processors);
        foreach (var line in group.Description)
        {
            terminal.Line(line);
        }

        return new TrainingRanks(group);
    }

    /// <summary>The end of a training that went well: waits for the others.</summary>
    public void Complete() => group?.Complete();
}

/// <summary>What the user said of the processes of a training.</summary>
/// <param name="LocalSteps">See <see cref="ProcessGroup.LocalSteps"/>; null for its default.</param>
/// <param name="Timeout">Seconds that a process waits for others; null for the default.</param>
internal sealed record RankOptions(int? LocalSteps, int? Timeout)
{
    /// <summary>How many there are.</summary>
    public int Processes { get; init; } = 1;

    /// <summary>The option of the local steps, one for all commands that train.</summary>
    public static readonly Option<int?> Local = new Option<int?>("--local-steps")
    {
        HelpName = "K",
        Description = "Under mpirun: the steps that a process makes alone before the weights of all are averaged. The default is 1: gradients are summed at every step.",
    }.AtLeast(1);

    /// <summary>The option of the timeout, the same.</summary>
    public static readonly Option<int?> Limit = new Option<int?>("--rank-timeout")
    {
        HelpName = "SECONDS",
        Description = $"Under mpirun: how long a process waits for the others before it takes them for lost. The default is {MpiProcessGroup.DefaultTimeLimit.TotalSeconds:0}.",
    }.AtLeast(1);

    /// <summary>What was given.</summary>
    public static RankOptions Of(ParseResult parsed) => new(parsed.GetValue(Local), parsed.GetValue(Limit));
}
