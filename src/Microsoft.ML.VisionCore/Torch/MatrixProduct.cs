using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>
/// Products of many matrices, [G, N, K] times [G, K, O]: torch's own, or by <see cref="VectorSums"/> where that is faster. The gradients are such products as well; those of
/// gradients are not given by the faster way.
/// </summary>
internal sealed unsafe class MatrixProduct : GuardedFunction<MatrixProduct>
{
    // Fewer multiplications are done before a function with gradients of its own has begun.
    private const long ManySums = 1 << 22;

    private const int RowsOfPart = 1024;

    /// <summary>[G, N, K] and [G, K, O] → [G, N, O].</summary>
    /// <exception cref="ArgumentException">The sizes are others.</exception>
    internal static Tensor Of(Tensor a, Tensor b) => IsFaster(a, b) ? OfVectors(a, b) : a.bmm(b);

    /// <summary>The same by <see cref="VectorSums"/>.</summary>
    /// <param name="a">Floats on a processor, [G, N, K], at least one.</param>
    /// <param name="b">The same, [G, K, O], O a multiple of 8.</param>
    internal static Tensor OfVectors(Tensor a, Tensor b) => is_grad_enabled() && (a.requires_grad || b.requires_grad) ? apply([a, b]) : Multiply(a, b);

    /// <summary>Whether <see cref="OfVectors"/> can do it, and faster: where torch's convolutions are slow, its products are as well.</summary>
    internal static bool IsFaster(Tensor a, Tensor b)
    {
        var ((G, N, K), (groups, inner, O)) = (a.Dims3("a"), b.Dims3("b"));
        if (groups != G || inner != K)
        {
            throw new ArgumentException($"The tensor 'b' needs the shape [{G}, {K}, ...]; it has shape [{groups}, {inner}, {O}].", nameof(b));
        }

        return DirectConvolution.IsOnVectors(a) && b.dtype == a.dtype && N >= VectorSums.Rows && O % VectorSums.Lanes == 0 && G * N * K * O >= ManySums
            && Math.Max(Math.Max(Extent(a), Extent(b)), G * N * O) <= DirectConvolution.MostNumbers && !TorchBackends.HasOneDnn;
    }

    protected override Tensor Result(autograd.AutogradContext context, object[] inputs)
    {
        using var none = no_grad();
        var (a, b) = ((Tensor)inputs[0], (Tensor)inputs[1]);
        context.save_for_backward([a, b]);
        return Multiply(a, b);
    }

    protected override List<Tensor> Gradients(autograd.AutogradContext context, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var saved = context.get_saved_variables();
        var (a, b) = (saved[0], saved[1]);
        return [Of(gradient, b.transpose(1, 2)).MoveToOuterDisposeScope(), Of(a.transpose(1, 2), gradient).MoveToOuterDisposeScope()];
    }

    // The numbers in memory from the first of a tensor to its last.
    private static long Extent(Tensor tensor) => 1 + Enumerable.Range(0, (int)tensor.dim()).Sum(at => (tensor.size(at) - 1) * tensor.stride(at));

    // Of one number, which is contiguous whatever the rest of the tensor is.
    private static nint Pointer(Tensor tensor)
    {
        using var first = tensor.as_strided([1], [1], tensor.storage_offset());
        fixed (float* pointer = DirectConvolution.Floats(first))
        {
            return (nint)pointer;
        }
    }

    private static Tensor Multiply(Tensor a, Tensor b)
    {
        using var scope = NewDisposeScope();
        var ((G, N, K), O) = (a.Dims3("a"), (int)b.size(2));
        if (a.stride(2) == 0)
        {
            // Numbers of a line are counted by their places.
            a = a.contiguous();
        }

        if (b.stride(2) != 1)
        {
            b = b.contiguous();
        }

        var y = empty([G, N, O], float32);
        var rows = (int)(N + VectorSums.Rows - 1) / VectorSums.Rows * VectorSums.Rows;
        var (from, to) = (new int[rows], new int[rows]);
        for (var row = 0; row < rows; row++)
        {
            // The last tile does its last row again and again.
            var last = Math.Min(row, (int)N - 1);
            (from[row], to[row]) = (last * (int)a.stride(1), last * O);
        }

        var sums = new VectorSums(1, (nint)K, 0, (nint)a.stride(2), (nint)b.stride(1));
        var (aStep, bStep, zero) = (a.stride(0), b.stride(0), new float[VectorSums.Outputs]);
        var (x, w, result) = (Pointer(a), Pointer(b), Pointer(y));
        var parts = (rows + RowsOfPart - 1) / RowsOfPart;
        Parallel.For(0, (int)G * parts, new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() }, work =>
        {
            var (group, part) = Math.DivRem(work, parts);
            fixed (int* starts = from, ends = to)
            fixed (float* bias = zero)
            {
                for (var output = 0; output < O; output += VectorSums.Outputs)
                {
                    for (var row = part * RowsOfPart; row < Math.Min(rows, (part + 1) * RowsOfPart); row += VectorSums.Rows)
                    {
                        sums.Add((float*)x + (group * aStep), starts + row, (float*)w + (group * bStep) + output, bias, (float*)result + (group * N * O) + output, ends + row,
                            Math.Min(VectorSums.Outputs, O - output));
                    }
                }
            }
        });

        GC.KeepAlive(a);
        GC.KeepAlive(b);
        return y.MoveToOuterDisposeScope();
    }
}
