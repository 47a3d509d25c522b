using System.Numerics;
using System.Runtime.InteropServices;

namespace Microsoft.ML.FewShot.Baselines;

/// <summary>Sums over float64 vectors of equal length, several numbers at a time.</summary>
internal static class DoubleVectors
{
    internal static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var wideA = MemoryMarshal.Cast<double, Vector<double>>(a);
        var wideB = MemoryMarshal.Cast<double, Vector<double>>(b);
        var sums = Vector<double>.Zero;
        for (var i = 0; i < wideA.Length; i++)
        {
            sums += wideA[i] * wideB[i];
        }

        var sum = Vector.Sum(sums);
        for (var i = wideA.Length * Vector<double>.Count; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    internal static double Length(ReadOnlySpan<double> a) => Math.Sqrt(Dot(a, a));

    /// <summary><paramref name="to"/> += <paramref name="factor"/> · <paramref name="what"/>.</summary>
    internal static void Add(Span<double> to, ReadOnlySpan<double> what, double factor)
    {
        var wideTo = MemoryMarshal.Cast<double, Vector<double>>(to);
        var wideWhat = MemoryMarshal.Cast<double, Vector<double>>(what);
        var factors = new Vector<double>(factor);
        for (var i = 0; i < wideTo.Length; i++)
        {
            wideTo[i] += factors * wideWhat[i];
        }

        for (var i = wideTo.Length * Vector<double>.Count; i < to.Length; i++)
        {
            to[i] += factor * what[i];
        }
    }
}
