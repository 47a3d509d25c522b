using System.Collections.Immutable;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data
{
    /// <summary>The first rows of a data view, by row and by column.</summary>
    public sealed class DataDebuggerPreview
    {
        internal const int MaxRows = 100;

        internal DataDebuggerPreview(IDataView data, int maxRows)
        {
            Contracts.CheckValue(data, nameof(data));
            Contracts.CheckParam(maxRows >= 0, nameof(maxRows));
            Schema = data.Schema;
            var rows = new List<RowInfo>();
            using var cursor = data.GetRowCursorForAllColumns();
            var readers = Schema.Select(column => (Func<object>)TypeDispatch.Call(typeof(DataDebuggerPreview), nameof(Reader), column.Type.RawType, cursor, column)).ToArray();
            while (rows.Count < maxRows && cursor.MoveNext())
            {
                rows.Add(new RowInfo(Schema.Select(column => KeyValuePair.Create(column.Name, readers[column.Index]())).ToArray()));
            }

            RowView = [.. rows];
            ColumnView = [.. Schema.Select(column => new ColumnInfo(column, rows.Select(row => row.Values[column.Index].Value).ToArray()))];
        }

        /// <summary>The columns.</summary>
        public DataViewSchema Schema { get; }

        /// <summary>The values by column.</summary>
        public ImmutableArray<ColumnInfo> ColumnView { get; }

        /// <summary>The values by row.</summary>
        public ImmutableArray<RowInfo> RowView { get; }

        /// <inheritdoc/>
        public override string ToString() => $"{Schema.Count} columns, {RowView.Length} rows";

        private static Func<object> Reader<T>(DataViewRow row, DataViewSchema.Column column)
        {
            var getter = row.GetGetter<T>(column);
            return () =>
            {
                T value = default;
                getter(ref value);
                return value;
            };
        }

        /// <summary>One row.</summary>
        public sealed class RowInfo
        {
            internal RowInfo(KeyValuePair<string, object>[] values)
            {
                Values = values;
            }

            /// <summary>Names and values.</summary>
            public KeyValuePair<string, object>[] Values { get; }

            /// <inheritdoc/>
            public override string ToString() => $"{Values.Length} columns";
        }

        /// <summary>One column.</summary>
        public sealed class ColumnInfo
        {
            internal ColumnInfo(DataViewSchema.Column column, object[] values)
            {
                Column = column;
                Values = values;
            }

            /// <summary>The column.</summary>
            public DataViewSchema.Column Column { get; }

            /// <summary>Its values.</summary>
            public object[] Values { get; }

            /// <inheritdoc/>
            public override string ToString() => $"{Column.Name}: {Column.Type}";
        }
    }
}

namespace Microsoft.ML
{
    /// <summary>Shows the first rows of data.</summary>
    public static class DebuggerExtensions
    {
        /// <summary>The first rows.</summary>
        public static DataDebuggerPreview Preview(this IDataView data, int maxRows = DataDebuggerPreview.MaxRows) => new(data, maxRows);

        /// <summary>The first rows after a transformation.</summary>
        public static DataDebuggerPreview Preview(this ITransformer transformer, IDataView data, int maxRows = DataDebuggerPreview.MaxRows)
            => new(transformer.Transform(data), maxRows);
    }
}
