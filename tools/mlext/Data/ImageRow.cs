using Microsoft.ML.Data;

namespace MLExt.Data;

/// <summary>
/// One image as a row of an IDataView, with the column names that Model Builder's generated code uses. The bytes are
/// read when the column is asked for, so that a pass over the labels reads no file.
/// </summary>
internal sealed class ImageRow(string label, Func<int, byte[]> read, int index)
{
    public ImageRow(string label, Func<byte[]> read)
        : this(label, _ => read(), index: 0)
    {
    }

    /// <summary>Name of the class; empty when it is not known.</summary>
    public string Label { get; } = label;

    /// <summary>The bytes of the image file.</summary>
    [ColumnName(Columns.Image)]
    public byte[] ImageSource => read(index);
}
