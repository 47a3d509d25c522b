using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

[assembly: LoadableClass(typeof(ImagePixelExtractingTransformer), null, typeof(SignatureLoadModel), "", ImagePixelExtractingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms.Image;

/// <summary>Makes vectors of the pixels of images of a known size.</summary>
public sealed class ImagePixelExtractingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "ImagePixelExtractor";

    private static readonly TransformerFormat Format =
        TransformerFormat.Of<ImagePixelExtractingTransformer>("ImagePixelExtractor", "IMGPXEXT", 0x00010003, LoaderSignature);

    private readonly ImagePixelExtractingEstimator.ColumnOptions[] _columns;

    internal ImagePixelExtractingTransformer(IHostEnvironment env, params ImagePixelExtractingEstimator.ColumnOptions[] columns)
        : base(Format, env, Array.ConvertAll(columns, x => (x.Name, x.InputColumnName)))
    {
        _columns = columns;
    }

    // *** Binary format ***
    // column names; per column its options
    private ImagePixelExtractingTransformer(IHostEnvironment env, ModelLoadContext ctx)
        : base(Format, env, ctx)
    {
        _columns = Array.ConvertAll(ColumnPairs, x => new ImagePixelExtractingEstimator.ColumnOptions(x.outputColumnName, x.inputColumnName, ctx));
    }

    internal IReadOnlyCollection<ImagePixelExtractingEstimator.ColumnOptions> Columns => _columns;

    private protected override void SaveBody(ModelSaveContext ctx)
    {
        foreach (var column in _columns)
        {
            column.Save(ctx);
        }
    }

    private protected override void CheckInputColumn(DataViewSchema inputSchema, int col, int srcCol)
    {
        var name = _columns[col].InputColumnName;
        if (inputSchema[srcCol].Type is not ImageDataViewType type)
        {
            throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", name, "image", inputSchema[srcCol].Type.ToString());
        }

        if (type.Height <= 0 || type.Width <= 0)
        {
            throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", name, "known-size image", "unknown-size image");
        }
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper(ImagePixelExtractingTransformer parent, DataViewSchema inputSchema)
        : OneToOneMapperBase(parent.Host.Register(nameof(Mapper)), parent, inputSchema)
    {
        private readonly ImagePixelExtractingTransformer _parent = parent;

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore() =>
            _parent._columns.Select((column, i) => new DataViewSchema.DetachedColumn(column.Name, OutputType(i))).ToArray();

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            var options = _parent._columns[iinfo];
            if (!options.OutputAsFloatArray)
            {
                return MakeGetter<byte>(input, iinfo, value => value, out disposer);
            }

            var (offset, scale) = (options.OffsetImage, options.ScaleImage);
            return offset == 0 && scale == 1
                ? MakeGetter<float>(input, iinfo, value => value, out disposer)
                : MakeGetter(input, iinfo, value => (value - offset) * scale, out disposer);
        }

        private ImageDataViewType InputType(int iinfo) => (ImageDataViewType)InputSchema[ColMapNewToOld[iinfo]].Type;

        private VectorDataViewType OutputType(int iinfo)
        {
            var column = _parent._columns[iinfo];
            var image = InputType(iinfo);
            return column.InterleavePixelColors
                ? new VectorDataViewType(column.ItemType, image.Height, image.Width, column.Planes)
                : new VectorDataViewType(column.ItemType, column.Planes, image.Height, image.Width);
        }

        private ValueGetter<VBuffer<T>> MakeGetter<T>(DataViewRow input, int iinfo, Func<byte, T> convert, out Action disposer)
        {
            var type = InputType(iinfo);
            var options = _parent._columns[iinfo];
            var table = Enumerable.Range(0, 256).Select(value => convert((byte)value)).ToArray();
            var getSource = input.GetGetter<MLImage>(input.Schema[ColMapNewToOld[iinfo]]);
            MLImage source = null;
            disposer = () =>
            {
                source?.Dispose();
                source = null;
            };
            return (ref VBuffer<T> values) =>
            {
                getSource(ref source);
                var size = options.Planes * type.Height * type.Width;
                if (source == null)
                {
                    values = VBufferEditor.Create(ref values, size, 0).Commit();
                    return;
                }

                Host.Check(source.Height == type.Height && source.Width == type.Width, "The image has another size than its column's type.");
                var editor = VBufferEditor.Create(ref values, size);
                Extract(source, options, table, editor.Values);
                values = editor.Commit();
            };
        }

        /// <summary>Into [planes, height, width], or interleaved [height, width, planes].</summary>
        private static void Extract<T>(MLImage image, ImagePixelExtractingEstimator.ColumnOptions options, T[] table, Span<T> values)
        {
            var offsets = options.ComponentOffsets(image.PixelFormat);
            var pixels = image.Pixels;
            var count = pixels.Length / 4;
            var (pixelStep, planeStep) = options.InterleavePixelColors ? (offsets.Length, 1) : (1, count);
            for (var plane = 0; plane < offsets.Length; plane++)
            {
                for (var i = 0; i < count; i++)
                {
                    values[i * pixelStep + plane * planeStep] = table[pixels[i * 4 + offsets[plane]]];
                }
            }
        }
    }
}
