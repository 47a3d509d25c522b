using Microsoft.ML.Data;

namespace Microsoft.ML.VisionCore.Images;

/// <summary>The image column of the row that a cursor stands on. Never throws because of what an image holds.</summary>
internal sealed class ImageReader
{
    private const string NoBytes = "the row has no bytes";

    private readonly ValueGetter<VBuffer<byte>>? _file;
    private readonly ValueGetter<MLImage>? _image;
    private readonly ValueGetter<VBuffer<float>>? _values;
    private readonly ImageColumn.Layout _layout;
    private readonly ImageDecoder _decoder;
    private VBuffer<byte> _fileBuffer;
    private VBuffer<float> _valueBuffer;
    private MLImage? _decoded;

    /// <param name="row">The cursor; the column must be active in it.</param>
    /// <param name="column">The column.</param>
    /// <param name="layout">How the column's numbers are an image; null where it holds files or <see cref="MLImage"/>.</param>
    /// <param name="side">The side S to bring images to.</param>
    public ImageReader(DataViewRow row, DataViewSchema.Column column, ImageColumn.Layout? layout, int side)
    {
        _decoder = new ImageDecoder(side);
        _layout = layout.GetValueOrDefault();
        if (layout is not null)
        {
            _values = row.GetGetter<VBuffer<float>>(column);
        }
        else if (column.Type is VectorDataViewType)
        {
            _file = row.GetGetter<VBuffer<byte>>(column);
        }
        else
        {
            _image = row.GetGetter<MLImage>(column);
        }
    }

    /// <summary>Reads the image here and now.</summary>
    /// <param name="planes">Receives red, green and blue planes, [3, S, S]; untouched unless null is returned.</param>
    /// <returns>Why there is no image; null where there is.</returns>
    public string? Read(Span<byte> planes)
    {
        if (_file is not null)
        {
            _file(ref _fileBuffer);
            return _fileBuffer.Length == 0 ? NoBytes : _decoder.Decode(Dense(ref _fileBuffer), planes);
        }

        if (_values is not null)
        {
            _values(ref _valueBuffer);
            return _decoder.Convert(Dense(ref _valueBuffer), _layout, planes);
        }

        // The column owns the image: it may be the caller's own object, so it is not disposed of here.
        _image!(ref _decoded!);
        return _decoded is null ? "the row has no image" : _decoder.Convert(_decoded, planes);
    }

    /// <summary>Takes the image out of the row, so that any thread may decode it: files stay files, and everything else is read at once.</summary>
    public void Take(DecodingCursor.Row row)
    {
        if (_file is null)
        {
            row.Problem = Read(row.Pixels);
            return;
        }

        _file(ref row.File);
        row.IsEncoded = row.File.Length > 0;
        row.Problem = row.IsEncoded ? null : NoBytes;
    }

    /// <summary>The shorter side of the image in pixels; null where there is none. Decodes nothing.</summary>
    public int? ReadShorterSide()
    {
        if (_file is not null)
        {
            _file(ref _fileBuffer);
            var header = EncodedImage.ReadHeader(Dense(ref _fileBuffer));
            return header.Fault is null ? Math.Min(header.Width, header.Height) : null;
        }

        _image!(ref _decoded!);
        return _decoded is null ? null : Math.Min(_decoded.Width, _decoded.Height);
    }

    private static ReadOnlySpan<T> Dense<T>(ref VBuffer<T> buffer) => buffer.IsDense ? buffer.GetValues() : buffer.DenseValues().ToArray();
}
