using Microsoft.ML.Runtime;

namespace Microsoft.ML.VisionCore.Scoring;

/// <summary>Rows that are scored together, and their scores. A row without features keeps its place: NaN scores, class 0 (missing), as has a row of none of the classes.</summary>
internal sealed class ScoreBlock
{
    private readonly IRowScorer _scorer;
    private readonly byte[] _features;      // [B, row]: of the rows that have any, closed up
    private readonly float[] _packed;       // [B, Y]: their scores
    private readonly float[] _scores;       // [B, Y]
    private readonly float[] _packedKnown;  // [B], or empty where nothing is rejected
    private readonly float[] _known;        // the same of all rows
    private readonly uint[] _predicted;     // [B]
    private readonly int[] _places;         // [B]: packed → row
    private readonly int _rowBytes;
    private int _count;

    public ScoreBlock(ScoringModel model, int capacity)
    {
        var scorer = model.Scorer;
        _scorer = scorer;
        _rowBytes = scorer.RowBytes;
        _features = new byte[capacity * _rowBytes];
        _packed = new float[capacity * scorer.ClassCount];
        _scores = new float[capacity * scorer.ClassCount];
        _packedKnown = new float[model.Columns.Known is null ? 0 : capacity];
        _known = new float[_packedKnown.Length];
        _predicted = new uint[capacity];
        _places = new int[capacity];
    }

    /// <summary>Empties the block.</summary>
    public void Clear() => _count = 0;

    /// <summary>Reads the features of a row.</summary>
    /// <returns>Why the row has none; null where it has any.</returns>
    public string? Read(int row, FeatureReader reader)
    {
        var reason = reader(_features.AsSpan(_count * _rowBytes, _rowBytes));
        if (reason is null)
        {
            _places[_count++] = row;
        }

        return reason;
    }

    /// <summary>Scores what was read.</summary>
    /// <exception cref="InvalidOperationException">The scores are no numbers.</exception>
    public void Score()
    {
        Array.Fill(_scores, float.NaN);
        Array.Fill(_known, float.NaN);
        Array.Clear(_predicted);
        if (_count == 0)
        {
            return;
        }

        var classes = _scorer.ClassCount;
        var isRejecting = _known.Length > 0;
        _scorer.Score(_features.AsSpan(0, _count * _rowBytes), _packed.AsSpan(0, _count * classes), _packedKnown.AsSpan(0, isRejecting ? _count : 0));
        if (_packed.AsSpan(0, _count * classes).ContainsAnyExceptInRange(0, 1))
        {
            throw new InvalidOperationException("The model's scores are no numbers: its weights, or the values of a row, are far too large, as in a damaged file.");
        }

        for (var i = 0; i < _count; i++)
        {
            var scores = _packed.AsSpan(i * classes, classes);
            scores.CopyTo(_scores.AsSpan(_places[i] * classes, classes));
            _predicted[_places[i]] = MostProbable(scores);
            if (isRejecting)
            {
                _known[_places[i]] = _packedKnown[i];
                _predicted[_places[i]] = _packedKnown[i] < ScoreColumns.LeastKnown ? 0 : _predicted[_places[i]];
            }
        }
    }

    /// <summary>The probabilities of a row, [Y].</summary>
    public ReadOnlySpan<float> Scores(int row) => _scores.AsSpan(row * _scorer.ClassCount, _scorer.ClassCount);

    /// <summary>How sure it is that a row is of one of the classes; NaN for a row without features.</summary>
    public float Known(int row) => _known[row];

    /// <summary>The most probable class of a row, from 1; 0 where there is none.</summary>
    public uint Predicted(int row) => _predicted[row];

    // The first of equals, so that the answer does not depend on chance; NaN has no class.
    private static uint MostProbable(ReadOnlySpan<float> scores)
    {
        var best = 0;
        for (var i = 1; i < scores.Length; i++)
        {
            best = scores[i] > scores[best] ? i : best;
        }

        return float.IsNaN(scores[best]) ? 0 : (uint)best + 1;
    }
}

/// <summary>Counts rows without features and says so once.</summary>
internal sealed class BadRowCounter(IHostEnvironment environment, IFeatureColumn column) : IDisposable
{
    private int _count;
    private string? _first;
    private bool _isReported;

    public void Add(string reason, long row)
    {
        _first ??= $"row {row}: {reason}";
        _count++;
    }

    /// <summary>Sends the warning, where there is anything to warn of and it was not sent before.</summary>
    public void Dispose()
    {
        if (_count == 0 || _isReported)
        {
            return;
        }

        _isReported = true;
        using var channel = environment.Start("Scoring");
        channel.Warning(MessageSensitivity.UserData,
            $"{_count} row(s) of column '{column.Column.Name}' have no {column.Noun} that can be read; " +
            $"their scores are NaN and their predicted label is missing. First: {_first}.");
    }
}
