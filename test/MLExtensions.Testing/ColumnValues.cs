using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLExtensions.Testing;

/// <summary>Reads the values of a column whose type is only known at run time.</summary>
public sealed class ColumnValues : IDisposable
{
    private readonly DataViewRow _row;
    private readonly Func<object?> _read;

    private ColumnValues(DataViewRow row, Func<object?> read)
    {
        _row = row;
        _read = read;
    }

    /// <summary>Takes over a row or cursor in which the column is active.</summary>
    public static ColumnValues Open(DataViewRow row, DataViewSchema.Column column) =>
        new(row, Make(nameof(Getter), column.Type.RawType, [row, column]));

    /// <summary>The value of an annotation.</summary>
    public static object? ReadAnnotation(DataViewSchema.Annotations annotations, DataViewSchema.Column column) =>
        Make(nameof(AnnotationGetter), column.Type.RawType, [annotations, column])();

    /// <summary>Moves the cursor.</summary>
    public bool MoveNext() => ((DataViewRowCursor)_row).MoveNext();

    /// <summary>The present value; of a vector, an array.</summary>
    public object? Read() => _read();

    /// <inheritdoc/>
    public void Dispose() => _row.Dispose();

    /// <summary>A value as text that tells every bit of it.</summary>
    public static string Describe(object? value) => value switch
    {
        null => "nothing",
        Array values => $"[{string.Join(", ", values.Cast<object?>().Select(Describe))}]",
        float number => BitConverter.SingleToInt32Bits(number).ToString("X8"),
        double number => BitConverter.DoubleToInt64Bits(number).ToString("X16"),
        _ => $"{value}",
    };

    /// <summary>Fails unless two values are the same, or, where they are floats, differ by no more than the tolerance.</summary>
    public static void AssertEqual(object? expected, object? actual, double tolerance, string what)
    {
        if (tolerance > 0 && expected is float[] left && actual is float[] right && left.Length == right.Length)
        {
            for (var i = 0; i < left.Length; i++)
            {
                Assert.AreEqual(left[i], right[i], (float)tolerance, what);
            }

            return;
        }

        Assert.AreEqual(Describe(expected), Describe(actual), what);
    }

    private static Func<object?> Make(string method, Type type, object[] arguments) =>
        (Func<object?>)typeof(ColumnValues).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(type).Invoke(null, arguments)!;

    private static Func<object?> Getter<T>(DataViewRow row, DataViewSchema.Column column) => Reader(row.GetGetter<T>(column));

    private static Func<object?> AnnotationGetter<T>(DataViewSchema.Annotations annotations, DataViewSchema.Column column) => Reader(annotations.GetGetter<T>(column));

    private static Func<object?> Reader<T>(ValueGetter<T> getter) => () =>
    {
        T? value = default;
        getter(ref value!);
        return value is not null && typeof(T).IsGenericType && typeof(T).GetGenericTypeDefinition() == typeof(VBuffer<>)
            ? typeof(ColumnValues).GetMethod(nameof(Dense), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(typeof(T).GetGenericArguments()).Invoke(null, [value])
            : value;
    };

    private static T[] Dense<T>(VBuffer<T> vector) => [.. vector.DenseValues()];
}
