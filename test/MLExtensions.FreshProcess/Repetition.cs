using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.TTT;

namespace MLExtensions.FreshProcess;

/// <summary>Does the same again and again, and prints hashes of what came of it.</summary>
internal static class Repetition
{
    private const int Side = 16;

    public static void Print(int times)
    {
        var rows = Draw(64);
        for (var i = 0; i < times; i++)
        {
            var context = new MLContext();
            var data = context.Data.LoadFromEnumerable(rows);
            using var model = Train(context, data, _ => { });
            Console.WriteLine($"training {Hash(Weights(context, model, data))}");
            Console.WriteLine($"resumed {Hash(Resumed(context, data))}");
            foreach (var size in (int[])[1, 7, 64]) Console.WriteLine($"batches-of-{size} {Hash(Scores(context, model, rows, size))}");
            _ = new byte[(i * 4096) + 24]; // what follows lies elsewhere in memory
        }
    }

    private static TTTImageClassificationTransformer Train(MLContext context, IDataView data, Action<TTTImageClassificationTrainer.Options> change)
    {
        var options = new TTTImageClassificationTrainer.Options { ImageSize = Side, Epoch = 2, BatchSize = 16, Seed = 3, TokenMixer = TokenMixer.TttMlp };
        change(options);
        return context.MulticlassClassification.Trainers.TTTImageClassification(options).Fit(data);
    }

    private static byte[] Resumed(MLContext context, IDataView data)
    {
        var checkpoint = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using var stop = new CancellationTokenSource();
        Train(context, data, options =>
        {
            options.CheckpointPath = checkpoint;
            options.CancellationToken = stop.Token;
            options.MetricsCallback = metrics => { if (metrics.Train.DatasetUsed == TTTImageClassificationTrainer.ImageClassificationMetrics.Dataset.Validation) stop.Cancel(); };
        }).Dispose();
        if (!File.Exists(checkpoint)) throw new InvalidOperationException("The training was not stopped.");
        using var model = Train(context, data, options => options.CheckpointPath = checkpoint);
        return Weights(context, model, data);
    }

    private static byte[] Weights(MLContext context, ITransformer model, IDataView data)
    {
        using var file = new MemoryStream();
        context.Model.Save(model, data.Schema, file);
        using var zip = new ZipArchive(file);
        using var weights = zip.Entries.Single(entry => entry.Name == "Weights.safetensors").Open();
        using var bytes = new MemoryStream();
        weights.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static byte[] Scores(MLContext context, ITransformer model, Row[] rows, int size) =>
        [.. rows.Chunk(size).SelectMany(batch => model.Transform(context.Data.LoadFromEnumerable(batch)).GetColumn<float[]>("Score").ToArray()).SelectMany(row => row).SelectMany(BitConverter.GetBytes)];

    private static string Hash(byte[] bytes) => Convert.ToHexString(SHA256.HashData(bytes))[..16];

    private static Row[] Draw(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(i => new Row
        {
            Label = (uint)(i % 3),
            Features = [.. Enumerable.Range(0, 3 * Side * Side).Select(k => (float)random.Next(256) * (i % 3 == k % 3 ? 1 : 0.5f))],
        })];
    }

    private sealed class Row
    {
        [KeyType(3)]
        public uint Label { get; set; }

        [VectorType(3, Side, Side)]
        public float[] Features { get; set; } = [];
    }
}
