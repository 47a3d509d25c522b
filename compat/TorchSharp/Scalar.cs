using TorchSharp.PInvoke;

namespace TorchSharp;

/// <summary>A number given to an operation: a whole number, a real one or a boolean.</summary>
public sealed class Scalar : IDisposable
{
    private Scalar(long value, int kind = Number.Integer) => Value = new Number(0, value, kind);

    private Scalar(double value) => Value = new Number(value, 0, Number.Floating);

    internal Number Value { get; }

    public torch.ScalarType Type => Value.Kind switch
    {
        Number.Integer => torch.ScalarType.Int64,
        Number.Boolean => torch.ScalarType.Bool,
        _ => torch.ScalarType.Float64,
    };

    public static implicit operator Scalar(int value) => new((long)value);

    public static implicit operator Scalar(long value) => new(value);

    public static implicit operator Scalar(float value) => new((double)value);

    public static implicit operator Scalar(double value) => new(value);

    /// <summary>There is nothing to release here; the real library's scalars are native objects.</summary>
    public void Dispose()
    {
    }
}
