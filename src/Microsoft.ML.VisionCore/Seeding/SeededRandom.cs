namespace Microsoft.ML.VisionCore.Seeding;

/// <summary>Random numbers that follow from (seed, purpose, two indices) alone, so that nothing has to be kept to resume a run.</summary>
internal static class SeededRandom
{
    public static Random Create(int seed, RandomPurpose purpose, long first = 0, long second = 0) =>
        new((int)(Bits(seed, purpose, first, second) >> 33));

    /// <summary>The order in which an epoch visits rows.</summary>
    public static int[] EpochOrder(IEnumerable<int> rows, int seed, int epoch)
    {
        int[] order = [.. rows];
        Create(seed, RandomPurpose.Order, epoch).Shuffle(order);
        return order;
    }

    /// <summary>64 well-mixed bits.</summary>
    public static ulong Bits(int seed, RandomPurpose purpose, long first = 0, long second = 0)
    {
        var bits = Mix((uint)seed + ((ulong)purpose << 32));
        bits = Mix(bits + (ulong)first);
        return Mix(bits + (ulong)second);
    }

    /// <summary>The finaliser of SplitMix64.</summary>
    private static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}

/// <summary>What a random number is drawn for; draws for different purposes never depend on each other.</summary>
internal enum RandomPurpose
{
    Split = 1,
    Order,
    Stream,
    Augment,
    Mirror,
    Mix,
    Episode,
    Classes,
    Weights,
    Context,
}
