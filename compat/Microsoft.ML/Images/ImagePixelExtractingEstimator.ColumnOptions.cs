using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

public sealed partial class ImagePixelExtractingEstimator
{
    internal sealed class ColumnOptions
    {
        public readonly string Name;
        public readonly string InputColumnName;
        public readonly ColorBits ColorsToExtract;
        public readonly ColorsOrder OrderOfExtraction;
        public readonly float OffsetImage;
        public readonly float ScaleImage;
        public readonly bool InterleavePixelColors;
        public readonly bool OutputAsFloatArray;

        public ColumnOptions(
            string name,
            string inputColumnName = null,
            ColorBits colorsToExtract = Defaults.Colors,
            ColorsOrder orderOfExtraction = Defaults.Order,
            bool interleavePixelColors = Defaults.Interleave,
            float offsetImage = Defaults.Offset,
            float scaleImage = Defaults.Scale,
            bool outputAsFloatArray = Defaults.Convert)
        {
            Contracts.CheckNonWhiteSpace(name, nameof(name));
            Name = name;
            InputColumnName = inputColumnName ?? name;
            ColorsToExtract = colorsToExtract;
            OrderOfExtraction = orderOfExtraction;
            InterleavePixelColors = interleavePixelColors;
            OutputAsFloatArray = outputAsFloatArray;

            // Bytes are given as they are.
            OffsetImage = outputAsFloatArray ? offsetImage : Defaults.Offset;
            ScaleImage = outputAsFloatArray ? scaleImage : Defaults.Scale;
            Contracts.CheckParam(Planes > 0, nameof(colorsToExtract), "Need to use at least one color plane.");
            Contracts.CheckParam(float.IsFinite(OffsetImage), nameof(offsetImage));
            Contracts.CheckParam(float.IsFinite(ScaleImage) && ScaleImage != 0, nameof(scaleImage));
        }

        // *** Binary format ***
        // byte: colors, byte: order, byte: 1 for floats, float: offset, float: scale, byte: 1 to interleave
        internal ColumnOptions(string name, string inputColumnName, ModelLoadContext ctx)
        {
            Name = name;
            InputColumnName = inputColumnName;
            ColorsToExtract = (ColorBits)ctx.Reader.ReadByte();
            Contracts.CheckDecode(ColorsToExtract != 0 && (ColorsToExtract & ColorBits.All) == ColorsToExtract);
            OrderOfExtraction = (ColorsOrder)ctx.Reader.ReadByte();
            Contracts.CheckDecode(Enum.IsDefined(OrderOfExtraction));
            OutputAsFloatArray = ctx.Reader.ReadBoolean();
            OffsetImage = ctx.Reader.ReadSingle();
            Contracts.CheckDecode(float.IsFinite(OffsetImage));
            ScaleImage = ctx.Reader.ReadSingle();
            Contracts.CheckDecode(float.IsFinite(ScaleImage) && ScaleImage != 0);
            InterleavePixelColors = ctx.Reader.ReadBoolean();
        }

        /// <summary>How many components are taken.</summary>
        internal int Planes => BitOperations.PopCount((uint)(ColorsToExtract & ColorBits.All));

        internal NumberDataViewType ItemType => OutputAsFloatArray ? NumberDataViewType.Single : NumberDataViewType.Byte;

        internal void Save(ModelSaveContext ctx)
        {
            ctx.Writer.Write((byte)ColorsToExtract);
            ctx.Writer.Write((byte)OrderOfExtraction);
            ctx.Writer.Write(OutputAsFloatArray);
            ctx.Writer.Write(OffsetImage);
            ctx.Writer.Write(ScaleImage);
            ctx.Writer.Write(InterleavePixelColors);
        }

        /// <summary>For each component taken, in the order wanted, its place among the four bytes of a pixel.</summary>
        internal int[] ComponentOffsets(MLPixelFormat format)
        {
            var bytes = format == MLPixelFormat.Bgra32 ? "BGRA" : "RGBA";
            return OrderOfExtraction.ToString()
                .Where(letter => ColorsToExtract.HasFlag(Bit(letter)))
                .Select(letter => bytes.IndexOf(letter))
                .ToArray();
        }

        private static ColorBits Bit(char letter) => letter switch
        {
            'A' => ColorBits.Alpha,
            'R' => ColorBits.Red,
            'G' => ColorBits.Green,
            _ => ColorBits.Blue,
        };
    }
}
