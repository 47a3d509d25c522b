using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>Torch's arithmetic with numbers, under torch's names in capitals: each holds its <see cref="Scalar"/> until libtorch is done with it.</summary>
/// <remarks>
/// <c>x.mul(0.5)</c> and even <c>x.add(y)</c>, whose factor is 1, make a scalar that nothing holds once its handle is read: a garbage collection
/// on another thread may finalize it while libtorch still reads it ("Expected false to be true"). eng/BannedSymbols.Scalars.txt
/// keeps those forms out. The numbers are doubles: for tensors of a floating-point type.
/// </remarks>
internal static class TensorArithmetic
{
    private static readonly Scalar One = 1L.ToScalar();

    public static Tensor Add(this Tensor x, Tensor y) => x.add(y, One);

    public static Tensor Add(this Tensor x, double number)
    {
        using var held = number.ToScalar();
        return x.add(held, One);
    }

    public static Tensor Add_(this Tensor x, Tensor y) => x.add_(y, One);

    public static Tensor Add_(this Tensor x, Tensor y, double alpha)
    {
        using var held = alpha.ToScalar();
        return x.add_(y, held);
    }

    public static Tensor Add_(this Tensor x, double number)
    {
        using var held = number.ToScalar();
        return x.add_(held, One);
    }

    /// <summary>x + a b, in place.</summary>
    public static Tensor AddProduct_(this Tensor x, Tensor a, Tensor b) => x.addcmul_(a, b, One);

    public static Tensor Sub(this Tensor x, double number)
    {
        using var held = number.ToScalar();
        return x.sub(held);
    }

    public static Tensor Mul(this Tensor x, double factor)
    {
        using var held = factor.ToScalar();
        return x.mul(held);
    }

    public static Tensor Mul_(this Tensor x, double factor)
    {
        using var held = factor.ToScalar();
        return x.mul_(held);
    }

    public static Tensor Div(this Tensor x, double divisor)
    {
        using var held = divisor.ToScalar();
        return x.div(held);
    }

    public static Tensor Square(this Tensor x)
    {
        using var two = 2L.ToScalar();
        return x.pow(two);
    }

    public static Tensor ClampMin(this Tensor x, double least)
    {
        using var held = least.ToScalar();
        return x.clamp_min(held);
    }

    public static Tensor Gt(this Tensor x, double bound)
    {
        using var held = bound.ToScalar();
        return x.gt(held);
    }

    public static Tensor Lt(this Tensor x, double bound)
    {
        using var held = bound.ToScalar();
        return x.lt(held);
    }

    public static Tensor MaskedFill(this Tensor x, Tensor mask, double value)
    {
        using var held = value.ToScalar();
        return x.masked_fill(mask, held);
    }

    public static Tensor Fill_(this Tensor x, double value)
    {
        using var held = value.ToScalar();
        return x.fill_(held);
    }

    public static Tensor Full(long[] size, double value, ScalarType dtype, Device? device = null)
    {
        using var held = value.ToScalar();
        return full(size, held, dtype, device);
    }

    public static Tensor Arange(long count, ScalarType dtype = ScalarType.Int64, Device? device = null)
    {
        using Scalar first = 0L.ToScalar(), end = count.ToScalar();
        return arange(first, end, One, dtype, device);
    }
}
