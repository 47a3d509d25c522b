namespace Microsoft.ML.TTT.Models;

/// <summary>Which tokens each inner step reads.</summary>
internal static class InnerBatches
{
    /// <summary>
    /// One entry a step; null stands for all tokens. Mini-batches cut a seeded random order into parts that differ by one token at
    /// most, so any number of tokens works; the parts are equal where the steps divide the tokens.
    /// Differs from the paper: one order for all heads, the same at every call, so that scoring is repeatable.
    /// </summary>
    /// <exception cref="ArgumentException">There are fewer tokens than steps.</exception>
    internal static long[]?[] For(long tokens, InnerLearning inner)
    {
        var batches = new long[]?[inner.Steps];
        if (!inner.MiniBatches || inner.Steps == 1)
        {
            return batches;
        }

        if (inner.Steps > tokens)
        {
            throw new ArgumentException($"{inner.Steps} inner mini-batches need at least {inner.Steps} tokens; the image has {tokens}.");
        }

        var order = new long[tokens];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        new Random(unchecked(inner.OrderSeed * 31 + (int)tokens)).Shuffle(order);
        for (int step = 0, start = 0; step < batches.Length; step++)
        {
            int end = (int)(tokens * (step + 1) / batches.Length);
            batches[step] = order[start..end];
            start = end;
        }

        return batches;
    }
}
