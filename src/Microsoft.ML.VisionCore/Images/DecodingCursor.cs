using Microsoft.ML.Data;

namespace Microsoft.ML.VisionCore.Images;

/// <summary>
/// One pass over the images of a data view in its order. The cursor stays on the calling thread, as cursors must; encoded files are
/// copied out of it a block at a time and decoded on all processors.
/// </summary>
internal sealed class DecodingCursor : IDisposable
{
    private const int BlockRows = 256;
    private const long BlockBytes = 32 << 20;

    private readonly int _side;
    private readonly ulong _classCount;
    private readonly Func<long, bool> _isWanted;
    private readonly DataViewRowCursor _cursor;
    private readonly ValueGetter<uint> _label;
    private readonly Func<ImageSnapshot?> _image;
    private readonly DecodedRow[] _rows = new DecodedRow[BlockRows];
    private readonly ImageSnapshot?[] _snapshots = new ImageSnapshot?[BlockRows];
    private int _filled, _next;

    /// <param name="data">What to read.</param>
    /// <param name="image">Its images.</param>
    /// <param name="label">Its labels, a key of <see cref="uint"/>.</param>
    /// <param name="side">The side to bring the images to.</param>
    /// <param name="isWanted">Which rows to stop at, by position; the others are passed without reading their images. Null means all.</param>
    public DecodingCursor(IDataView data, ImageColumn image, DataViewSchema.Column label, int side, Func<long, bool>? isWanted = null)
    {
        _side = side;
        _classCount = ((KeyDataViewType)label.Type).Count;
        _isWanted = isWanted ?? (_ => true);
        _cursor = data.GetRowCursor([image.Column, label]);
        _label = _cursor.GetGetter<uint>(label);
        _image = image.CreateSnapshotReader(_cursor, side);
    }

    /// <summary>The row the cursor stands on; overwritten as it moves on.</summary>
    public DecodedRow Current => _rows[_next - 1];

    public bool MoveNext()
    {
        if (_next == _filled)
        {
            ReadBlock();
        }

        return _next++ < _filled;
    }

    public void Dispose() => _cursor.Dispose();

    private void ReadBlock()
    {
        (_filled, _next) = (0, 0);
        var bytes = 0L;
        while (_filled < BlockRows && bytes < BlockBytes && _cursor.MoveNext())
        {
            if (_isWanted(_cursor.Position))
            {
                bytes += ReadRow(_filled++);
            }
        }

        Parallel.For(0, _filled, Decode);
    }

    /// <summary>Reads what must be read on the cursor; the bytes it copied.</summary>
    private int ReadRow(int index)
    {
        var row = _rows[index] ??= new DecodedRow(3 * _side * _side);
        _snapshots[index] = null;
        var key = 0u;
        _label(ref key);
        row.Position = _cursor.Position;
        row.Key = key;
        row.Problem = key == 0 || key > _classCount ? "the label is missing" : null;
        if (row.Problem is null && (_snapshots[index] = _image()) is null)
        {
            row.Problem = "the image is missing";
        }

        return _snapshots[index]?.Content.Length ?? 0;
    }

    private void Decode(int index)
    {
        if (_snapshots[index] is { } snapshot)
        {
            ImageColumn.Decode(snapshot, _side, _rows[index].Pixels, out var reason);
            _rows[index].Problem = reason;
        }
    }
}
