using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Marks an <see cref="MLImage"/> member of a row class as a column of type <see cref="ImageDataViewType"/>.</summary>
public sealed class ImageTypeAttribute : DataViewTypeAttribute
{
    /// <summary>Images of one size.</summary>
    public ImageTypeAttribute(int height, int width)
    {
        Contracts.CheckParam(width > 0, nameof(width), "Should be positive number");
        Contracts.CheckParam(height > 0, nameof(height), "Should be positive number");
        Height = height;
        Width = width;
    }

    internal int Height { get; }

    internal int Width { get; }

    /// <inheritdoc/>
    public override bool Equals(DataViewTypeAttribute other) =>
        other is ImageTypeAttribute image && image.Height == Height && image.Width == Width;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Height, Width);

    /// <inheritdoc/>
    public override void Register() =>
        DataViewTypeManager.Register(new ImageDataViewType(Height, Width), typeof(MLImage), this);
}
