namespace Microsoft.ML.Data;

/// <summary>
/// Gives every row a number in [0, 1) that depends on nothing but a seed and the row's identity, or the value of a key column, so
/// that rows can be dealt to parts repeatably, and rows with equal keys together.
/// </summary>
internal sealed class RowFraction
{
    private readonly DataViewSchema.Column? _key;
    private readonly ulong _seed;

    public RowFraction(DataViewSchema.Column? key, int? seed)
    {
        const int SeedWithoutSeed = 42;
        _key = key;
        _seed = Mix((uint)(seed ?? SeedWithoutSeed) + 0x9E3779B97F4A7C15UL);
    }

    public void AddNeeded(bool[] active)
    {
        if (_key is DataViewSchema.Column key)
        {
            active[key.Index] = true;
        }
    }

    public Func<double> MakeGetter(DataViewRowCursor row)
    {
        if (_key is DataViewSchema.Column key)
        {
            return (Func<double>)TypeDispatch.Call(this, nameof(MakeKeyGetter), key.Type.RawType, row, key);
        }

        var id = row.GetIdGetter();
        return () =>
        {
            DataViewRowId value = default;
            id(ref value);
            return ToFraction(Mix(Mix(_seed ^ value.Low) ^ value.High));
        };
    }

    private Func<double> MakeKeyGetter<T>(DataViewRowCursor row, DataViewSchema.Column key)
    {
        var getter = row.GetGetter<T>(key);
        T value = default;
        if (key.Type is KeyDataViewType keyType)
        {
            // The values of a key column share out the range evenly, in order; a missing one belongs nowhere.
            return () =>
            {
                getter(ref value);
                var number = Convert.ToUInt64(value);
                return number == 0 || number > keyType.Count ? double.NaN : (number - 0.5) / keyType.Count;
            };
        }

        return () =>
        {
            getter(ref value);
            return ToFraction(Hash(value));
        };
    }

    private ulong Hash<T>(T value) => value switch
    {
        ReadOnlyMemory<char> text => HashText(text.Span),
        VBuffer<ReadOnlyMemory<char>> texts => texts.Items().Aggregate(_seed, (hash, item) => Mix(hash ^ HashText(item.Value.Span) ^ (ulong)item.Key)),
        System.Collections.IEnumerable => HashText(string.Join(' ', ItemsOf(value))),
        _ => HashText(value.ToString()),
    };

    private static IEnumerable<object> ItemsOf(object vector)
        => ((System.Collections.IEnumerable)vector.GetType().GetMethod(nameof(VBuffer<int>.DenseValues)).Invoke(vector, null)).Cast<object>();

    private ulong HashText(ReadOnlySpan<char> text)
    {
        var hash = _seed;
        foreach (var letter in text)
        {
            hash = Mix(hash ^ letter);
        }

        return Mix(hash ^ (ulong)text.Length);
    }

    // The finaliser of SplitMix64: every bit of the input moves every bit of the output.
    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
        return x ^ (x >> 31);
    }

    private static double ToFraction(ulong hash) => (hash >> 11) * (1.0 / (1UL << 53));
}
