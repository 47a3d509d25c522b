using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Training;

/// <summary>Runs the stages of a training one after another through the training loop, each in its part of the time. For one run.</summary>
internal sealed class StageRunner : IDisposable
{
    /// <summary>The batches between two validations.</summary>
    private const int EpochLength = 50;

    // A training that ends after fewer is said to be too short.
    private const int FewSteps = 10;

    private readonly IChannel _channel;
    private readonly FewShotTrainingSettings _settings;
    private readonly IReadOnlyList<FewShotStage> _stages;
    private readonly IReadOnlyDictionary<string, string> _fingerprint;
    private readonly List<(FewShotStage Stage, TrainingResult Result)> _results = [];
    private readonly IDisposable? _lock;
    private long _start;

    /// <param name="channel">Told about epochs.</param>
    /// <param name="settings">How to train.</param>
    /// <param name="stages">The stages, in order.</param>
    /// <param name="fingerprint">What a resumed run must agree on.</param>
    /// <exception cref="IOException">The checkpoint could not be written later, or another training writes it.</exception>
    /// <exception cref="InvalidOperationException">A training of other stages keeps its state under the name of the checkpoint.</exception>
    public StageRunner(IChannel channel, FewShotTrainingSettings settings, IReadOnlyList<FewShotStage> stages, IReadOnlyDictionary<string, string> fingerprint)
    {
        (_channel, _settings, _stages, _fingerprint) = (channel, settings, stages, fingerprint);
        _start = settings.Loop.BudgetStart ?? settings.Loop.Clock.GetTimestamp();
        // For all stages: a folder that vanishes after the first is no reason to end the training.
        _lock = settings.Loop.CheckpointPath is { } path && settings.Loop.Team.IsFirst ? TrainingCheckpoint.Lock(path) : null;
        try
        {
            RefuseOtherStages();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What the stages came to so far.</summary>
    public IReadOnlyList<(FewShotStage Stage, TrainingResult Result)> Results => _results;

    /// <summary>Whether the run was cancelled; then no other stage is to begin.</summary>
    public bool IsCancelled { get; private set; }

    /// <summary>The batches of a stage's epoch.</summary>
    public int BatchesPerEpoch(FewShotStage stage) => Length(stage).Batches;

    /// <summary>Trains a stage, or takes over its weights where an interrupted run has finished it.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled before the first step of its first stage.</exception>
    public void Run<TBatch>(FewShotStage stage, ITrainable<TBatch> trainable, IBatchSource<TBatch> source)
        where TBatch : class, IDisposable
    {
        var finished = _settings.Loop.CheckpointPath is { } path ? $"{NameOf(path, stage)}.finished" : null;
        if (finished is not null && Finished(finished, trainable.State) is { } earlier)
        {
            trainable.SetTraining(false);
            _results.Add((stage, earlier));
            _start -= (long)(earlier.Elapsed.TotalSeconds * _settings.Loop.Clock.TimestampFrequency);
            _channel.Info(MessageSensitivity.None, $"The stage '{FewShotReports.NameOf(stage)}' was finished before after {Counted(earlier.Steps)}.");
            return;
        }

        TrainingResult result;
        try
        {
            result = new TrainingLoop<TBatch>(trainable, source, LoopOf(stage), _channel).Run();
        }
        catch (OperationCanceledException) when (_results.Count > 0)
        {
            IsCancelled = true;
            return;
        }

        _results.Add((stage, result));
        if (result.Reason == StopReason.TimeBudget && result.Steps < FewSteps)
        {
            _channel.Warning(MessageSensitivity.None, $"The stage '{FewShotReports.NameOf(stage)}' made only {Counted(result.Steps)} in its time, so that it has hardly learned: give it more time, or train a smaller model.");
        }

        IsCancelled = result.Reason == StopReason.Cancelled;
        if (finished is not null && !IsCancelled && _settings.Loop.Team.IsFirst)
        {
            using var scope = NewDisposeScope();
            CheckpointKeeper.Try(_channel, $"The weights of the stage '{FewShotReports.NameOf(stage)}' could not be kept in '{finished}'",
                () => StageFile.Write(finished, trainable.State, result, _fingerprint));
        }
    }

    /// <summary>Removes what was kept to resume the run; called at its end.</summary>
    public void Forget()
    {
        if (_settings.Loop.CheckpointPath is { } path && !IsCancelled && _settings.Loop.Team.IsFirst)
        {
            foreach (var stage in _stages)
            {
                var finished = $"{NameOf(path, stage)}.finished";
                CheckpointKeeper.Try(_channel, $"'{finished}' could not be deleted at the end of the training", () => CheckpointKeeper.DeleteWithUnfinished(finished));
            }
        }
    }

    public void Dispose() => _lock?.Dispose();

    // Another method's files have other names, so that nothing would read them, or ever delete them.
    private void RefuseOtherStages()
    {
        if (_lock is null || _settings.Loop.CheckpointPath is not { } path)
        {
            return;
        }

        var others = Enum.GetValues<FewShotStage>().Except(_stages).Select(stage => NameOf(path, stage)).SelectMany<string, string>(name => [name, $"{name}.finished"]);
        if (others.FirstOrDefault(File.Exists) is { } other)
        {
            RunFile.Refuse(other, _fingerprint);
        }
    }

    private TrainingResult? Finished(string path, IReadOnlyList<(string Name, Tensor Value)> state)
    {
        using var file = new TeamFile(path, _settings.Loop.Team);
        return StageFile.Read(file.Path, state, _fingerprint);
    }

    private (int Batches, int Epochs) Length(FewShotStage stage)
    {
        if (_settings.Loop.TimeBudget is not null)
        {
            return (EpochLength, int.MaxValue);
        }

        var steps = _settings.Of(stage).Steps;
        var epochs = (steps + EpochLength - 1) / EpochLength;
        return ((steps + epochs - 1) / epochs, epochs);
    }

    private static string Counted(long steps) => steps == 1 ? "1 step" : $"{steps} steps";

    private static string NameOf(string path, FewShotStage stage) => $"{path}.{stage.ToString().ToLowerInvariant()}";

    private TrainingSettings LoopOf(FewShotStage stage)
    {
        var (own, shared) = (_settings.Of(stage), _settings.Loop);
        var number = _stages.ToList().IndexOf(stage);
        var done = _stages.Take(number + 1).Sum(one => _settings.Of(one).Share) / _stages.Sum(one => _settings.Of(one).Share);
        return shared with
        {
            Epochs = Length(stage).Epochs,
            TimeBudget = (shared.TimeBudget - shared.BudgetReserve) * done,
            BudgetStart = _start,
            BudgetReserve = TimeSpan.Zero,
            Optimizer = own.Optimizer,
            WarmUpFraction = own.WarmUpFraction,
            Decay = DecayShape.Cosine,
            ClipNorm = own.ClipNorm,
            CheckpointPath = shared.CheckpointPath is { } path ? NameOf(path, stage) : null,
            IsCheckpointLocked = true,
            Fingerprint = _fingerprint,
            Progress = _settings.Progress is { } callback
                ? progress => callback(new FewShotProgress(stage, number + 1, _stages.Count, progress))
                : null,
        };
    }
}
