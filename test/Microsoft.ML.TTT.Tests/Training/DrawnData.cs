using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Images;
using MLExtensions.Testing;

namespace Microsoft.ML.TTT.Tests.Training;

/// <summary>Drawn pictures of 16 × 16 in three classes, as a decoded data set.</summary>
internal sealed class DrawnData : IDisposable
{
    public const int Side = 16;

    private readonly MLContext _context = new(1);

    public DrawnData(int count = 96, int seed = 1)
    {
        var random = new Random(seed);
        Channel = ((IHostEnvironment)_context).Start("Test");
        var data = _context.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => Draw(i % 3, random)).ToArray());
        Images = ImageDataSet.Read(((IHostEnvironment)_context).Register("Test"), Channel, data, ImageColumn.Bind(data.Schema, nameof(Row.Image), "feature"),
            data.Schema[nameof(Row.Label)], Side, long.MaxValue, CancellationToken.None);
    }

    public IChannel Channel { get; }

    public ImageDataSet Images { get; }

    public void Dispose()
    {
        Images.Dispose();
        Channel.Dispose();
    }

    private static Row Draw(int label, Random random)
    {
        var rgba = TinyImages.Draw(label, Side, random);
        return new Row
        {
            Label = (uint)label,
            Image = [.. Enumerable.Range(0, 3).SelectMany(plane => Enumerable.Range(0, Side * Side).Select(pixel => (float)rgba[(4 * pixel) + plane]))],
        };
    }

    public sealed class Row
    {
        [VectorType(3, Side, Side)]
        public float[] Image { get; set; } = [];

        [KeyType(3)]
        public uint Label { get; set; }
    }
}
