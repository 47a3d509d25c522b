using System.Diagnostics;
using Microsoft.ML;
using MLExtensions.Testing;
using TorchSharp;

namespace MLExtensions.Fuzz;

/// <summary>Many threads that score with one model for a long time: every answer must be that of one thread, bit for bit, and memory must stay where it was.</summary>
internal static class Soak
{
    private const int Pictures = 64;

    /// <summary>A tenth of the work, after which memory is counted.</summary>
    private const int WarmUpPart = 10;

    private const double LargestGrowth = 1.05;

    /// <summary>Scores with an engine for each thread; each is disposed of after some hundred answers and made again, as a pool does.</summary>
    /// <returns>What went wrong; empty where nothing did.</returns>
    public static IReadOnlyList<string> Run(int predictions, int threads, int seed)
    {
        var context = new MLContext(seed);
        var folder = Path.Combine(AppContext.BaseDirectory, "Golden");
        var faults = new List<string>();
        foreach (var file in (string[])[Path.Combine(folder, "trained", "tttlinear-default.zip"), Path.Combine(folder, "few-shot", "prototype-16.classifier.zip")])
        {
            using var model = (IDisposable)context.Model.LoadVerified(file, out _);
            faults.AddRange(Run(context, (ITransformer)model, predictions, threads, seed).Select(fault => $"{Path.GetFileName(file)}: {fault}"));
        }

        return faults;
    }

    private static IEnumerable<string> Run(MLContext context, ITransformer model, int predictions, int threads, int seed)
    {
        Picture[] rows = [.. Enumerable.Range(0, Pictures).Select(picture => new Picture { Features = Draw(new Random((seed * Pictures) + picture)) })];
        float[][] expected;
        using (var engine = Engine(context, model))
        {
            expected = [.. rows.Select(row => engine.Predict(row).Score)];
        }

        var tensors = torch.Tensor.TotalCount;
        var watch = Stopwatch.StartNew();
        var wrong = Score(context, model, rows, expected, predictions / WarmUpPart, threads);
        var before = MemoryRun.Resident();
        wrong += Score(context, model, rows, expected, predictions, threads);
        var after = MemoryRun.Resident();
        Console.WriteLine(FormattableString.Invariant($"{predictions} predictions by {threads} threads in {watch.Elapsed.TotalSeconds:F0} s; resident {before >> 20} MiB after a tenth and {after >> 20} MiB at the end"));
        if (wrong > 0)
        {
            yield return $"{wrong} answers are other than one thread's";
        }

        if (after > before * LargestGrowth)
        {
            yield return $"the resident set has grown from {before >> 20} to {after >> 20} MiB";
        }

        if (torch.Tensor.TotalCount != tensors)
        {
            yield return $"{torch.Tensor.TotalCount - tensors} tensors are left alive";
        }
    }

    private static long Score(MLContext context, ITransformer model, Picture[] rows, float[][] expected, int predictions, int threads)
    {
        const int EngineLife = 500;
        var (next, wrong) = (0, 0L);
        Thread[] all = [.. Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            while (Volatile.Read(ref next) < predictions)
            {
                using var engine = Engine(context, model);
                for (var i = 0; i < EngineLife && Interlocked.Increment(ref next) is var number && number <= predictions; i++)
                {
                    var picture = number % Pictures;
                    if (!engine.Predict(rows[picture]).Score.AsSpan().SequenceEqual(expected[picture]))
                    {
                        Interlocked.Increment(ref wrong);
                    }
                }
            }
        }))];
        Array.ForEach(all, thread => thread.Start());
        Array.ForEach(all, thread => thread.Join());
        return wrong;
    }

    private static PredictionEngine<Picture, Answer> Engine(MLContext context, ITransformer model) =>
        context.Model.CreatePredictionEngine<Picture, Answer>(model, new PredictionEngineOptions { OwnsTransformer = false });

    private static byte[] Draw(Random random) => PngFile.Encode(16, 16, (_, _) => ((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)));

    private sealed class Answer
    {
        public float[] Score { get; set; } = [];
    }
}
