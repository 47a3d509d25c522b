using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

[assembly: LoadableClass(typeof(ImageResizingTransformer), null, typeof(SignatureLoadModel), "", ImageResizingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms.Image;

/// <summary>Brings images to one size.</summary>
public sealed class ImageResizingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "ImageScalerTransform";

    private static readonly TransformerFormat Format =
        TransformerFormat.Of<ImageResizingTransformer>("ImageScaler", "IMGSCALF", 0x00010003, LoaderSignature);

    private readonly ImageResizingEstimator.ColumnOptions[] _columns;

    internal ImageResizingTransformer(IHostEnvironment env, params ImageResizingEstimator.ColumnOptions[] columns)
        : base(Format, env, Array.ConvertAll(columns, x => (x.Name, x.InputColumnName)))
    {
        _columns = columns;
    }

    // *** Binary format ***
    // column names; per column: int width, int height, byte kind, byte anchor
    private ImageResizingTransformer(IHostEnvironment env, ModelLoadContext ctx)
        : base(Format, env, ctx)
    {
        _columns = Array.ConvertAll(ColumnPairs, pair =>
        {
            var width = ctx.Reader.ReadInt32();
            Host.CheckDecode(width > 0);
            var height = ctx.Reader.ReadInt32();
            Host.CheckDecode(height > 0);
            var kind = (ImageResizingEstimator.ResizingKind)ctx.Reader.ReadByte();
            Host.CheckDecode(Enum.IsDefined(kind));
            var anchor = (ImageResizingEstimator.Anchor)ctx.Reader.ReadByte();
            Host.CheckDecode(Enum.IsDefined(anchor));
            return new ImageResizingEstimator.ColumnOptions(pair.outputColumnName, width, height, pair.inputColumnName, kind, anchor);
        });
    }

    internal IReadOnlyCollection<ImageResizingEstimator.ColumnOptions> Columns => _columns;

    private protected override void SaveBody(ModelSaveContext ctx)
    {
        foreach (var column in _columns)
        {
            ctx.Writer.Write(column.ImageWidth);
            ctx.Writer.Write(column.ImageHeight);
            ctx.Writer.Write((byte)column.Resizing);
            ctx.Writer.Write((byte)column.Anchor);
        }
    }

    private protected override void CheckInputColumn(DataViewSchema inputSchema, int col, int srcCol)
    {
        if (inputSchema[srcCol].Type is not ImageDataViewType)
        {
            throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", _columns[col].InputColumnName, "image", inputSchema[srcCol].Type.ToString());
        }
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper(ImageResizingTransformer parent, DataViewSchema inputSchema)
        : OneToOneMapperBase(parent.Host.Register(nameof(Mapper)), parent, inputSchema)
    {
        private readonly ImageResizingTransformer _parent = parent;

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore()
            => Array.ConvertAll(_parent._columns, x => new DataViewSchema.DetachedColumn(x.Name, x.Type));

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null;
            var getSource = input.GetGetter<MLImage>(input.Schema[ColMapNewToOld[iinfo]]);
            var options = _parent._columns[iinfo];
            MLImage source = null;
            ValueGetter<MLImage> getter = (ref MLImage image) =>
            {
                image?.Dispose();
                getSource(ref source);
                if (source == null)
                {
                    return;
                }

                if (source.Height == options.ImageHeight && source.Width == options.ImageWidth)
                {
                    image = source;
                    return;
                }

                image = source.CloneWithResizing(options.ImageWidth, options.ImageHeight, options.Mode);
                image.Tag = source.Tag;
            };
            return getter;
        }
    }
}
