using System.Runtime.InteropServices;
using Microsoft.ML.VisionCore.Scoring;

namespace Microsoft.ML.FewShot.Classifiers;

/// <summary>Scores rows of many tasks, each with the classifier of its task.</summary>
/// <param name="tasks">The classifiers.</param>
/// <param name="rowBytes">The bytes of a row: the number of its task and its features.</param>
internal sealed class TaskScorer(TaskClassifiers tasks, int rowBytes) : IRowScorer
{
    public int RowBytes => rowBytes;

    public int ClassCount => tasks.Labels.Count;

    public int BatchSize => TargetScores.BatchSize;

    public void Score(ReadOnlySpan<byte> features, Span<float> probabilities, Span<float> known)
    {
        var count = features.Length / rowBytes;
        var numbers = new int[count];
        for (var row = 0; row < count; row++)
        {
            numbers[row] = MemoryMarshal.Read<int>(features[(row * rowBytes)..]);
        }

        foreach (var task in numbers.Distinct())
        {
            int[] rows = [.. Enumerable.Range(0, count).Where(row => numbers[row] == task)];
            Score(task, rows, features, probabilities);
        }
    }

    private void Score(int task, int[] rows, ReadOnlySpan<byte> features, Span<float> probabilities)
    {
        var size = rowBytes - TaskFeatures.NumberBytes;
        var (own, scores) = (new byte[rows.Length * size], new float[rows.Length * ClassCount]);
        for (var i = 0; i < rows.Length; i++)
        {
            features.Slice((rows[i] * rowBytes) + TaskFeatures.NumberBytes, size).CopyTo(own.AsSpan(i * size));
        }

        tasks.Score(task, own, scores);
        for (var i = 0; i < rows.Length; i++)
        {
            scores.AsSpan(i * ClassCount, ClassCount).CopyTo(probabilities.Slice(rows[i] * ClassCount, ClassCount));
        }
    }
}
