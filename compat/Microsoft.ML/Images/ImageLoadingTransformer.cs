using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

[assembly: LoadableClass(typeof(ImageLoadingTransformer), null, typeof(SignatureLoadModel), "", ImageLoadingTransformer.LoaderSignature)]

namespace Microsoft.ML.Data;

/// <summary>Reads the file that a path names: as an <see cref="MLImage"/>, or as its bytes.</summary>
public sealed class ImageLoadingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "ImageLoaderTransform";

    private static readonly TransformerFormat Format =
        TransformerFormat.Of<ImageLoadingTransformer>(nameof(ImageLoadingTransformer), "IMGLOADR", 0x00010003, LoaderSignature);

    private readonly string _imageFolder; // relative paths start here; null if there is none
    private readonly bool _decode;

    internal ImageLoadingTransformer(IHostEnvironment env, string imageFolder, bool decode, params (string outputColumnName, string inputColumnName)[] columns)
        : base(Format, env, columns)
    {
        if (!string.IsNullOrEmpty(imageFolder))
        {
            if (!Directory.Exists(imageFolder))
            {
                throw new ArgumentException($"The image folder '{imageFolder}' does not exist.");
            }

            _imageFolder = Path.GetFullPath(imageFolder);
        }

        _decode = decode;
    }

    // *** Binary format ***
    // column names, string: image folder or null, byte: 1 to decode
    private ImageLoadingTransformer(IHostEnvironment env, ModelLoadContext ctx)
        : base(Format, env, ctx)
    {
        _imageFolder = ctx.LoadStringOrNull();
        _decode = ctx.Reader.ReadBoolean();
    }

    private protected override void SaveBody(ModelSaveContext ctx)
    {
        ctx.SaveStringOrNull(_imageFolder);
        ctx.Writer.Write(_decode);
    }

    private protected override void CheckInputColumn(DataViewSchema inputSchema, int col, int srcCol)
    {
        if (inputSchema[srcCol].Type is not TextDataViewType)
        {
            throw Host.ExceptSchemaMismatch(
                nameof(inputSchema), "input", ColumnPairs[col].inputColumnName, TextDataViewType.Instance.ToString(), inputSchema[srcCol].Type.ToString());
        }
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper(ImageLoadingTransformer parent, DataViewSchema inputSchema)
        : OneToOneMapperBase(parent.Host.Register(nameof(Mapper)), parent, inputSchema)
    {
        private readonly ImageLoadingTransformer _parent = parent;

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore()
        {
            DataViewType type = _parent._decode ? new ImageDataViewType() : new VectorDataViewType(NumberDataViewType.Byte);
            return Array.ConvertAll(_parent.ColumnPairs, pair => new DataViewSchema.DetachedColumn(pair.outputColumnName, type));
        }

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null;
            var getPath = input.GetGetter<ReadOnlyMemory<char>>(input.Schema[ColMapNewToOld[iinfo]]);
            return _parent._decode ? MakeImageGetter(getPath, out disposer) : MakeBytesGetter(getPath);
        }

        private ValueGetter<MLImage> MakeImageGetter(ValueGetter<ReadOnlyMemory<char>> getPath, out Action disposer)
        {
            MLImage last = null;
            disposer = () =>
            {
                last?.Dispose();
                last = null;
            };
            return (ref MLImage image) =>
            {
                image?.Dispose();
                image = null;
                if (ReadPath(getPath) is { } path)
                {
                    image = MLImage.CreateFromStream(new MemoryStream(File.ReadAllBytes(path)));
                    image.Tag = path;
                }

                last = image;
            };
        }

        private ValueGetter<VBuffer<byte>> MakeBytesGetter(ValueGetter<ReadOnlyMemory<char>> getPath) => (ref VBuffer<byte> bytes) =>
        {
            var path = ReadPath(getPath);
            using var file = path == null ? null : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
            if (file?.Length > int.MaxValue)
            {
                throw new IOException($"The file '{path}' is larger than 2 GiB.");
            }

            var editor = VBufferEditor.Create(ref bytes, (int)(file?.Length ?? 0));
            file?.ReadExactly(editor.Values);
            bytes = editor.Commit();
        };

        /// <summary>The current row's path below the image folder; null if the row has none.</summary>
        private string ReadPath(ValueGetter<ReadOnlyMemory<char>> getPath)
        {
            ReadOnlyMemory<char> text = default;
            getPath(ref text);
            return text.IsEmpty ? null
                : string.IsNullOrWhiteSpace(_parent._imageFolder) ? text.ToString()
                : Path.Combine(_parent._imageFolder, text.ToString());
        }
    }
}
