namespace Microsoft.ML.FewShot.Evaluation;

/// <summary>The share of right answers in each of a number of tasks, with its mean and 95 % interval.</summary>
internal sealed class TaskScores
{
    /// <summary>The 97.5 % point of the normal distribution; over hundreds of tasks Student's differs in the third digit.</summary>
    private const double Normal = 1.96;

    /// <param name="accuracies">In [0, 1], in the order of the tasks; at least 2.</param>
    /// <param name="rejections">What each task showed of rejection; empty where it was not measured.</param>
    internal TaskScores(IReadOnlyList<double> accuracies, IReadOnlyList<RejectionScores>? rejections = null)
    {
        if (rejections is { Count: > 0 })
        {
            (Auroc, FalseRejections) = (rejections.Average(task => task.Auroc), rejections.Average(task => task.FalseRejections));
        }

        Accuracies = accuracies;
        (Accuracy, ConfidenceHalfWidth95) = Interval(accuracies);
    }

    /// <summary>Each task's share of right answers, in [0, 1].</summary>
    internal IReadOnlyList<double> Accuracies { get; }

    /// <summary>The mean over the tasks.</summary>
    internal double Accuracy { get; }

    /// <summary>Half the width of the 95 % interval: 1.96 s/√T, s the sample standard deviation over the T tasks.</summary>
    internal double ConfidenceHalfWidth95 { get; }

    /// <summary>The mean of <see cref="RejectionScores.Auroc"/>; null where it was not measured.</summary>
    internal double? Auroc { get; }

    /// <summary>The mean of <see cref="RejectionScores.FalseRejections"/>; null where it was not measured.</summary>
    internal double? FalseRejections { get; }

    /// <summary>This less <paramref name="other"/> on the same tasks, taken task by task: mean and half the width of the 95 % interval.</summary>
    /// <exception cref="ArgumentException">The numbers of tasks differ.</exception>
    internal (double Mean, double ConfidenceHalfWidth95) Less(TaskScores other) => Accuracies.Count == other.Accuracies.Count
        ? Interval([.. Accuracies.Zip(other.Accuracies, (own, others) => own - others)])
        : throw new ArgumentException($"Only the same tasks can be compared; these are {Accuracies.Count} and {other.Accuracies.Count} tasks.", nameof(other));

    private static (double Mean, double ConfidenceHalfWidth95) Interval(IReadOnlyList<double> values)
    {
        if (values.Count < 2)
        {
            throw new ArgumentException($"An interval needs at least 2 tasks; there are {values.Count}.", nameof(values));
        }

        var mean = values.Average();
        var variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
        return (mean, Normal * Math.Sqrt(variance / values.Count));
    }
}
