using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

internal static class RowCursorUtils
{
    internal const string FetchValueStateError = "Values cannot be fetched at this time. This method was called either before the first call to "
        + nameof(DataViewRowCursor.MoveNext) + ", or at any point after that method returned false.";

    /// <summary>Which columns of a schema are needed, by index.</summary>
    internal static bool[] ActiveOf(IEnumerable<DataViewSchema.Column> columnsNeeded, DataViewSchema schema)
    {
        Contracts.CheckValue(columnsNeeded, nameof(columnsNeeded));
        var active = new bool[schema.Count];
        foreach (var column in columnsNeeded)
        {
            if (column.Index >= active.Length)
            {
                throw Contracts.Except($"The requested column: {column} is not part of the schema");
            }

            active[column.Index] = true;
        }

        return active;
    }

    /// <summary>The getter as one of the wanted type.</summary>
    internal static ValueGetter<TValue> Cast<TValue>(Delegate getter)
        => getter as ValueGetter<TValue>
            ?? throw Contracts.Except($"Invalid TValue in GetGetter: '{typeof(TValue)}', expected type: '{getter.GetType().GetGenericArguments()[0]}'.");

    /// <summary>A cursor over the named columns, or over all of them.</summary>
    internal static DataViewRowCursor GetRowCursorForAllColumns(this IDataView data) => data.GetRowCursor(data.Schema);
}
