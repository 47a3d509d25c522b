using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML.VisionCore.Scoring;

/// <summary>The values of one column for as many rows as a cursor has read ahead.</summary>
internal abstract class ColumnSnapshot : IDisposable
{
    /// <summary>Makes a snapshot of an active column.</summary>
    /// <param name="row">The row whose values are kept.</param>
    /// <param name="column">The column.</param>
    /// <param name="capacity">How many rows can be kept.</param>
    public static ColumnSnapshot Create(DataViewRow row, DataViewSchema.Column column, int capacity)
    {
        var raw = column.Type.RawType;
        var (kind, type) = raw.IsGenericType && raw.GetGenericTypeDefinition() == typeof(VBuffer<>)
            ? (nameof(Vectors), raw.GetGenericArguments()[0])
            : (typeof(IDisposable).IsAssignableFrom(raw) ? nameof(Objects) : nameof(Scalars), raw);
        return (ColumnSnapshot)typeof(ColumnSnapshot).GetMethod(kind, BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(type).Invoke(null, [row, column, capacity])!;
    }

    /// <summary>Keeps the value of the present row.</summary>
    public abstract void Take(int slot);

    /// <summary>A getter of the kept value in the slot that <paramref name="slot"/> gives at the time of the call.</summary>
    public abstract Delegate CreateGetter(Func<int> slot);

    public virtual void Dispose()
    {
    }

    private static ScalarSnapshot<T> Scalars<T>(DataViewRow row, DataViewSchema.Column column, int capacity) =>
        new(row.GetGetter<T>(column), capacity);

    private static VectorSnapshot<T> Vectors<T>(DataViewRow row, DataViewSchema.Column column, int capacity) =>
        new(row.GetGetter<VBuffer<T>>(column), capacity);

    private static ObjectSnapshot<T> Objects<T>(DataViewRow row, DataViewSchema.Column column, int capacity) =>
        new(row.GetGetter<T>(column), capacity);

    private sealed class ScalarSnapshot<T>(ValueGetter<T> getter, int capacity) : ColumnSnapshot
    {
        private readonly T[] _values = new T[capacity];

        public override void Take(int slot) => getter(ref _values[slot]);

        public override Delegate CreateGetter(Func<int> slot) => (ValueGetter<T>)((ref T value) => value = _values[slot()]);
    }

    private sealed class VectorSnapshot<T>(ValueGetter<VBuffer<T>> getter, int capacity) : ColumnSnapshot
    {
        private readonly VBuffer<T>[] _values = new VBuffer<T>[capacity];

        public override void Take(int slot) => getter(ref _values[slot]);

        public override Delegate CreateGetter(Func<int> slot) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => _values[slot()].CopyTo(ref value));
    }

    /// <summary>
    /// Values such as images. What was handed out belongs to whoever asked for it, so the source never sees it again as the
    /// value to be replaced: sources may dispose of that one.
    /// </summary>
    private sealed class ObjectSnapshot<T>(ValueGetter<T> getter, int capacity) : ColumnSnapshot
    {
        private readonly T?[] _values = new T?[capacity];
        private readonly bool[] _isHandedOut = new bool[capacity];

        public override void Take(int slot)
        {
            if (_isHandedOut[slot])
            {
                _values[slot] = default;
                _isHandedOut[slot] = false;
            }

            getter(ref _values[slot]!);
        }

        public override Delegate CreateGetter(Func<int> slot) => (ValueGetter<T>)((ref T value) =>
        {
            var index = slot();
            _isHandedOut[index] = true;
            value = _values[index]!;
        });
    }
}
