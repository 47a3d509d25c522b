namespace Microsoft.ML.VisionCore.Images;

/// <summary>
/// Gives the pixels of rows in a given order. Streamed rows come from one pass over the data view; those that the order wants later than
/// the pass meets them wait in memory, so that the order decides how many wait.
/// </summary>
internal sealed class ImageRowReader : IDisposable
{
    private readonly ImageStore _store;
    private readonly HashSet<int> _wanted;
    private readonly Dictionary<int, byte[]> _waiting = [];
    private DecodingCursor? _cursor;

    /// <param name="store">Where the rows are.</param>
    /// <param name="order">The rows that will be asked for, each once.</param>
    public ImageRowReader(ImageStore store, ReadOnlySpan<int> order)
    {
        _store = store;
        _wanted = [];
        foreach (var row in order)
        {
            if (store.IsStreamed(row))
            {
                _wanted.Add(row);
            }
        }
    }

    /// <summary>The pixels of a row, [3, S, S]; valid until the next call.</summary>
    public ReadOnlySpan<byte> Read(int row)
    {
        if (!_store.IsStreamed(row))
        {
            return _store.Cache[row];
        }

        return _waiting.Remove(row, out var pixels) ? pixels : ReadOn(row);
    }

    public void Dispose() => _cursor?.Dispose();

    private byte[] ReadOn(int row)
    {
        _cursor ??= _store.Open(position => _wanted.Contains(_store.StreamedRow(position)));
        while (_cursor.MoveNext())
        {
            var current = _cursor.Current;
            if (current.Problem is not null)
            {
                throw new InvalidOperationException($"Row {current.Position} had an image in the first pass over the data and has none now: {current.Problem}.");
            }

            var found = _store.StreamedRow(current.Position);
            if (found == row)
            {
                return current.Pixels;
            }

            _waiting.Add(found, [.. current.Pixels]);
        }

        throw new InvalidOperationException("The data has fewer rows than in the first pass over it.");
    }
}
