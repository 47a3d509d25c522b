using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Brings images to one size; see <see cref="ImageEstimatorsCatalog"/>.</summary>
public sealed class ImageResizingEstimator : TrivialEstimator<ImageResizingTransformer>
{
    internal ImageResizingEstimator(IHostEnvironment env, params ColumnOptions[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(ImageResizingEstimator)), new ImageResizingTransformer(env, columns))
    {
    }

    /// <summary>What happens to the aspect ratio.</summary>
    public enum ResizingKind : byte
    {
        /// <summary>Kept; the image is padded.</summary>
        IsoPad = 0,

        /// <summary>Kept; the image is cropped.</summary>
        IsoCrop = 1,

        /// <summary>Not kept; the image is stretched.</summary>
        Fill = 2,
    }

    /// <summary>Which part of a cropped image is kept.</summary>
    public enum Anchor : byte
    {
        /// <summary>The right part.</summary>
        Right = 0,

        /// <summary>The left part.</summary>
        Left = 1,

        /// <summary>The top part.</summary>
        Top = 2,

        /// <summary>The bottom part.</summary>
        Bottom = 3,

        /// <summary>The middle.</summary>
        Center = 4,
    }

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        var result = inputSchema.ToDictionary(x => x.Name);
        foreach (var column in Transformer.Columns)
        {
            ImageColumns.CheckInput(Host, inputSchema, column.InputColumnName);
            result[column.Name] = new SchemaShape.Column(column.Name, SchemaShape.Column.VectorKind.Scalar, column.Type, false);
        }

        return new SchemaShape(result.Values);
    }

    internal static class Defaults
    {
        public const ResizingKind Resizing = ResizingKind.IsoCrop;
        public const Anchor CropAnchor = Anchor.Center;
    }

    internal sealed class ColumnOptions
    {
        public readonly string Name;
        public readonly string InputColumnName;
        public readonly int ImageWidth;
        public readonly int ImageHeight;
        public readonly ResizingKind Resizing;
        public readonly Anchor Anchor;
        public readonly DataViewType Type;

        public ColumnOptions(
            string name,
            int imageWidth,
            int imageHeight,
            string inputColumnName = null,
            ResizingKind resizing = Defaults.Resizing,
            Anchor anchor = Defaults.CropAnchor)
        {
            Contracts.CheckNonEmpty(name, nameof(name));
            Contracts.CheckUserArg(imageWidth > 0, nameof(imageWidth));
            Contracts.CheckUserArg(imageHeight > 0, nameof(imageHeight));
            Contracts.CheckUserArg(Enum.IsDefined(resizing), nameof(resizing));
            Contracts.CheckUserArg(Enum.IsDefined(anchor), nameof(anchor));
            Name = name;
            InputColumnName = inputColumnName ?? name;
            ImageWidth = imageWidth;
            ImageHeight = imageHeight;
            Resizing = resizing;
            Anchor = anchor;
            Type = new ImageDataViewType(ImageHeight, ImageWidth);
        }

        /// <summary>The kind and the anchor in one.</summary>
        internal ImageResizeMode Mode => (Resizing, Anchor) switch
        {
            (ResizingKind.IsoPad, _) => ImageResizeMode.Pad,
            (ResizingKind.Fill, _) => ImageResizeMode.Fill,
            (_, Anchor.Top) => ImageResizeMode.CropAnchorTop,
            (_, Anchor.Bottom) => ImageResizeMode.CropAnchorBottom,
            (_, Anchor.Left) => ImageResizeMode.CropAnchorLeft,
            (_, Anchor.Right) => ImageResizeMode.CropAnchorRight,
            _ => ImageResizeMode.CropAnchorCentral,
        };
    }
}
