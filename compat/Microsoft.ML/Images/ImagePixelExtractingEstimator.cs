using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Makes vectors of images' pixels; see <see cref="ImageEstimatorsCatalog"/>.</summary>
public sealed partial class ImagePixelExtractingEstimator : TrivialEstimator<ImagePixelExtractingTransformer>
{
    internal ImagePixelExtractingEstimator(IHostEnvironment env, params ColumnOptions[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(ImagePixelExtractingEstimator)), new ImagePixelExtractingTransformer(env, columns))
    {
    }

    /// <summary>Which color components are taken.</summary>
    [Flags]
    public enum ColorBits : byte
    {
        /// <summary>Alpha.</summary>
        Alpha = 0x01,

        /// <summary>Red.</summary>
        Red = 0x02,

        /// <summary>Green.</summary>
        Green = 0x04,

        /// <summary>Blue.</summary>
        Blue = 0x08,

        /// <summary>Red, green and blue.</summary>
        Rgb = Red | Green | Blue,

        /// <summary>All four.</summary>
        All = Alpha | Red | Green | Blue,
    }

    /// <summary>In which order the components taken follow each other.</summary>
    public enum ColorsOrder : byte
    {
        /// <summary>Alpha, red, green, blue.</summary>
        ARGB = 1,

        /// <summary>Alpha, red, blue, green.</summary>
        ARBG = 2,

        /// <summary>Alpha, blue, red, green.</summary>
        ABRG = 3,

        /// <summary>Alpha, blue, green, red.</summary>
        ABGR = 4,

        /// <summary>Alpha, green, red, blue.</summary>
        AGRB = 5,

        /// <summary>Alpha, green, blue, red.</summary>
        AGBR = 6,
    }

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        var result = inputSchema.ToDictionary(x => x.Name);
        foreach (var column in Transformer.Columns)
        {
            ImageColumns.CheckInput(Host, inputSchema, column.InputColumnName);
            result[column.Name] = new SchemaShape.Column(column.Name, SchemaShape.Column.VectorKind.Vector, column.ItemType, false);
        }

        return new SchemaShape(result.Values);
    }

    internal static class Defaults
    {
        public const ColorsOrder Order = ColorsOrder.ARGB;
        public const ColorBits Colors = ColorBits.Rgb;
        public const bool Interleave = false;
        public const bool Convert = true;
        public const float Scale = 1f;
        public const float Offset = 0f;
    }
}
