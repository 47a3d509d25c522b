using Microsoft.ML.Data;

namespace MLExt.Data;

/// <summary>As <see cref="ImageRow"/>, with the group that the image's class belongs to.</summary>
internal sealed class GroupedImageRow(ImageRow row)
{
    /// <summary>Name of the class.</summary>
    public string Label => row.Label;

    /// <summary>Path of the folder that the class lies in; empty where it lies directly below the common folder.</summary>
    public string Group { get; } = ClassNames.GroupOf(row.Label);

    /// <summary>The bytes of the image file.</summary>
    [ColumnName(Columns.Image)]
    public byte[] ImageSource => row.ImageSource;
}
