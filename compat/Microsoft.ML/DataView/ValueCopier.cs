namespace Microsoft.ML.Data;

internal delegate void ValueCopy<T>(in T source, ref T destination);

/// <summary>Copies a value so that writing into the source's arrays later does not change the copy.</summary>
internal static class ValueCopier<T>
{
    public static readonly ValueCopy<T> Copy = Make();

    private static ValueCopy<T> Make()
    {
        if (typeof(T).IsGenericType && typeof(T).GetGenericTypeDefinition() == typeof(VBuffer<>))
        {
            return (ValueCopy<T>)TypeDispatch.Call(typeof(ValueCopier<T>), nameof(VectorCopier), typeof(T).GetGenericArguments()[0]);
        }

        return (in T source, ref T destination) => destination = source;
    }

    private static Delegate VectorCopier<TItem>() => (ValueCopy<VBuffer<TItem>>)((in VBuffer<TItem> source, ref VBuffer<TItem> destination) => source.CopyTo(ref destination));
}
