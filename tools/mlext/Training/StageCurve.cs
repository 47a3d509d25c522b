namespace MLExt.Training;

/// <summary>
/// What the training of a part of a generator reported, as a curve of a bounded number of points however long it took: when there are too
/// many, neighbours are put together.
/// </summary>
/// <param name="name">The part.</param>
internal sealed class StageCurve(string name)
{
    /// <summary>The most points; even.</summary>
    private const int Most = 240;

    private readonly List<(double Step, double Loss, double Accuracy, int Count)> _points = [];
    private readonly List<(double Step, double Accuracy)> _validation = [];
    private int _perPoint = 1;

    /// <summary>The part.</summary>
    public string Name => name;

    /// <summary>Mean loss by step.</summary>
    public IReadOnlyList<(double Step, double Loss)> Loss => [.. _points.Select(p => (p.Step, p.Loss / p.Count))];

    /// <summary>Mean share of right answers on training tasks by step.</summary>
    public IReadOnlyList<(double Step, double Accuracy)> Accuracy => [.. _points.Select(p => (p.Step, p.Accuracy / p.Count))];

    /// <summary>Share of right answers on tasks of classes held out by step.</summary>
    public IReadOnlyList<(double Step, double Accuracy)> Validation => _validation;

    /// <summary>Takes a report; those without a finite loss are left out of the means.</summary>
    public void Add(long step, double loss, double accuracy, double? validationAccuracy)
    {
        if (validationAccuracy is { } validated)
        {
            _validation.Add((step, validated));
        }

        if (!double.IsFinite(loss) || !double.IsFinite(accuracy))
        {
            return;
        }

        if (_points.Count > 0 && _points[^1].Count < _perPoint)
        {
            _points[^1] = (step, _points[^1].Loss + loss, _points[^1].Accuracy + accuracy, _points[^1].Count + 1);
            return;
        }

        if (_points.Count == Most)
        {
            Halve();
        }

        _points.Add((step, loss, accuracy, 1));
    }

    private void Halve()
    {
        for (var i = 0; i < Most / 2; i++)
        {
            var (first, second) = (_points[2 * i], _points[(2 * i) + 1]);
            _points[i] = (second.Step, first.Loss + second.Loss, first.Accuracy + second.Accuracy, first.Count + second.Count);
        }

        _points.RemoveRange(Most / 2, Most / 2);
        _perPoint *= 2;
    }
}
