using Microsoft.ML.VisionCore.Images;

namespace Microsoft.ML.VisionCore.Scoring;

/// <summary>Images that are scored together, and their scores. A row without an image keeps its place: NaN scores, class 0 (missing).</summary>
internal sealed class ScoreBlock
{
    private readonly IImageScorer _scorer;
    private readonly byte[] _pixels;        // [B, 3, S, S]: the rows that have an image, closed up
    private readonly float[] _packed;       // [B, Y]: their scores
    private readonly float[] _scores;       // [B, Y]
    private readonly uint[] _predicted;     // [B]
    private readonly int[] _places;         // [B]: packed → row
    private readonly int _imageSize;
    private int _imageCount;

    public ScoreBlock(IImageScorer scorer, int capacity)
    {
        _scorer = scorer;
        _imageSize = 3 * scorer.Side * scorer.Side;
        _pixels = new byte[capacity * _imageSize];
        _packed = new float[capacity * scorer.ClassCount];
        _scores = new float[capacity * scorer.ClassCount];
        _predicted = new uint[capacity];
        _places = new int[capacity];
    }

    /// <summary>Empties the block.</summary>
    public void Clear() => _imageCount = 0;

    /// <summary>Reads the image of a row.</summary>
    /// <returns>Why the row has none; null where it has one.</returns>
    public string? Read(int row, PixelReader reader)
    {
        var fill = reader(_pixels.AsSpan(_imageCount * _imageSize, _imageSize), out var reason);
        if (fill == PixelFill.Filled)
        {
            _places[_imageCount++] = row;
            return null;
        }

        return reason;
    }

    /// <summary>Scores what was read.</summary>
    public void Score()
    {
        Array.Fill(_scores, float.NaN);
        Array.Clear(_predicted);
        if (_imageCount == 0)
        {
            return;
        }

        var classes = _scorer.ClassCount;
        _scorer.Score(_pixels.AsSpan(0, _imageCount * _imageSize), _packed.AsSpan(0, _imageCount * classes));
        for (var i = 0; i < _imageCount; i++)
        {
            var scores = _packed.AsSpan(i * classes, classes);
            scores.CopyTo(_scores.AsSpan(_places[i] * classes, classes));
            _predicted[_places[i]] = MostProbable(scores);
        }
    }

    /// <summary>The probabilities of a row, [Y].</summary>
    public ReadOnlySpan<float> Scores(int row) => _scores.AsSpan(row * _scorer.ClassCount, _scorer.ClassCount);

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
