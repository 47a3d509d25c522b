using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.VisionCore.Images;

/// <summary>One labelled data set, decoded once as far as a byte budget goes; the rest is decoded again in every epoch.</summary>
internal sealed class ImageDataSet : IDisposable
{
    /// <summary>The side of every image.</summary>
    public int Side { get; private init; }

    /// <summary>Usable rows: a label and a decodable image.</summary>
    public int Count => 0;

    /// <summary>Rows left out because the image was missing or not decodable, or the label missing.</summary>
    public int Skipped { get; private init; }

    /// <summary>From the key type, not from the labels seen.</summary>
    public int ClassCount { get; private init; }

    /// <summary>Why the first skipped row was skipped.</summary>
    public string? FirstProblem { get; private init; }

    /// <summary>Usable rows by class.</summary>
    public int[] LabelCounts { get; private init; } = [];

    /// <summary>Reads <paramref name="data"/> in one pass and warns once about rows it had to leave out.</summary>
    /// <param name="memoryBudget">Bytes of pixels to keep.</param>
    /// <param name="onRow">Told the number of rows read, now and then.</param>
    public static ImageDataSet Read(IHost host, IChannel channel, IDataView data, ImageColumn image, DataViewSchema.Column label,
        int side, long memoryBudget, CancellationToken cancellationToken, Action<int>? onRow = null) => throw new InvalidOperationException();

    /// <summary>Holds out a seeded, stratified share. Both parts share this set's pixels and end with it.</summary>
    public (ImageDataSet Training, ImageDataSet Validation) Split(double fraction, int seed) => throw new InvalidOperationException();

    public void Dispose()
    {
    }
}
