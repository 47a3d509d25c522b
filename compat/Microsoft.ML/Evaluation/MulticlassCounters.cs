namespace Microsoft.ML.Data;

/// <summary>Sums over scored rows, and the metrics of them.</summary>
internal sealed class MulticlassCounters
{
    /// <summary>Scores are clamped to [Epsilon, 1] before the logarithm.</summary>
    private const float Epsilon = (float)1e-15;

    private readonly int _classes;
    private readonly double[] _rowsOfClass;
    private readonly double[] _logLossOfClass;
    private readonly double[] _rowsOfRank;
    private double _rows;
    private double _right;
    private double _logLoss;

    internal MulticlassCounters(int classes)
    {
        _classes = classes;
        _rowsOfClass = new double[classes];
        _logLossOfClass = new double[classes];
        _rowsOfRank = new double[classes + 1];
        Confusion = Enumerable.Range(0, classes).Select(_ => new double[classes]).ToArray();
    }

    /// <summary>Rows by true class and predicted class.</summary>
    internal double[][] Confusion { get; }

    internal double MicroAccuracy => _rows > 0 ? _right / _rows : 0;

    internal double MacroAccuracy
    {
        get
        {
            var seen = Enumerable.Range(0, _classes).Where(i => _rowsOfClass[i] > 0).ToArray();
            return seen.Length > 0 ? seen.Sum(i => Confusion[i][i] / _rowsOfClass[i]) / seen.Length : 0;
        }
    }

    internal double LogLoss => _rows > 0 ? _logLoss / _rows : 0;

    internal double LogLossReduction
    {
        get
        {
            var entropy = _rowsOfClass.Where(rows => rows != 0).Sum(rows => rows * Math.Log(rows / _rows)) / -_rows;
            return (entropy - LogLoss) / entropy;
        }
    }

    internal double[] PerClassLogLoss() =>
        _logLossOfClass.Select((loss, i) => _rowsOfClass[i] > 0 ? loss / _rowsOfClass[i] : 0).ToArray();

    /// <summary>The top-k accuracies for k from 1 to <paramref name="count"/>.</summary>
    internal double[] TopKAccuracies(int count)
    {
        var result = new double[count];
        double sum = 0;
        for (var k = 0; k < count; k++)
        {
            sum += _rowsOfRank[k] / _rows;
            result[k] = sum;
        }

        return result;
    }

    /// <summary>
    /// Adds a row. A label beyond the scored classes counts as wrong, with the largest log-loss, and belongs to no class's figures.
    /// Of equal scores the first counts as higher.
    /// </summary>
    internal void Add(int label, ReadOnlySpan<float> scores)
    {
        var known = label < _classes;
        var (rank, predicted) = Rank(label, scores);
        var logLoss = -Math.Log(known ? Math.Min(1, Math.Max(Epsilon, scores[label])) : Epsilon);
        _rows++;
        _logLoss += logLoss;
        _rowsOfRank[rank]++;
        if (known)
        {
            _rowsOfClass[label]++;
            _logLossOfClass[label] += logLoss;
        }

        if (rank == 0)
        {
            _right++;
            Confusion[label][label]++;
        }
        else if (known)
        {
            Confusion[label][predicted]++;
        }
    }

    private static (int Rank, int Predicted) Rank(int label, ReadOnlySpan<float> scores)
    {
        var score = label < scores.Length ? scores[label] : 0;
        var (rank, predicted) = (0, 0);
        for (var i = 0; i < scores.Length; i++)
        {
            if (scores[i] > score || (scores[i] == score && i < label))
            {
                rank++;
            }

            if (scores[predicted] < scores[i])
            {
                predicted = i;
            }
        }

        return (rank, predicted);
    }
}
