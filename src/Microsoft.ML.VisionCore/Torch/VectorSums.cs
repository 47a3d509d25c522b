using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>
/// Sums of products, eight rows and up to 32 outputs at a time, in vectors: y[r, o] = bias[o] + Σ x[r, i]·w[i, o]. Every number is one chain of fused multiply-adds in the order of i,
/// the same to the last bit whatever is computed beside it and on which processor. What is summed over lies in lines of equal length, at a distance of each other in x.
/// </summary>
internal readonly unsafe struct VectorSums
{
    /// <summary>Outputs are computed in multiples of this.</summary>
    internal const int Lanes = 8;

    /// <summary>The rows of a tile.</summary>
    internal const int Rows = 8;

    /// <summary>The most outputs of a tile.</summary>
    internal const int Outputs = 2 * WideLanes;

    /// <summary>Where w begins at a multiple of so many numbers, no vector lies in two lines of the cache.</summary>
    internal const int Alignment = WideLanes;

    private const int WideLanes = 2 * Lanes;

    private readonly int _lines;
    private readonly nint _length, _line, _xStep, _wStep;

    /// <param name="lines">Of what is summed over.</param>
    /// <param name="length">The numbers of a line.</param>
    /// <param name="line">From a line of x to the next.</param>
    /// <param name="xStep">From a number of a line of x to the next; not 0.</param>
    /// <param name="wStep">From what is multiplied with it to the next.</param>
    internal VectorSums(int lines, nint length, nint line, nint xStep, nint wStep) => (_lines, _length, _line, _xStep, _wStep) = (lines, length, line, xStep, wStep);

    /// <summary>Whether the processor has the vectors.</summary>
    internal static bool AreSupported => Vector256.IsHardwareAccelerated;

    /// <summary>Computes a tile.</summary>
    /// <param name="x">What is multiplied.</param>
    /// <param name="from">Where each of the eight rows begins in it.</param>
    /// <param name="w">With what.</param>
    /// <param name="bias">Where each sum begins.</param>
    /// <param name="y">Receives the sums.</param>
    /// <param name="to">Where those of each row go; of equal rows, which may be several, to the same place.</param>
    /// <param name="outputs">A multiple of 8, 32 at most.</param>
    internal void Add(float* x, int* from, float* w, float* bias, float* y, int* to, int outputs)
    {
        var wide = Vector512.IsHardwareAccelerated ? outputs / WideLanes * WideLanes : 0;
        if (wide == Outputs)
        {
            Double(x, from, w, bias, y, to);
        }
        else if (wide > 0)
        {
            Wide(x, from, w, bias, y, to);
        }

        for (var output = wide; output < outputs; output += Lanes)
        {
            Narrow(x, from, w + output, bias + output, y + output, to);
        }
    }

    // Eight places, 32 outputs.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Double(float* x, int* from, float* w, float* bias, float* y, int* to)
    {
        float* x0 = x + from[0], x1 = x + from[1], x2 = x + from[2], x3 = x + from[3], x4 = x + from[4], x5 = x + from[5], x6 = x + from[6], x7 = x + from[7];
        var (b, c) = (Vector512.Load(bias), Vector512.Load(bias + WideLanes));
        var (a0, a1, a2, a3, a4, a5, a6, a7) = (b, b, b, b, b, b, b, b);
        var (c0, c1, c2, c3, c4, c5, c6, c7) = (c, c, c, c, c, c, c, c);
        var (end, step, xStep, line) = (_length * _xStep, _wStep, _xStep, _line);
        for (var run = 0; run < _lines; run++)
        {
            for (nint i = 0; i < end; i += xStep)
            {
                var (v, u) = (Vector512.Load(w), Vector512.Load(w + WideLanes));
                w += step;
                var n0 = Vector512.Create(x0[i]);
                a0 = Vector512.FusedMultiplyAdd(n0, v, a0);
                c0 = Vector512.FusedMultiplyAdd(n0, u, c0);
                var n1 = Vector512.Create(x1[i]);
                a1 = Vector512.FusedMultiplyAdd(n1, v, a1);
                c1 = Vector512.FusedMultiplyAdd(n1, u, c1);
                var n2 = Vector512.Create(x2[i]);
                a2 = Vector512.FusedMultiplyAdd(n2, v, a2);
                c2 = Vector512.FusedMultiplyAdd(n2, u, c2);
                var n3 = Vector512.Create(x3[i]);
                a3 = Vector512.FusedMultiplyAdd(n3, v, a3);
                c3 = Vector512.FusedMultiplyAdd(n3, u, c3);
                var n4 = Vector512.Create(x4[i]);
                a4 = Vector512.FusedMultiplyAdd(n4, v, a4);
                c4 = Vector512.FusedMultiplyAdd(n4, u, c4);
                var n5 = Vector512.Create(x5[i]);
                a5 = Vector512.FusedMultiplyAdd(n5, v, a5);
                c5 = Vector512.FusedMultiplyAdd(n5, u, c5);
                var n6 = Vector512.Create(x6[i]);
                a6 = Vector512.FusedMultiplyAdd(n6, v, a6);
                c6 = Vector512.FusedMultiplyAdd(n6, u, c6);
                var n7 = Vector512.Create(x7[i]);
                a7 = Vector512.FusedMultiplyAdd(n7, v, a7);
                c7 = Vector512.FusedMultiplyAdd(n7, u, c7);
            }

            x0 += line;
            x1 += line;
            x2 += line;
            x3 += line;
            x4 += line;
            x5 += line;
            x6 += line;
            x7 += line;
        }

        Vector512.Store(a0, y + to[0]);
        Vector512.Store(c0, y + to[0] + WideLanes);
        Vector512.Store(a1, y + to[1]);
        Vector512.Store(c1, y + to[1] + WideLanes);
        Vector512.Store(a2, y + to[2]);
        Vector512.Store(c2, y + to[2] + WideLanes);
        Vector512.Store(a3, y + to[3]);
        Vector512.Store(c3, y + to[3] + WideLanes);
        Vector512.Store(a4, y + to[4]);
        Vector512.Store(c4, y + to[4] + WideLanes);
        Vector512.Store(a5, y + to[5]);
        Vector512.Store(c5, y + to[5] + WideLanes);
        Vector512.Store(a6, y + to[6]);
        Vector512.Store(c6, y + to[6] + WideLanes);
        Vector512.Store(a7, y + to[7]);
        Vector512.Store(c7, y + to[7] + WideLanes);
    }

    // Eight places, 16 outputs, whose weights follow at a distance.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Wide(float* x, int* from, float* w, float* bias, float* y, int* to)
    {
        float* x0 = x + from[0], x1 = x + from[1], x2 = x + from[2], x3 = x + from[3], x4 = x + from[4], x5 = x + from[5], x6 = x + from[6], x7 = x + from[7];
        var b = Vector512.Load(bias);
        var (a0, a1, a2, a3, a4, a5, a6, a7) = (b, b, b, b, b, b, b, b);
        var (end, step, xStep, line) = (_length * _xStep, _wStep, _xStep, _line);
        for (var run = 0; run < _lines; run++)
        {
            for (nint i = 0; i < end; i += xStep)
            {
                var v = Vector512.Load(w);
                w += step;
                a0 = Vector512.FusedMultiplyAdd(Vector512.Create(x0[i]), v, a0);
                a1 = Vector512.FusedMultiplyAdd(Vector512.Create(x1[i]), v, a1);
                a2 = Vector512.FusedMultiplyAdd(Vector512.Create(x2[i]), v, a2);
                a3 = Vector512.FusedMultiplyAdd(Vector512.Create(x3[i]), v, a3);
                a4 = Vector512.FusedMultiplyAdd(Vector512.Create(x4[i]), v, a4);
                a5 = Vector512.FusedMultiplyAdd(Vector512.Create(x5[i]), v, a5);
                a6 = Vector512.FusedMultiplyAdd(Vector512.Create(x6[i]), v, a6);
                a7 = Vector512.FusedMultiplyAdd(Vector512.Create(x7[i]), v, a7);
            }

            x0 += line;
            x1 += line;
            x2 += line;
            x3 += line;
            x4 += line;
            x5 += line;
            x6 += line;
            x7 += line;
        }

        Vector512.Store(a0, y + to[0]);
        Vector512.Store(a1, y + to[1]);
        Vector512.Store(a2, y + to[2]);
        Vector512.Store(a3, y + to[3]);
        Vector512.Store(a4, y + to[4]);
        Vector512.Store(a5, y + to[5]);
        Vector512.Store(a6, y + to[6]);
        Vector512.Store(a7, y + to[7]);
    }

    // Eight places, 8 outputs, the same.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Narrow(float* x, int* from, float* w, float* bias, float* y, int* to)
    {
        float* x0 = x + from[0], x1 = x + from[1], x2 = x + from[2], x3 = x + from[3], x4 = x + from[4], x5 = x + from[5], x6 = x + from[6], x7 = x + from[7];
        var b = Vector256.Load(bias);
        var (a0, a1, a2, a3, a4, a5, a6, a7) = (b, b, b, b, b, b, b, b);
        var (end, step, xStep, line) = (_length * _xStep, _wStep, _xStep, _line);
        for (var run = 0; run < _lines; run++)
        {
            for (nint i = 0; i < end; i += xStep)
            {
                var v = Vector256.Load(w);
                w += step;
                a0 = Vector256.FusedMultiplyAdd(Vector256.Create(x0[i]), v, a0);
                a1 = Vector256.FusedMultiplyAdd(Vector256.Create(x1[i]), v, a1);
                a2 = Vector256.FusedMultiplyAdd(Vector256.Create(x2[i]), v, a2);
                a3 = Vector256.FusedMultiplyAdd(Vector256.Create(x3[i]), v, a3);
                a4 = Vector256.FusedMultiplyAdd(Vector256.Create(x4[i]), v, a4);
                a5 = Vector256.FusedMultiplyAdd(Vector256.Create(x5[i]), v, a5);
                a6 = Vector256.FusedMultiplyAdd(Vector256.Create(x6[i]), v, a6);
                a7 = Vector256.FusedMultiplyAdd(Vector256.Create(x7[i]), v, a7);
            }

            x0 += line;
            x1 += line;
            x2 += line;
            x3 += line;
            x4 += line;
            x5 += line;
            x6 += line;
            x7 += line;
        }

        Vector256.Store(a0, y + to[0]);
        Vector256.Store(a1, y + to[1]);
        Vector256.Store(a2, y + to[2]);
        Vector256.Store(a3, y + to[3]);
        Vector256.Store(a4, y + to[4]);
        Vector256.Store(a5, y + to[5]);
        Vector256.Store(a6, y + to[6]);
        Vector256.Store(a7, y + to[7]);
    }
}
