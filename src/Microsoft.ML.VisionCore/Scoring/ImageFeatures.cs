using Microsoft.ML.VisionCore.Images;

namespace Microsoft.ML.VisionCore.Scoring;

/// <summary>An image column whose images are read as [C, S, S] bytes.</summary>
/// <param name="image">The column.</param>
/// <param name="side">The side S.</param>
/// <param name="colours">The colours C: 3, or 1 for grey.</param>
internal sealed class ImageFeatures(ImageColumn image, int side, int colours = 3) : IFeatureColumn
{
    public DataViewSchema.Column Column => image.Column;

    public IReadOnlyList<DataViewSchema.Column> Sources => [image.Column];

    public string Noun => "image";

    public int RowBytes => colours * side * side;

    /// <summary>Finds the column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or holds something else than images.</exception>
    public static ImageFeatures Bind(DataViewSchema schema, string name, string role, int side, int colours) =>
        new(ImageColumn.Bind(schema, name, role), side, colours);

    public FeatureReader CreateReader(DataViewRow row)
    {
        var reader = image.Open(row, side);
        if (colours == 3)
        {
            return reader.Read;
        }

        var planes = new byte[3 * side * side];
        return grey =>
        {
            if (reader.Read(planes) is { } reason)
            {
                return reason;
            }

            GreyImage.Luma(planes, grey);
            return null;
        };
    }
}
