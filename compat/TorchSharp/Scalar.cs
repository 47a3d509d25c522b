using TorchSharp.PInvoke;

namespace TorchSharp;

/// <summary>A number given to an operation: a whole number, a real one or a boolean.</summary>
public sealed class Scalar : IDisposable
{
    private Scalar(long value, int kind = Number.Integer) => Value = new Number(0, value, kind);

    private Scalar(double value) => Value = new Number(value, 0, Number.Floating);

    internal Scalar(Number value) => Value = value;

    internal Number Value { get; }

    public torch.ScalarType Type => Value.Kind switch
    {
        Number.Integer => torch.ScalarType.Int64,
        Number.Boolean => torch.ScalarType.Bool,
        _ => torch.ScalarType.Float64,
    };

    internal double AsDouble => Value.Kind == Number.Floating ? Value.Real : Value.Whole;

    internal long AsInt64 => Value.Kind == Number.Floating ? (long)Value.Real : Value.Whole;

    public static implicit operator Scalar(byte value) => new((long)value);

    public static implicit operator Scalar(sbyte value) => new((long)value);

    public static implicit operator Scalar(short value) => new((long)value);

    public static implicit operator Scalar(int value) => new((long)value);

    public static implicit operator Scalar(long value) => new(value);

    public static implicit operator Scalar(Half value) => new((double)value);

    public static implicit operator Scalar(float value) => new((double)value);

    public static implicit operator Scalar(double value) => new(value);

    public static implicit operator Scalar(bool value) => new(value ? 1L : 0L, Number.Boolean);

    /// <summary>There is nothing to release here; the real library's scalars are native objects.</summary>
    public void Dispose()
    {
    }
}
