using Microsoft.ML.VisionCore.Torch;

namespace Microsoft.ML.VisionCore.Training;

/// <summary>An immutable copy of what the caller asked of a run; the product has validated it.</summary>
internal sealed record TrainingSettings
{
    /// <summary>Passes over the training set; ignored where <see cref="TimeBudget"/> is given.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>The time the whole run may take, from <see cref="BudgetStart"/> to the end of <see cref="TrainingLoop{TBatch}.Run"/>. The schedule is then driven by time.</summary>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>A timestamp of <see cref="Clock"/> at which the budget began to run; null means when the loop starts.</summary>
    public long? BudgetStart { get; init; }

    /// <summary>Time to leave at the end of the budget for what the caller does after the loop.</summary>
    public TimeSpan BudgetReserve { get; init; }

    /// <summary>The same in validations: so many times as long as one.</summary>
    public double ValidationsAfter { get; init; }

    public OptimizerSettings Optimizer { get; init; } = new();

    /// <summary>The share of the run in which the rate rises, in [0, 1).</summary>
    public double WarmUpFraction { get; init; } = 0.03;

    public DecayShape Decay { get; init; } = DecayShape.Linear;

    /// <summary>The largest global norm of the gradient; null means no clipping.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>The decay of the exponential moving average (EMA) of the weights, which is validated and kept; null means none.</summary>
    public double? EmaDecay { get; init; }

    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>Validate after every so many epochs; the end of the run is always validated.</summary>
    public int ValidationEpochs { get; init; } = 1;

    /// <summary>The largest share of a time-driven run that validations may take; epochs go unvalidated to keep to it.</summary>
    public double ValidationShare { get; init; } = 0.05;

    /// <summary>Where the state of the run is kept while it is unfinished, written at the end of every epoch; null means nowhere.</summary>
    public string? CheckpointPath { get; init; }

    /// <summary>Whether whoever starts the run keeps others from its checkpoint.</summary>
    public bool IsCheckpointLocked { get; init; }

    /// <summary>What a checkpoint must agree on to be resumed, by name.</summary>
    public IReadOnlyDictionary<string, string> Fingerprint { get; init; } = new Dictionary<string, string>();

    /// <summary>Called on the training thread after each epoch and every <see cref="ProgressInterval"/>.</summary>
    public Action<TrainingProgress>? Progress { get; init; }

    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromSeconds(0.5);

    public CancellationToken CancellationToken { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Who trains together. All settings are the same for all of them.</summary>
    public Team Team { get; init; } = Team.Alone;

    /// <summary>These settings for the processes of a team: decisions by time are made by the first one's clock, and began when its did.</summary>
    public TrainingSettings For(Team team) => team.IsAlone ? this : this with
    {
        Team = team,
        Clock = TimeBudget is null ? Clock : new TeamClock(Clock, team),
        BudgetStart = BudgetStart is { } start ? team.Broadcast(start) : null,
        TimeBudget = TimeBudget is { } budget ? TimeSpan.FromTicks(team.Broadcast(budget.Ticks)) : null,
        // Everybody takes the same turns; the first one alone tells.
        Progress = Progress is null || team.IsFirst ? Progress : _ => { },
    };
}

/// <summary>Rates and decays. Both optimisers follow the same schedule.</summary>
internal sealed record OptimizerSettings
{
    public OptimizerKind Kind { get; init; } = OptimizerKind.Muon;

    /// <summary>AdamW's peak learning rate.</summary>
    public double LearningRate { get; init; } = 2e-3;

    public double Beta1 { get; init; } = 0.9;

    public double Beta2 { get; init; } = 0.99;

    public double Epsilon { get; init; } = 1e-8;

    /// <summary>AdamW's decoupled decay of kernels and matrices.</summary>
    public double WeightDecay { get; init; } = 0.05;

    /// <summary>Muon's peak learning rate.</summary>
    public double MatrixLearningRate { get; init; } = 0.02;

    public double MatrixMomentum { get; init; } = 0.95;

    /// <summary>Muon's decoupled decay.</summary>
    public double MatrixWeightDecay { get; init; }
}

/// <summary>Which optimiser moves the matrices.</summary>
internal enum OptimizerKind
{
    /// <summary>Muon for matrices, AdamW for everything else.</summary>
    Muon,

    /// <summary>AdamW for everything.</summary>
    AdamW,
}

/// <summary>Stops a run that no longer gets better on the validation set.</summary>
/// <param name="MinDelta">The smallest change for the better that counts as one.</param>
/// <param name="Patience">The number of validations without one after which the run stops; at least 1.</param>
/// <param name="WatchLoss">Whether the loss is watched, which is to fall; otherwise the accuracy is, which is to rise.</param>
internal sealed record EarlyStopping(double MinDelta, int Patience, bool WatchLoss = false)
{
    /// <summary>The value to beat (higher is better) and the validations waited, after one more validation.</summary>
    public (double Reference, int Waited) Next(double reference, int waited, ValidationMetrics metrics)
    {
        var value = WatchLoss ? -metrics.Loss : metrics.Accuracy;
        return value > reference + MinDelta ? (value, 0) : (reference, waited + 1);
    }
}
