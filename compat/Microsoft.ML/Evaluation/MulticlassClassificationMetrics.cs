namespace Microsoft.ML.Data;

/// <summary>How well the scores of a multiclass classifier fit the labels.</summary>
public sealed class MulticlassClassificationMetrics
{
    internal MulticlassClassificationMetrics(MulticlassCounters counters, int topKPredictionCount, IReadOnlyList<ReadOnlyMemory<char>> classNames)
    {
        MicroAccuracy = counters.MicroAccuracy;
        MacroAccuracy = counters.MacroAccuracy;
        LogLoss = counters.LogLoss;
        LogLossReduction = counters.LogLossReduction;
        PerClassLogLoss = Array.AsReadOnly(counters.PerClassLogLoss());
        TopKPredictionCount = topKPredictionCount;
        TopKAccuracyForAllK = topKPredictionCount > 0 ? Array.AsReadOnly(counters.TopKAccuracies(topKPredictionCount)) : null;
        ConfusionMatrix = new ConfusionMatrix(counters.Confusion, classNames);
    }

    /// <summary>Mean of -ln(probability of the true class). 0 is best.</summary>
    public double LogLoss { get; }

    /// <summary>How much smaller the log-loss is than that of always predicting the classes' shares, relative to it. 1 is best.</summary>
    public double LogLossReduction { get; }

    /// <summary>Mean over classes (those with rows) of the share of the class's rows predicted right.</summary>
    public double MacroAccuracy { get; }

    /// <summary>Share of rows predicted right.</summary>
    public double MicroAccuracy { get; }

    /// <summary>Share of rows whose true class is among the <see cref="TopKPredictionCount"/> with the highest scores; 0 if that is 0.</summary>
    public double TopKAccuracy => TopKAccuracyForAllK?.LastOrDefault() ?? 0;

    /// <summary>The K of <see cref="TopKAccuracy"/>; 0 if it was not asked for.</summary>
    public int TopKPredictionCount { get; }

    /// <summary>The top-k accuracy for k from 1 to <see cref="TopKPredictionCount"/>; null if that is 0.</summary>
    public IReadOnlyList<double> TopKAccuracyForAllK { get; }

    /// <summary>The log-loss of each class's rows; 0 for a class without rows.</summary>
    public IReadOnlyList<double> PerClassLogLoss { get; }

    /// <summary>How often each true class was predicted as each class.</summary>
    public ConfusionMatrix ConfusionMatrix { get; }
}
