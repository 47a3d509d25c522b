using System.Buffers;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>
/// A convolution without gradients, on a processor, of an image whose channels lie side by side, [H, W, C]. Every number that comes out is one chain of fused multiply-adds
/// that begins at the bias and goes on by kernel row, kernel column and channel: the same to the last bit whatever is computed beside it, on how many threads, and on which processor.
/// </summary>
internal sealed unsafe class DirectConvolution
{
    /// <summary>More are not computed at once: what a span of bytes can hold, with room for borders.</summary>
    internal const long MostNumbers = 1 << 28;

    private const int PlacesTogether = 256;

    // Fewer are not worth the order that weights are brought into.
    private const long ManyTokens = 1024;

    private readonly float[] _weights;      // from _start on: [blocks of 32 outputs and at last fewer, K, K, C, outputs of the block]
    private readonly int _start;            // a vector lies in one line of the cache then, unless the array is moved
    private readonly float[] _bias;         // [O']
    private readonly int _side, _stride;

    /// <param name="kernels">[O, C, K, K].</param>
    /// <param name="bias">[O]; null for none.</param>
    /// <param name="stride">The places between two kernels.</param>
    /// <param name="inputs">The numbers of a place, C or more; those beyond are not looked at.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer.</exception>
    internal DirectConvolution(Tensor kernels, Tensor? bias, int stride, int inputs)
        : this(kernels, bias, stride, inputs, length => GC.AllocateUninitializedArray<float>(length))
    {
    }

    private DirectConvolution(Tensor kernels, Tensor? bias, int stride, int inputs, Func<int, float[]> memory)
    {
        using var scope = NewDisposeScope();
        var (O, C, side, _) = kernels.Dims4("kernels");
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, C);
        (Inputs, Outputs, _side, _stride) = (inputs, ((int)O + VectorSums.Lanes - 1) / VectorSums.Lanes * VectorSums.Lanes, (int)side, stride);
        var count = (int)(side * side) * inputs * Outputs;
        _weights = memory(count + VectorSums.Alignment);
        fixed (float* first = _weights)
        {
            _start = (int)(-(nint)first & ((VectorSums.Alignment * sizeof(float)) - 1)) / sizeof(float);
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

        var whole = Outputs / VectorSums.Outputs * VectorSums.Outputs;
        Floats(all.narrow(0, 0, whole).unflatten(0, [-1, VectorSums.Outputs]).permute(0, 3, 4, 2, 1).contiguous()).CopyTo(weights);
        Floats(all.narrow(0, whole, Outputs - whole).permute(2, 3, 1, 0).contiguous()).CopyTo(weights[(whole * _side * _side * inputs)..]);
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
        var count = (places + VectorSums.Rows - 1) / VectorSums.Rows * VectorSums.Rows;
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

        return Once(x, weight, bias, stride, padding);
    }

    /// <summary>The same without gradients, in memory that the next call has again: the order of the weights is large, and not kept.</summary>
    internal static Tensor Once(Tensor x, Tensor weight, Tensor? bias, int stride, int padding)
    {
        using var scope = NewDisposeScope();
        var convolution = new DirectConvolution(weight, bias, stride, (int)weight.size(1), ArrayPool<float>.Shared.Rent);
        try
        {
            return convolution.Apply(x, padding).narrow(1, 0, weight.size(0)).MoveToOuterDisposeScope();
        }
        finally
        {
            ArrayPool<float>.Shared.Return(convolution._weights);
        }
    }

    /// <summary>The same for <see cref="Linear"/>: where torch's convolutions are slow, its products of matrices are slower than this as well.</summary>
    /// <param name="x">[..., C].</param>
    /// <param name="outputs">O.</param>
    internal static bool LinearIsFaster(Tensor x, long outputs) =>
        x.dim() == 3 && x.size(0) * x.size(1) >= ManyTokens && IsOnVectors(x) && !TorchBackends.HasOneDnn && x.size(1) * Math.Max(x.size(2), outputs) <= MostNumbers;

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
            var (imageLength, mapPlaces, blocks) = (height * width * Inputs, one.Rows * one.Columns, Blocks);
            var together = (int)Math.Clamp(PlacesTogether / mapPlaces, 1, Math.Max(1, B));
            var groups = ((int)B + together - 1) / together;
            var grid = together > 1 ? Over(height, width, together) : one;
            var lastGrid = B % together > 0 ? Over(height, width, (int)B % together) : grid;

            // Several parts for each thread, of the places of an image or of the outputs, for they do not all end together.
            var threads = get_num_threads();
            var units = together > 1 ? blocks : grid.From.Length / VectorSums.Rows;
            var parts = threads == 1 ? 1 : Math.Min(units, 4 * threads);
            Parallel.For(0, groups * parts, new ParallelOptions { MaxDegreeOfParallelism = threads }, work =>
            {
                var (group, part) = Math.DivRem(work, parts);
                var (first, end) = (part * units / parts, (part + 1) * units / parts);
                var here = group == groups - 1 ? lastGrid : grid;
                var ((block, lastBlock), (place, lastPlace)) = together > 1 ? ((first, end), (0, here.From.Length)) : ((0, blocks), (first * VectorSums.Rows, end * VectorSums.Rows));
                float* x0 = (float*)source + (group * (long)together * imageLength), y0 = (float*)result + (group * (long)together * mapPlaces * Outputs);
                for (; block < lastBlock; block++)
                {
                    Run(x0, here, place, lastPlace, block, y0);
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
        for (var block = 0; block < Blocks; block++)
        {
            Run(x, grid, 0, grid.From.Length, block, y);
        }
    }

    private int Blocks => (Outputs + VectorSums.Outputs - 1) / VectorSums.Outputs;

    // Some of the places, a multiple of 8 from a multiple of 8 on, and a block of outputs.
    private void Run(float* x, Grid grid, int first, int end, int block, float* y)
    {
        fixed (float* weights = _weights, bias = _bias)
        fixed (int* from = grid.From, to = grid.To)
        {
            var start = block * VectorSums.Outputs;
            var count = Math.Min(VectorSums.Outputs, Outputs - start);
            var sums = new VectorSums(_side, _side * Inputs, grid.Line, xStep: 1, wStep: count);
            for (var place = first; place < end; place += VectorSums.Rows)
            {
                sums.Add(x, from + place, weights + _start + (start * _side * _side * Inputs), bias + start, y + start, to + place, count);
            }
        }
    }

    /// <summary>Whether a tensor holds floats on a processor that has these vectors.</summary>
    internal static bool IsOnVectors(Tensor images) => VectorSums.AreSupported && images.device_type == TorchSharp.DeviceType.CPU && images.dtype == ScalarType.Float32;

    // Of one image, of what goes in or comes out, whichever is more.
    private static long NumbersOf(Tensor images, long outputs) => images.size(2) * images.size(3) * Math.Max(images.size(1), outputs);

    /// <summary>See <see cref="Over"/>.</summary>
    /// <param name="From">For each place.</param>
    /// <param name="To">The same.</param>
    /// <param name="Line">The numbers of a row that goes in.</param>
    /// <param name="Rows">Of what comes out.</param>
    /// <param name="Columns">The same.</param>
    internal sealed record Grid(int[] From, int[] To, int Line, int Rows, int Columns);
}
