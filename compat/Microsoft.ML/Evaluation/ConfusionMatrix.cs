using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>How often each true class was predicted as each class.</summary>
public sealed class ConfusionMatrix
{
    private readonly double[][] _counts;
    private string _formatted;

    internal ConfusionMatrix(double[][] counts, IReadOnlyList<ReadOnlyMemory<char>> classNames)
    {
        _counts = counts;
        NumberOfClasses = counts.Length;
        ClassNames = classNames;
        var classes = Enumerable.Range(0, counts.Length);
        PerClassRecall = Array.AsReadOnly(classes.Select(i => Share(counts[i][i], counts[i].Sum())).ToArray());
        PerClassPrecision = Array.AsReadOnly(classes.Select(i => Share(counts[i][i], counts.Sum(row => row[i]))).ToArray());
        Counts = Array.AsReadOnly(Array.ConvertAll(counts, row => (IReadOnlyList<double>)Array.AsReadOnly(row)));
    }

    /// <summary>For each class the share of the rows predicted as it that are of it; 0 if there are none.</summary>
    public IReadOnlyList<double> PerClassPrecision { get; }

    /// <summary>For each class the share of its rows that are predicted as it; 0 if there are none.</summary>
    public IReadOnlyList<double> PerClassRecall { get; }

    /// <summary>Counts by true class (outer) and predicted class (inner).</summary>
    public IReadOnlyList<IReadOnlyList<double>> Counts { get; }

    /// <summary>The number of classes.</summary>
    public int NumberOfClasses { get; }

    internal IReadOnlyList<ReadOnlyMemory<char>> ClassNames { get; }

    /// <summary>The matrix as a table for people.</summary>
    public string GetFormattedConfusionTable() => _formatted ??= ConfusionTable.Format(this);

    /// <summary>How often <paramref name="actualClassIndicatorIndex"/> was predicted as <paramref name="predictedClassIndicatorIndex"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is no class.</exception>
    public double GetCountForClassPair(int predictedClassIndicatorIndex, int actualClassIndicatorIndex)
    {
        const string Range = "Invalid index. Should be non-negative, less than the number of classes.";
        Contracts.CheckParam(predictedClassIndicatorIndex > -1 && predictedClassIndicatorIndex < NumberOfClasses, nameof(predictedClassIndicatorIndex), Range);
        Contracts.CheckParam(actualClassIndicatorIndex > -1 && actualClassIndicatorIndex < NumberOfClasses, nameof(actualClassIndicatorIndex), Range);
        return _counts[actualClassIndicatorIndex][predictedClassIndicatorIndex];
    }

    private static double Share(double part, double whole) => whole > 0 ? part / whole : 0;
}
