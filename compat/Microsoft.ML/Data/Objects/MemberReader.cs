namespace Microsoft.ML.Data;

/// <summary>Makes column getters that read a member of the current object.</summary>
internal static class MemberReader
{
    /// <summary>A <see cref="ValueGetter{TValue}"/> of the column's raw type over a member read as <typeparamref name="TMember"/>.</summary>
    public static Delegate Make<TRow, TMember>(Func<TRow, TMember> read, DataViewType type, Func<TRow> current)
    {
        if (typeof(TMember) == typeof(string))
        {
            var readText = (Func<TRow, string>)(object)read;
            return (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = readText(current()).AsMemory());
        }

        if (typeof(TMember) == typeof(string[]))
        {
            var readTexts = (Func<TRow, string[]>)(object)read;
            return VectorGetter(() => readTexts(current()), (string text) => text.AsMemory());
        }

        if (typeof(TMember).IsArray)
        {
            return (Delegate)TypeDispatch.Call(typeof(MemberReader), nameof(ArrayGetter), typeof(TMember).GetElementType(), (Func<object>)(() => read(current())));
        }

        if (type is KeyDataViewType key)
        {
            // Objects count keys from 0, columns from 1 with 0 for missing.
            return (ValueGetter<TMember>)((ref TMember value) =>
            {
                var number = Convert.ToUInt64(read(current()));
                value = (TMember)Convert.ChangeType(number < key.Count ? number + 1 : 0, typeof(TMember));
            });
        }

        var copy = ValueCopier<TMember>.Copy;
        return (ValueGetter<TMember>)((ref TMember value) =>
        {
            var found = read(current());
            copy(in found, ref value);
        });
    }

    private static Delegate ArrayGetter<TItem>(Func<object> read) => (ValueGetter<VBuffer<TItem>>)((ref VBuffer<TItem> value) =>
    {
        var array = (TItem[])read() ?? [];
        var editor = VBufferEditor.Create(ref value, array.Length);
        array.CopyTo(editor.Values);
        value = editor.Commit();
    });

    private static ValueGetter<VBuffer<TItem>> VectorGetter<TSource, TItem>(Func<TSource[]> read, Func<TSource, TItem> convert) => (ref VBuffer<TItem> value) =>
    {
        var array = read() ?? [];
        var editor = VBufferEditor.Create(ref value, array.Length);
        for (var i = 0; i < array.Length; i++)
        {
            editor.Values[i] = convert(array[i]);
        }

        value = editor.Commit();
    };
}
