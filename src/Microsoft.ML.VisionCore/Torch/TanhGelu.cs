using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>
/// The tanh form of GELU (arXiv 1606.08415, section 2), gelu(z) = z·s(u), s the sigmoid and u = 2·sqrt(2/π)·(z + 0.044715 z³), times a factor, or its derivative times a factor, in one
/// pass over memory and with gradients. Those of gradients are not given.
/// </summary>
internal sealed unsafe class TanhGelu : GuardedFunction<TanhGelu>
{
    // Fewer numbers are computed before a function with gradients of its own has begun.
    private const long ManyNumbers = 1 << 16;

    private const int Part = 1 << 14;

    private const string Derivative = "derivative";

    /// <summary>Whether this is faster than torch's operations one after the other.</summary>
    internal static bool IsFaster(Tensor z) => DirectConvolution.IsOnVectors(z) && z.numel() >= ManyNumbers;

    /// <summary>gelu(z).</summary>
    /// <param name="z">For which <see cref="IsFaster"/>.</param>
    internal static Tensor Value(Tensor z) => is_grad_enabled() && z.requires_grad ? apply([z, 0]) : Compute(0, z);

    /// <summary>gelu'(z)·factor.</summary>
    /// <param name="z">For which <see cref="IsFaster"/>.</param>
    /// <param name="factor">Of the same shape.</param>
    internal static Tensor TimesSlope(Tensor z, Tensor factor) => is_grad_enabled() && (z.requires_grad || factor.requires_grad) ? apply([z, 1, factor]) : Compute(1, z, factor);

    protected override Tensor Result(autograd.AutogradContext context, object[] inputs)
    {
        using var none = no_grad();
        var (z, derivative) = ((Tensor)inputs[0], (int)inputs[1]);
        Tensor[] factors = [.. inputs.Skip(2).Cast<Tensor>()];
        context.save_data(Derivative, derivative);
        context.save_for_backward([z, .. factors]);
        return Compute(derivative, z, factors);
    }

    protected override List<Tensor> Gradients(autograd.AutogradContext context, Tensor gradient)
    {
        using var none = no_grad();
        var (derivative, saved) = ((int)context.get_data(Derivative), context.get_saved_variables());
        List<Tensor> gradients = [Compute(derivative + 1, saved[0], [gradient, .. saved.Skip(1)]), null!];
        if (saved.Count > 1)
        {
            gradients.Add(Compute(derivative, saved[0], gradient));
        }

        return gradients;
    }

    /// <summary>A derivative of gelu at z, times one or two factors or none.</summary>
    /// <param name="derivative">0 to 2.</param>
    /// <param name="z">Any shape.</param>
    /// <param name="factors">Of the same shape.</param>
    private static Tensor Compute(int derivative, Tensor z, params Tensor[] factors)
    {
        using var scope = NewDisposeScope();
        var all = Array.ConvertAll([z, .. factors], tensor => tensor.contiguous());
        var y = empty(z.shape, float32);
        fixed (float* at = DirectConvolution.Floats(all[0]), one = factors.Length > 0 ? DirectConvolution.Floats(all[1]) : default, other = factors.Length > 1 ? DirectConvolution.Floats(all[2]) : default,
            result = DirectConvolution.Floats(y))
        {
            var (source, first, second, to) = ((nint)at, (nint)one, (nint)other, (nint)result);
            var count = z.numel();
            Parallel.For(0, (count + Part - 1) / Part, new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() }, part =>
            {
                var start = part * Part;
                Compute(derivative, (float*)source + start, first == 0 ? null : (float*)first + start, second == 0 ? null : (float*)second + start, (float*)to + start, Math.Min(Part, count - start));
            });
        }

        return y.MoveToOuterDisposeScope();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compute(int derivative, float* z, float* first, float* second, float* y, long count)
    {
        var width = Vector256<float>.Count;
        long i = 0;
        for (; i <= count - width; i += width)
        {
            var value = At(derivative, Vector256.Load(z + i));
            value = first == null ? value : value * Vector256.Load(first + i);
            Vector256.Store(second == null ? value : value * Vector256.Load(second + i), y + i);
        }

        for (; i < count; i++)
        {
            y[i] = At(derivative, Vector256.Create(z[i])).ToScalar() * (first == null ? 1 : first[i]) * (second == null ? 1 : second[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> At(int derivative, Vector256<float> z)
    {
        const float linear = (float)Activations.TwiceC, cubic = (float)(Activations.TwiceC * Activations.Cubic);
        // Beyond 100 s is 0 or 1, and what is multiplied by what is 0 then must be finite. Of two numbers one of which is none, the processor's own Min and Max are the second.
        z = Vector256.MaxNative(Vector256.Create(-100f), z);
        var (one, bounded) = (Vector256<float>.One, Vector256.MinNative(Vector256.Create(100f), z));
        var square = bounded * bounded;
        var s = one / (one + Exp(-bounded * Vector256.FusedMultiplyAdd(square, Vector256.Create(cubic), Vector256.Create(linear))));
        if (derivative == 0)
        {
            return z * s;
        }

        // s' = q·u' with q = s(1 - s), and so on by the product rule.
        var (q, slope) = (s * (one - s), Vector256.FusedMultiplyAdd(square, Vector256.Create(3 * cubic), Vector256.Create(linear)));
        return derivative == 1 ? Vector256.FusedMultiplyAdd(bounded * q, slope, s)
            : q * Vector256.FusedMultiplyAdd(bounded, Vector256.FusedMultiplyAdd((one - s - s) * slope, slope, bounded * (6 * cubic)), slope + slope);
    }

    // exp(x) = 2^n·exp(r), n the integer next to x/ln 2, |r| at most ln 2 / 2, where seven terms of the series after the 1 leave less than a float has room for. That of .NET is slow until
    // it has been compiled a second time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Exp(Vector256<float> x)
    {
        const float most = 88, ln2High = 0.693359375f, ln2Low = -2.12194440e-4f;
        x = Vector256.MinNative(Vector256.Create(most), Vector256.MaxNative(Vector256.Create(-most + 1), x));
        var n = Vector256.Floor(Vector256.FusedMultiplyAdd(x, Vector256.Create(float.Log2(float.E)), Vector256.Create(0.5f)));
        var r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-ln2Low), Vector256.FusedMultiplyAdd(n, Vector256.Create(-ln2High), x));
        var sum = Vector256.Create(1f / 5040);
        sum = Vector256.FusedMultiplyAdd(sum, r, Vector256.Create(1f / 720));
        sum = Vector256.FusedMultiplyAdd(sum, r, Vector256.Create(1f / 120));
        sum = Vector256.FusedMultiplyAdd(sum, r, Vector256.Create(1f / 24));
        sum = Vector256.FusedMultiplyAdd(sum, r, Vector256.Create(1f / 6));
        sum = Vector256.FusedMultiplyAdd(sum, r, Vector256.Create(0.5f));
        sum = Vector256.FusedMultiplyAdd(sum, r, Vector256<float>.One);
        sum = Vector256.FusedMultiplyAdd(sum, r, Vector256<float>.One);
        return (sum.AsInt32() + Vector256.ShiftLeft(Vector256.ConvertToInt32(n), 23)).AsSingle();
    }
}
