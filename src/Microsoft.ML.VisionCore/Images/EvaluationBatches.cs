using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Images;

/// <summary>All images of a data set once, in order and as they are.</summary>
internal static class EvaluationBatches
{
    private const int BatchesAhead = 2;

    /// <summary>The last batch may be smaller. Whoever takes a batch disposes it.</summary>
    public static IEnumerable<ImageBatch> Read(ImageDataSet images, int batchSize, Device device, CancellationToken cancellationToken)
    {
        foreach (var (pixels, labels) in LookAhead.Run(Fill(images, batchSize), BatchesAhead, cancellationToken))
        {
            yield return ImageBatch.Create(pixels, labels, images.Side, device);
        }
    }

    private static IEnumerable<(byte[] Pixels, long[] Labels)> Fill(ImageDataSet images, int batchSize)
    {
        var imageBytes = 3 * images.Side * images.Side;
        using var reader = new ImageRowReader(images.Store, images.Rows);
        foreach (var rows in images.Rows.Chunk(batchSize))
        {
            var pixels = new byte[rows.Length * imageBytes];
            for (var i = 0; i < rows.Length; i++)
            {
                reader.Read(rows[i]).CopyTo(pixels.AsSpan(i * imageBytes, imageBytes));
            }

            yield return (pixels, Array.ConvertAll(rows, row => (long)images.Store.Label(row)));
        }
    }
}
