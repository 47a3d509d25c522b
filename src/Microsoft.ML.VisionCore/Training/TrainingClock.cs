namespace Microsoft.ML.VisionCore.Training;

/// <summary>How far a run is: by batches, or by time where it has a budget. The time for what must still come at the end is set aside.</summary>
internal sealed class TrainingClock
{
    /// <summary>The share of a run's time by which a validation may overrun it.</summary>
    private const double LongestOverrun = 0.5;

    /// <summary>Validations differ in length; this much more than the longest seen is kept free for the last.</summary>
    private const double ValidationMargin = 1.05;

    private readonly TimeProvider _time;
    private readonly TimeSpan _spentBeforeLoop;
    private readonly TimeSpan? _budget;
    private readonly TimeSpan _reserve;
    private readonly long _totalBatches;
    private readonly double _validationInBatches;
    private readonly double _lastValidations;
    private long _loopStart;
    private TimeSpan _elapsedBefore;
    private TimeSpan _longestValidation;
    private TimeSpan _allBatches;
    private long _batches;
    private double _progress;

    /// <param name="settings">The length of the run.</param>
    /// <param name="batchesPerEpoch">Batches in an epoch.</param>
    /// <param name="validationInBatches">What a validation costs, in training batches; a guess that the first measurement replaces.</param>
    public TrainingClock(TrainingSettings settings, int batchesPerEpoch, double validationInBatches)
    {
        _time = settings.Clock;
        _loopStart = _time.GetTimestamp();
        _budget = settings.TimeBudget;
        _reserve = settings.BudgetReserve;
        _lastValidations = 1 + settings.ValidationsAfter;
        _spentBeforeLoop = settings.BudgetStart is { } start ? _time.GetElapsedTime(start) : TimeSpan.Zero;
        _totalBatches = (long)settings.Epochs * batchesPerEpoch;
        _validationInBatches = validationInBatches;
    }

    /// <summary>Begins to count.</summary>
    /// <param name="elapsedBefore">Time that the run took before it was interrupted.</param>
    /// <param name="validationBefore">The part of it that went into validations.</param>
    public void Start(TimeSpan elapsedBefore, TimeSpan validationBefore)
    {
        _elapsedBefore = elapsedBefore;
        ValidationTime = validationBefore;
        _loopStart = _time.GetTimestamp();
    }

    /// <summary>Time in the loop, with that of the runs it resumes.</summary>
    public TimeSpan Elapsed => _elapsedBefore + _time.GetElapsedTime(_loopStart);

    /// <summary>The part of <see cref="Elapsed"/> that went into validations.</summary>
    public TimeSpan ValidationTime { get; private set; }

    public bool IsTimed => _budget is not null;

    /// <summary>The share of the run that is done after <paramref name="batches"/> batches; never falls.</summary>
    public double Progress(long batches)
    {
        var now = _budget is { } budget
            ? Elapsed / Later(budget - _spentBeforeLoop - Reserve, TimeSpan.FromTicks(1))
            : batches / (double)_totalBatches;
        return _progress = Math.Clamp(now, _progress, 1);
    }

    /// <summary>Whether another batch would end after the time that is left for training. The first batch is always allowed.</summary>
    public bool IsOver(long batches) => _budget is { } budget
        ? batches > 0 && Elapsed + (MeanBatch / 2) >= budget - _spentBeforeLoop - Reserve
        : batches >= _totalBatches;

    /// <summary>Whether one more validation keeps the time for validations below <paramref name="share"/> of the run.</summary>
    public bool AllowsValidation(double share) => !IsTimed || ValidationTime + ExpectedValidation <= share * Elapsed;

    /// <summary>How long a validation may take that begins now; null for as long as it does.</summary>
    public TimeSpan? ValidationLimit => _budget is { } budget ? (LongestOverrun * budget) + Later(budget - _spentBeforeLoop - Elapsed, TimeSpan.Zero) : null;

    public void AddBatch(TimeSpan duration)
    {
        _allBatches += duration;
        _batches++;
    }

    public void AddValidation(TimeSpan duration)
    {
        ValidationTime += duration;
        _longestValidation = Later(_longestValidation, duration);
    }

    private TimeSpan MeanBatch => _batches == 0 ? TimeSpan.Zero : _allBatches / _batches;

    private TimeSpan ExpectedValidation => _longestValidation > TimeSpan.Zero ? _longestValidation * ValidationMargin : MeanBatch * _validationInBatches;

    private TimeSpan Reserve => _reserve + (ExpectedValidation * _lastValidations);

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
