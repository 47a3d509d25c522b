using Microsoft.ML.VisionCore.Seeding;

namespace Microsoft.ML.VisionCore.Images;

/// <summary>The order in which an epoch visits the rows: a pure function of seed and epoch.</summary>
internal static class EpochOrder
{
    /// <summary>
    /// Cached rows in any order; streamed rows as one pass with a shuffle buffer can give them: when one is visited, at most
    /// <paramref name="buffer"/> - 1 rows before it in the pass are still to come. Both are mixed evenly.
    /// </summary>
    /// <param name="cached">Rows that can be read at any time.</param>
    /// <param name="streamed">Rows in the order of the pass.</param>
    /// <param name="buffer">The streamed rows that may be in memory; at least 1.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    public static int[] Shuffle(ReadOnlySpan<int> cached, ReadOnlySpan<int> streamed, int buffer, int seed, int epoch)
    {
        int[] any = [.. cached];
        SeededRandom.Create(seed, RandomPurpose.Order, epoch).Shuffle(any);
        if (streamed.Length == 0)
        {
            return any;
        }

        var random = SeededRandom.Create(seed, RandomPurpose.Stream, epoch);
        var passed = ShuffleInPass(streamed, buffer, random);
        var order = new int[any.Length + passed.Length];
        var (a, p) = (0, 0);
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = random.Next(order.Length - i) < any.Length - a ? any[a++] : passed[p++];
        }

        return order;
    }

    private static int[] ShuffleInPass(ReadOnlySpan<int> rows, int buffer, Random random)
    {
        int[] waiting = [.. rows[..Math.Min(buffer, rows.Length)]];
        var (filled, arrived) = (waiting.Length, waiting.Length);
        var order = new int[rows.Length];
        for (var i = 0; i < order.Length; i++)
        {
            var slot = random.Next(filled);
            order[i] = waiting[slot];
            waiting[slot] = arrived < rows.Length ? rows[arrived++] : waiting[--filled];
        }

        return order;
    }
}
