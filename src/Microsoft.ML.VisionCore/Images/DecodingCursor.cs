using System.Collections.Concurrent;
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
    private readonly DataViewRowCursor _cursor;
    private readonly ValueGetter<uint> _label;
    private readonly ImageReader _image;
    private readonly Row[] _rows = new Row[BlockRows];
    private readonly ConcurrentBag<ImageDecoder> _decoders = [];
    private int _filled, _next;

    /// <param name="data">What to read.</param>
    /// <param name="image">Its images.</param>
    /// <param name="label">Its labels, a key of <see cref="uint"/>.</param>
    /// <param name="side">The side to bring the images to.</param>
    public DecodingCursor(IDataView data, ImageColumn image, DataViewSchema.Column label, int side)
    {
        _side = side;
        _classCount = ((KeyDataViewType)label.Type).Count;
        _cursor = data.GetRowCursor([image.Column, label]);
        _label = _cursor.GetGetter<uint>(label);
        _image = image.Open(_cursor, side);
    }

    /// <summary>The row the cursor stands on; overwritten as it moves on.</summary>
    public Row Current => _rows[_next - 1];

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
            bytes += ReadRow(_filled++);
        }

        Parallel.For(0, _filled, () => _decoders.TryTake(out var decoder) ? decoder : new ImageDecoder(_side), Decode, _decoders.Add);
    }

    /// <summary>Reads what must be read on the cursor; the bytes it copied.</summary>
    private int ReadRow(int index)
    {
        var row = _rows[index] ??= new Row(3 * _side * _side);
        var key = 0u;
        _label(ref key);
        row.Position = _cursor.Position;
        row.Key = key;
        row.IsEncoded = false;
        if (key == 0 || key > _classCount)
        {
            row.Problem = "the label is missing";
            return 0;
        }

        _image.Take(row);
        return row.IsEncoded ? row.File.Length : 0;
    }

    private ImageDecoder Decode(int index, ParallelLoopState state, ImageDecoder decoder)
    {
        if (_rows[index].IsEncoded)
        {
            _rows[index].Decode(decoder);
        }

        return decoder;
    }

    /// <summary>A row of a data view whose image has been decoded, or not: then <see cref="Problem"/> says why. Used again for other rows.</summary>
    internal sealed class Row(int imageBytes)
    {
        /// <summary>Larger files are not kept, so that rows hold little while they wait.</summary>
        private const int KeptBytes = 1 << 20;

        /// <summary>The file that is to be decoded, where <see cref="IsEncoded"/> says so.</summary>
        public VBuffer<byte> File;

        /// <summary>The number of the row in the data view, from 0.</summary>
        public long Position { get; set; }

        /// <summary>The key of the label: 0 means missing, 1 is the first class.</summary>
        public uint Key { get; set; }

        /// <summary>Whether <see cref="File"/> waits to be decoded.</summary>
        public bool IsEncoded { get; set; }

        /// <summary>Null where <see cref="Pixels"/> were filled.</summary>
        public string? Problem { get; set; }

        /// <summary>[3, S, S].</summary>
        public byte[] Pixels { get; } = new byte[imageBytes];

        /// <summary>Decodes <see cref="File"/> into <see cref="Pixels"/>.</summary>
        public void Decode(ImageDecoder decoder)
        {
            Problem = decoder.Decode(File.IsDense ? File.GetValues() : File.DenseValues().ToArray(), Pixels);
            IsEncoded = false;
            if (File.Length > KeptBytes)
            {
                File = default;
            }
        }
    }
}
