using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Interop;
using Microsoft.ML.VisionCore.Seeding;

namespace Microsoft.ML.VisionCore.Images;

/// <summary>One labelled data set, decoded once: into memory as far as a byte budget goes, the rest into a temporary file.</summary>
internal sealed class ImageDataSet : IDisposable
{
    /// <summary>How often the reader tells how far it is, in rows.</summary>
    private const int ReportEvery = 500;

    private ImageDataSet(ImageStore store, int[] rows, int classCount)
    {
        Store = store;
        Rows = rows;
        ClassCount = classCount;
        LabelCounts = new int[classCount];
        foreach (var row in rows)
        {
            LabelCounts[store.Label(row)]++;
        }
    }

    /// <summary>Where the pixels are; parts of a data set share it.</summary>
    public ImageStore Store { get; }

    /// <summary>The rows of the store that belong to this set, ascending.</summary>
    public int[] Rows { get; }

    /// <summary>The side of every image.</summary>
    public int Side => Store.Side;

    /// <summary>Usable rows: a label and a decodable image.</summary>
    public int Count => Rows.Length;

    /// <summary>Rows left out because the image was missing or not decodable, or the label missing.</summary>
    public int Skipped { get; private init; }

    /// <summary>From the key type, not from the labels seen.</summary>
    public int ClassCount { get; }

    /// <summary>Which row was skipped first, and why.</summary>
    public string? FirstProblem { get; private init; }

    /// <summary>Usable rows by class.</summary>
    public int[] LabelCounts { get; }

    /// <summary>Reads <paramref name="data"/> in one pass and warns once about rows it had to leave out.</summary>
    /// <param name="host">Asked now and then whether all work is to stop.</param>
    /// <param name="channel">Receives the warning.</param>
    /// <param name="data">Read once.</param>
    /// <param name="image">The images.</param>
    /// <param name="label">A key of <see cref="uint"/>.</param>
    /// <param name="side">The side to bring the images to.</param>
    /// <param name="memoryBudget">Bytes of pixels to keep in memory.</param>
    /// <param name="cancellationToken">Ends the pass with an <see cref="OperationCanceledException"/>.</param>
    /// <param name="onRow">Told the number of rows read, now and then.</param>
    /// <exception cref="IOException">The pixels do not fit into the memory, and the temporary file cannot be written.</exception>
    public static ImageDataSet Read(IHost host, IChannel channel, IDataView data, ImageColumn image, DataViewSchema.Column label,
        int side, long memoryBudget, CancellationToken cancellationToken, Action<int>? onRow = null)
    {
        var store = new ImageStore(side, memoryBudget);
        var (read, skipped) = (0, 0);
        string? firstProblem = null;
        try
        {
            using var cursor = new DecodingCursor(data, image, label, side);
            while (cursor.MoveNext())
            {
                cancellationToken.ThrowIfCancellationRequested();
                var row = cursor.Current;
                if (row.Problem is null)
                {
                    store.Add(row);
                }
                else
                {
                    firstProblem ??= $"row {row.Position}: {row.Problem}";
                    skipped++;
                }

                if (++read % ReportEvery == 0)
                {
                    onRow?.Invoke(read);
                    if (CatalogEnvironment.IsCanceled(host))
                    {
                        throw new OperationCanceledException("The context was told to stop all work.");
                    }
                }
            }
        }
        catch
        {
            store.Dispose();
            throw;
        }

        onRow?.Invoke(read);
        if (skipped > 0)
        {
            channel.Warning(MessageSensitivity.UserData, $"{skipped} of {read} row(s) are left out: column '{image.Column.Name}' has no image that can be read, "
                + $"or column '{label.Name}' no label. First: {firstProblem}.");
        }

        var classCount = (int)((KeyDataViewType)label.Type).Count;
        return new ImageDataSet(store, [.. Enumerable.Range(0, store.Count)], classCount) { Skipped = skipped, FirstProblem = firstProblem };
    }

    /// <summary>Holds out a seeded share of every class, at least one image of each class that has two. Both parts share this set's pixels and end with it.</summary>
    /// <param name="fraction">The share to hold out, in (0, 1).</param>
    /// <param name="seed">The seed of the run.</param>
    public (ImageDataSet Training, ImageDataSet Validation) Split(double fraction, int seed)
    {
        var held = new List<int>();
        foreach (var alike in Rows.GroupBy(Store.Label))
        {
            int[] rows = [.. alike];
            SeededRandom.Create(seed, RandomPurpose.Split, alike.Key).Shuffle(rows);
            held.AddRange(rows.Take(Math.Min(rows.Length - 1, Math.Max(1, (int)Math.Round(rows.Length * fraction)))));
        }

        held.Sort();
        var isHeld = held.ToHashSet();
        return (new ImageDataSet(Store, [.. Rows.Where(row => !isHeld.Contains(row))], ClassCount), new ImageDataSet(Store, [.. held], ClassCount));
    }

    public void Dispose() => Store.Dispose();
}
