using System.Diagnostics;
using Microsoft.ML;

namespace MLExtensions.Ranks;

/// <summary>What a group gives.</summary>
internal static class Collectives
{
    /// <summary>The median of some sums, in the first process.</summary>
    public static void Time(ProcessGroup group, int floats)
    {
        var (values, times) = (new float[floats], new List<double>());
        for (var i = 0; i < 21; i++)
        {
            group.Sum([0.0]);       // all begin together
            var start = Stopwatch.GetTimestamp();
            group.Sum(values);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        if (group.Rank == 0)
        {
            Console.WriteLine(FormattableString.Invariant($"{floats} floats: {times.Order().ElementAt(10):F2} ms"));
        }
    }

    public static void Print(ProcessGroup group)
    {
        // More than goes in one piece through the shared memory of any library.
        var many = Enumerable.Range(0, 1_000_003).Select(i => (float)(i % 1000 * (group.Rank + 1))).ToArray();
        group.Sum(many);
        double[] few = [group.Rank, 0.1, double.MaxValue / 1e10];
        group.Sum(few);
        byte[] bytes = group.Rank == 0 ? [1, 2, 3] : new byte[3];
        group.Broadcast(bytes);
        var times = group.Size * (group.Size + 1) / 2;
        var isRight = many.Select((value, i) => value == i % 1000 * times).All(same => same);
        Console.WriteLine(FormattableString.Invariant($"rank {group.Rank} of {group.Size}: {isRight} {few[0]} {few[1]:F12} {string.Join(',', bytes)} processors {group.Processors}"));
    }
}
