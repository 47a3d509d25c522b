using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>
/// A convolution without gradients, on a processor, of an image whose channels lie side by side, [H, W, C]. Every number that comes out is one chain of fused multiply-adds
/// that begins at the bias and goes on by kernel row, kernel column and channel: the same to the last bit whatever is computed beside it, on how many threads, and on which processor.
/// </summary>
internal sealed unsafe class DirectConvolution
{
    /// <summary>Channels come out in multiples of this.</summary>
    internal const int Lanes = 8;

    /// <summary>More are not computed at once: what a span of bytes can hold, with room for borders.</summary>
    internal const long MostNumbers = 1 << 28;

    private const int WideLanes = 2 * Lanes, Places = 8, PlacesTogether = 256;

    // Fewer are not worth the order that weights are brought into.
    private const long ManyTokens = 1024;

    private readonly float[] _weights;      // from _start on: [blocks of 16 and at last 8 outputs, K, K, C, outputs of the block]
    private readonly int _start;            // a vector lies in one line of the cache then, unless the array is moved
    private readonly float[] _bias;         // [O']
    private readonly int _side, _stride;

    /// <param name="kernels">[O, C, K, K].</param>
    /// <param name="bias">[O]; null for none.</param>
    /// <param name="stride">The places between two kernels.</param>
    /// <param name="inputs">The numbers of a place, C or more; those beyond are not looked at.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer.</exception>
    internal DirectConvolution(Tensor kernels, Tensor? bias, int stride, int inputs)
    {
        using var scope = NewDisposeScope();
        var (O, C, side, _) = kernels.Dims4("kernels");
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, C);
        (Inputs, Outputs, _side, _stride) = (inputs, ((int)O + Lanes - 1) / Lanes * Lanes, (int)side, stride);
        var count = (int)(side * side) * inputs * Outputs;
        _weights = GC.AllocateUninitializedArray<float>(count + WideLanes);
        fixed (float* first = _weights)
        {
            _start = (int)(-(nint)first & ((WideLanes * sizeof(float)) - 1)) / sizeof(float);
        }

        var weights = _weights.AsSpan(_start, count);
        _bias = new float[Outputs];
        if (bias is not null)
        {
            Floats(bias.contiguous()).CopyTo(_bias);
        }

        var all = kernels;
        if (Outputs > O || inputs > C)
        {
            all = zeros([Outputs, inputs, _side, _side], float32);
            all.narrow(0, 0, O).narrow(1, 0, C).copy_(kernels);
        }

        var wide = Outputs / WideLanes * WideLanes;
        Floats(all.narrow(0, 0, wide).unflatten(0, [-1, WideLanes]).permute(0, 3, 4, 2, 1).contiguous()).CopyTo(weights);
        Floats(all.narrow(0, wide, Outputs - wide).permute(2, 3, 1, 0).contiguous()).CopyTo(weights[(wide * _side * _side * inputs)..]);
    }

    /// <summary>The numbers of a place that goes in.</summary>
    internal int Inputs { get; }

    /// <summary>The numbers of a place that comes out, O rounded up to a multiple of 8; those beyond are 0.</summary>
    internal int Outputs { get; }

    /// <summary>The numbers of a float tensor on a processor, as they lie in memory.</summary>
    internal static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    /// <summary>Where the places of images of a size are: for each that comes out the first number under its kernel, and its first number.</summary>
    /// <param name="height">Of what goes in, with its border.</param>
    /// <param name="width">The same.</param>
    /// <param name="images">How many lie one after the other.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is smaller than a kernel.</exception>
    internal Grid Over(int height, int width, int images = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Math.Min(height, width), _side);
        var (rows, columns) = (((height - _side) / _stride) + 1, ((width - _side) / _stride) + 1);
        var places = images * rows * columns;
        var count = (places + Places - 1) / Places * Places;
        var (from, to) = (new int[count], new int[count]);
        for (var place = 0; place < count; place++)
        {
            // The last tile does its last place again and again.
            var last = Math.Min(place, places - 1);
            var (image, inside) = Math.DivRem(last, rows * columns);
            var (row, column) = Math.DivRem(inside, columns);
            from[place] = ((image * height * width) + (((row * width) + column) * _stride)) * Inputs;
            to[place] = last * Outputs;
        }

        return new Grid(from, to, width * Inputs, rows, columns);
    }

    /// <summary>Whether this can be used for what is computed now: no gradients are noted, and <paramref name="images"/> are floats on a processor that has these vectors.</summary>
    internal static bool Suits(Tensor images) => !is_grad_enabled() && IsOnVectors(images);

    /// <summary>Whether this, or with gradients <see cref="TrainedConvolution"/>, is the faster way: torch's own convolutions are slow for want of oneDNN, and images [B, C, H, W] are not too large for it.</summary>
    internal static bool IsFaster(Tensor images, long outputs) => IsOnVectors(images) && !TorchBackends.HasOneDnn && NumbersOf(images, outputs) <= MostNumbers;

    /// <summary>Convolves images as a layer does, [B, C, H, W] → [B, O, H', W'], with gradients where they are noted.</summary>
    /// <param name="x">For which <see cref="IsFaster"/>.</param>
    /// <param name="weight">[O, C, K, K].</param>
    /// <param name="bias">[O]; null for none.</param>
    /// <param name="stride">The places between two kernels.</param>
    /// <param name="padding">The zeros around an image, on each side.</param>
    internal static Tensor Convolve(Tensor x, Tensor weight, Tensor? bias, int stride, int padding)
    {
        if (is_grad_enabled())
        {
            return TrainedConvolution.Call(x, weight, bias, stride, padding);
        }

        using var scope = NewDisposeScope();
        return new DirectConvolution(weight, bias, stride, (int)weight.shape[1]).Apply(x, padding).narrow(1, 0, weight.shape[0]).MoveToOuterDisposeScope();
    }

    /// <summary>The same for <see cref="Linear"/>: where torch's convolutions are slow, its products of matrices are slower than this as well.</summary>
    /// <param name="x">[..., C].</param>
    /// <param name="outputs">O.</param>
    internal static bool LinearIsFaster(Tensor x, long outputs) =>
        x.dim() == 3 && x.shape[0] * x.shape[1] >= ManyTokens && IsOnVectors(x) && !TorchBackends.HasOneDnn && x.shape[1] * Math.Max(x.shape[2], outputs) <= MostNumbers;

    /// <summary>An affine map of tokens, [B, N, C] → [B, N, O], with gradients where they are noted: a token is a place of an image of one row.</summary>
    /// <param name="x">Floats on a processor.</param>
    /// <param name="weight">[O, C].</param>
    /// <param name="bias">[O].</param>
    internal static Tensor Linear(Tensor x, Tensor weight, Tensor bias)
    {
        using var scope = NewDisposeScope();
        return Convolve(x.permute(0, 2, 1).unsqueeze(2), weight.unsqueeze(2).unsqueeze(3), bias, stride: 1, padding: 0).squeeze(2).permute(0, 2, 1).MoveToOuterDisposeScope();
    }

    /// <summary>Convolves images, [B, C, H, W] → [B, O', H', W'], whose channels lie side by side in memory.</summary>
    /// <param name="images">As they lie.</param>
    /// <param name="padding">The zeros around each, on each side.</param>
    /// <exception cref="ArgumentException">They have other channels.</exception>
    internal Tensor Apply(Tensor images, int padding)
    {
        using var scope = NewDisposeScope();
        var (B, C, H, W) = images.Dims4("images");
        if (C != Inputs)
        {
            throw new ArgumentException($"Images must have {Inputs} channels; these have {C}.", nameof(images));
        }

        if (B > 1 && B * NumbersOf(images, Outputs) > MostNumbers)
        {
            return cat([.. images.split(1).Select(image => Apply(image, padding))]).MoveToOuterDisposeScope();
        }

        var (height, width) = ((int)H + (2 * padding), (int)W + (2 * padding));
        var x = images.permute(0, 2, 3, 1);
        if (padding > 0)
        {
            var bordered = zeros([B, height, width, C], float32);
            bordered.narrow(1, padding, H).narrow(2, padding, W).copy_(x);
            x = bordered;
        }

        x = x.contiguous();
        var one = Over(height, width);
        var y = empty([B, one.Rows, one.Columns, Outputs], float32);
        fixed (float* from = Floats(x), to = Floats(y))
        {
            var (source, result) = ((nint)from, (nint)to);

            // Images of few places go together, so that weights are read for many and tiles are full.
            var (imageLength, mapPlaces, blocks) = (height * width * Inputs, one.Rows * one.Columns, (Outputs + WideLanes - 1) / WideLanes);
            var together = (int)Math.Clamp(PlacesTogether / mapPlaces, 1, Math.Max(1, B));
            var groups = ((int)B + together - 1) / together;
            var grid = together > 1 ? Over(height, width, together) : one;
            var lastGrid = B % together > 0 ? Over(height, width, (int)B % together) : grid;

            // Several parts for each thread, of the places of an image or of the outputs, for they do not all end together.
            var threads = get_num_threads();
            var units = together > 1 ? blocks : grid.From.Length / Places;
            var parts = threads == 1 ? 1 : Math.Min(units, 4 * threads);
            Parallel.For(0, groups * parts, new ParallelOptions { MaxDegreeOfParallelism = threads }, work =>
            {
                var (group, part) = Math.DivRem(work, parts);
                var (first, end) = (part * units / parts, (part + 1) * units / parts);
                var here = group == groups - 1 ? lastGrid : grid;
                var ((block, lastBlock), (place, lastPlace)) = together > 1 ? ((first, end), (0, here.From.Length)) : ((0, blocks), (first * Places, end * Places));
                float* x0 = (float*)source + (group * (long)together * imageLength), y0 = (float*)result + (group * (long)together * mapPlaces * Outputs);
                for (; block < lastBlock; block += AtOnce(block, lastBlock))
                {
                    Run(x0, here, place, lastPlace, block, AtOnce(block, lastBlock), y0);
                }
            });
        }

        return y.permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    /// <summary>Convolves one image.</summary>
    /// <param name="x">With its border, [height, width, inputs].</param>
    /// <param name="grid">From <see cref="Over"/>.</param>
    /// <param name="y">Receives [rows, columns, outputs].</param>
    internal void Run(float* x, Grid grid, float* y)
    {
        var blocks = (Outputs + WideLanes - 1) / WideLanes;
        for (var block = 0; block < blocks; block += AtOnce(block, blocks))
        {
            Run(x, grid, 0, grid.From.Length, block, AtOnce(block, blocks), y);
        }
    }

    // Of the blocks of 16 outputs two, where the processor has the vectors and there are as many.
    private int AtOnce(int block, int end) => Vector512.IsHardwareAccelerated && block + 2 <= end && (block + 2) * WideLanes <= Outputs ? 2 : 1;

    // Some of the places, a multiple of 8 from a multiple of 8 on, and one or two blocks of outputs.
    private void Run(float* x, Grid grid, int first, int end, int block, int atOnce, float* y)
    {
        fixed (float* weights = _weights, bias = _bias)
        fixed (int* from = grid.From, to = grid.To)
        {
            var (output, numbers) = (block * WideLanes, _side * _side * Inputs);
            float* w = weights + _start + (output * numbers), b = bias + output;
            var isWide = Outputs - output > Lanes;
            y += output;
            for (var place = first; place < end; place += Places)
            {
                if (atOnce > 1)
                {
                    Double(x, from + place, w, WideLanes * numbers, b, grid.Line, y, to + place);
                }
                else if (isWide && Vector512.IsHardwareAccelerated)
                {
                    Wide(x, from + place, w, b, grid.Line, y, to + place);
                }
                else
                {
                    Narrow(x, from + place, w, isWide ? WideLanes : Lanes, b, grid.Line, y, to + place);
                    if (isWide)
                    {
                        Narrow(x, from + place, w + Lanes, WideLanes, b + Lanes, grid.Line, y + Lanes, to + place);
                    }
                }
            }
        }
    }

    private static bool IsOnVectors(Tensor images) => Vector256.IsHardwareAccelerated && images.device_type == TorchSharp.DeviceType.CPU && images.dtype == ScalarType.Float32;

    // Of one image, of what goes in or comes out, whichever is more.
    private static long NumbersOf(Tensor images, long outputs) => images.shape[2] * images.shape[3] * Math.Max(images.shape[1], outputs);

    // Eight places, 16 outputs of one block and 16 of the next, whose weights lie at a distance.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Double(float* x, int* from, float* w, nint distance, float* bias, int line, float* y, int* to)
    {
        float* x0 = x + from[0], x1 = x + from[1], x2 = x + from[2], x3 = x + from[3], x4 = x + from[4], x5 = x + from[5], x6 = x + from[6], x7 = x + from[7];
        var (b, c) = (Vector512.Load(bias), Vector512.Load(bias + WideLanes));
        var (a0, a1, a2, a3, a4, a5, a6, a7) = (b, b, b, b, b, b, b, b);
        var (c0, c1, c2, c3, c4, c5, c6, c7) = (c, c, c, c, c, c, c, c);
        nint length = _side * Inputs;
        for (var row = 0; row < _side; row++)
        {
            for (nint i = 0; i < length; i++)
            {
                var (v, u) = (Vector512.Load(w), Vector512.Load(w + distance));
                w += WideLanes;
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

    // Eight places, 16 outputs.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Wide(float* x, int* from, float* w, float* bias, int line, float* y, int* to)
    {
        float* x0 = x + from[0], x1 = x + from[1], x2 = x + from[2], x3 = x + from[3], x4 = x + from[4], x5 = x + from[5], x6 = x + from[6], x7 = x + from[7];
        var b = Vector512.Load(bias);
        var (a0, a1, a2, a3, a4, a5, a6, a7) = (b, b, b, b, b, b, b, b);
        nint length = _side * Inputs;
        for (var row = 0; row < _side; row++)
        {
            for (nint i = 0; i < length; i++)
            {
                var v = Vector512.Load(w);
                w += WideLanes;
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

    // Eight places, 8 outputs.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Narrow(float* x, int* from, float* w, int step, float* bias, int line, float* y, int* to)
    {
        float* x0 = x + from[0], x1 = x + from[1], x2 = x + from[2], x3 = x + from[3], x4 = x + from[4], x5 = x + from[5], x6 = x + from[6], x7 = x + from[7];
        var b = Vector256.Load(bias);
        var (a0, a1, a2, a3, a4, a5, a6, a7) = (b, b, b, b, b, b, b, b);
        nint length = _side * Inputs;
        for (var row = 0; row < _side; row++)
        {
            for (nint i = 0; i < length; i++)
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

    /// <summary>See <see cref="Over"/>.</summary>
    /// <param name="From">For each place.</param>
    /// <param name="To">The same.</param>
    /// <param name="Line">The numbers of a row that goes in.</param>
    /// <param name="Rows">Of what comes out.</param>
    /// <param name="Columns">The same.</param>
    internal sealed record Grid(int[] From, int[] To, int Line, int Rows, int Columns);
}
