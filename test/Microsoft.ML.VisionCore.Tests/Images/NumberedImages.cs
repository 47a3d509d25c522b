using Microsoft.ML.Data;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Tests.Training;

namespace Microsoft.ML.VisionCore.Tests.Images;

/// <summary>Images of 4 × 4 pixels that all hold the number of their row.</summary>
internal static class NumberedImages
{
    public const int Side = 4;

    public const int Bytes = 3 * Side * Side;

    public static ImageDataSet Read(TestLog log, int count, long memoryBudget = long.MaxValue, Func<int, uint>? label = null, Func<int, float>? value = null)
    {
        var rows = Enumerable.Range(0, count).Select(row => new Row
        {
            Image = [.. Enumerable.Repeat(value?.Invoke(row) ?? row, Bytes)],
            Label = label?.Invoke(row) ?? (uint)(row % 3),
        });
        return Read(log, log.Context.Data.LoadFromEnumerable(rows.ToArray()), memoryBudget);
    }

    public static ImageDataSet Read(TestLog log, IDataView data, long memoryBudget = long.MaxValue, int side = Side) =>
        ImageDataSet.Read(((Microsoft.ML.Runtime.IHostEnvironment)log.Context).Register("Test"), log.Channel, data, ImageColumn.Bind(data.Schema, nameof(Row.Image), "feature"),
            data.Schema[nameof(Row.Label)], side, memoryBudget, CancellationToken.None);

    public sealed class Row
    {
        [VectorType(3, Side, Side)]
        public float[] Image { get; set; } = [];

        /// <summary>From 0; 3 and above mean missing.</summary>
        [KeyType(3)]
        public uint Label { get; set; }
    }
}
