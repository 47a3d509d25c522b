using Microsoft.ML.Data;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Scoring;

namespace Microsoft.ML.FewShot.Data;

/// <summary>Finds and checks the feature columns of few-shot models.</summary>
internal static class FewShotFeatures
{
    private const string Role = "feature";

    /// <summary>Finds the column that a trained model reads.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing, of another type, or of another size than the model takes.</exception>
    public static IFeatureColumn Bind(DataViewSchema schema, string name, ExampleShape shape)
    {
        if (!shape.IsImage)
        {
            return VectorFeatures.Bind(schema, name, Role, shape.FeatureLength > 0 ? shape.FeatureLength : null);
        }

        var image = ImageColumn.Bind(schema, name, Role);
        return image.FixedSide is { } side && side != shape.ImageSize
            ? throw new ArgumentOutOfRangeException(nameof(schema),
                $"The {Role} column '{name}' has pixels of {side} x {side} images; the model takes {shape.ImageSize} x {shape.ImageSize}. " +
                $"ResizeImages({shape.ImageSize}, {shape.ImageSize}) before ExtractPixels makes them so.")
            : new ImageFeatures(image, shape.ImageSize, shape.Colors);
    }

    /// <summary>Checks the shape of a column as <see cref="Bind"/> does, as far as a shape tells.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    public static void Check(SchemaShape schema, string name, ExampleShape shape) => Check(schema, name, shape.IsImage ? FewShotInput.Images : FewShotInput.Vectors);

    /// <summary>Checks the shape of a training set's column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    public static void Check(SchemaShape schema, string name, FewShotInput input)
    {
        // A shape does not tell the dimensions of a vector, and both kinds take vectors of numbers.
        if (input == FewShotInput.Vectors)
        {
            VectorFeatures.Check(schema, name, Role);
        }
        else
        {
            ImageColumn.Check(schema, name, Role);
        }
    }

    /// <summary>Whether a training set's column holds features; otherwise it is to hold images.</summary>
    public static bool IsVector(DataViewSchema schema, string name, FewShotInput input) => input == FewShotInput.Vectors ||
        (input == FewShotInput.Automatic && schema.GetColumnOrNull(name)?.Type is VectorDataViewType { Dimensions.Length: 1, IsKnownSize: true, ItemType: NumberDataViewType { RawType: var raw } } && raw == typeof(float));
}
