namespace Microsoft.ML.FewShot.Data;

/// <summary>Draws without putting back.</summary>
internal static class RandomTaking
{
    /// <summary>The draw of that number, from 0; <paramref name="items"/> holds the earlier draws before it and what is left after it.</summary>
    public static T TakeRandom<T>(this T[] items, int number, Random random)
    {
        var chosen = random.Next(number, items.Length);
        (items[number], items[chosen]) = (items[chosen], items[number]);
        return items[number];
    }
}
