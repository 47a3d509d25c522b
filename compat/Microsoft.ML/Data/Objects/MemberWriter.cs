namespace Microsoft.ML.Data;

/// <summary>Makes setters that copy a column's value into a member. Arrays and vectors that the object has already are used again where they fit.</summary>
internal static class MemberWriter
{
    public static Action<TRow> Make<TRow>(ColumnMember member, DataViewRow row, DataViewSchema.Column column)
        => (Action<TRow>)TypeDispatch.Call(typeof(Typed<TRow>), nameof(Typed<TRow>.Make), member.Type, member, row, column);

    private static class Typed<TRow>
    {
        public static Action<TRow> Make<TMember>(ColumnMember member, DataViewRow row, DataViewSchema.Column column)
        {
            var write = (Action<TRow, TMember>)member.MakeWriter(typeof(TRow));
            if (typeof(TMember) == typeof(string))
            {
                var writeText = (Action<TRow, string>)(object)write;
                var getter = row.GetGetter<ReadOnlyMemory<char>>(column);
                ReadOnlyMemory<char> text = default;
                return target =>
                {
                    getter(ref text);
                    writeText(target, text.ToString());
                };
            }

            if (typeof(TMember) == typeof(string[]))
            {
                return Array<ReadOnlyMemory<char>, string>(member, row, column, text => text.ToString());
            }

            if (typeof(TMember).IsArray)
            {
                return (Action<TRow>)TypeDispatch.Call(typeof(Typed<TRow>), nameof(SameArray), typeof(TMember).GetElementType(), member, row, column);
            }

            return Direct(member, write, row.GetGetter<TMember>(column));
        }

        private static Action<TRow> Direct<TMember>(ColumnMember member, Action<TRow, TMember> write, ValueGetter<TMember> getter)
        {
            // A vector is read into the object's own buffer: a shared one would change under objects filled before.
            var read = member.IsVBuffer ? (Func<TRow, TMember>)member.MakeReader(typeof(TRow)) : null;
            TMember value = default;
            return target =>
            {
                if (read != null)
                {
                    value = read(target);
                }

                getter(ref value);
                write(target, value);
            };
        }

        private static Action<TRow> SameArray<TItem>(ColumnMember member, DataViewRow row, DataViewSchema.Column column)
            => Array<TItem, TItem>(member, row, column, null);

        private static Action<TRow> Array<TSource, TItem>(ColumnMember member, DataViewRow row, DataViewSchema.Column column, Func<TSource, TItem> convert)
        {
            var read = (Func<TRow, TItem[]>)member.MakeReader(typeof(TRow));
            var write = (Action<TRow, TItem[]>)member.MakeWriter(typeof(TRow));
            var getter = row.GetGetter<VBuffer<TSource>>(column);
            VBuffer<TSource> value = default;
            return target =>
            {
                getter(ref value);
                var array = read(target);
                if (array?.Length != value.Length)
                {
                    array = new TItem[value.Length];
                }

                if (convert == null)
                {
                    value.CopyTo((TSource[])(object)array);
                }
                else
                {
                    foreach (var item in value.Items(all: true))
                    {
                        array[item.Key] = convert(item.Value);
                    }
                }

                write(target, array);
            };
        }
    }
}
