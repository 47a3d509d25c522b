using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>
/// <see cref="DirectConvolution"/> with gradients: that by what went in is a convolution as well, and that by the kernels a sum over all places. Once only: gradients of gradients are not given.
/// </summary>
internal sealed unsafe class TrainedConvolution : GuardedFunction<TrainedConvolution>
{
    private const string Stride = "stride", Padding = "padding", NeedsInput = "input", NeedsBias = "bias";
    private const int Lanes = 16, Tile = 16, PlacesOfTile = 256;

    /// <summary>[B, C, H, W] → [B, O, H', W'].</summary>
    /// <param name="x">Images.</param>
    /// <param name="weight">[O, C, K, K].</param>
    /// <param name="bias">[O]; null for none.</param>
    /// <param name="stride">The places between two kernels.</param>
    /// <param name="padding">The zeros around an image, on each side; fewer than K.</param>
    internal static Tensor Call(Tensor x, Tensor weight, Tensor? bias, int stride, int padding) => apply([x, weight, stride, padding, x.requires_grad, .. bias is null ? [] : new[] { bias }]);

    protected override Tensor Result(autograd.AutogradContext context, object[] inputs)
    {
        using var none = no_grad();
        var (x, weight, stride, padding, bias) = ((Tensor)inputs[0], (Tensor)inputs[1], (int)inputs[2], (int)inputs[3], inputs.Length > 5 ? (Tensor)inputs[5] : null);
        context.save_data(Stride, stride);
        context.save_data(Padding, padding);
        context.save_data(NeedsInput, inputs[4]);
        context.save_data(NeedsBias, bias is not null);
        context.save_for_backward([x, weight]);
        return DirectConvolution.Convolve(x, weight, bias, stride, padding);
    }

    protected override List<Tensor> Gradients(autograd.AutogradContext context, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var (stride, padding, saved) = ((int)context.get_data(Stride), (int)context.get_data(Padding), context.get_saved_variables());
        var (x, weight) = (saved[0], saved[1]);
        List<Tensor> gradients =
        [
            (bool)context.get_data(NeedsInput) ? InputGradient(x, weight, gradient, stride, padding).MoveToOuterDisposeScope() : null!,
            WeightGradient(x, weight, gradient, stride, padding).MoveToOuterDisposeScope(),
            null!, null!, null!,
        ];
        if ((bool)context.get_data(NeedsBias))
        {
            gradients.Add(gradient.sum([0, 2, 3]).MoveToOuterDisposeScope());
        }

        return gradients;
    }

    // Every place gets from those that saw it what they got, times the number that they saw it with: the kernels turned by half a circle, over the gradient with zeros between its places.
    private static Tensor InputGradient(Tensor x, Tensor weight, Tensor gradient, int stride, int padding)
    {
        using var scope = NewDisposeScope();
        var ((B, C, H, W), (O, _, K, _), (_, _, rows, columns)) = (x.Dims4("x"), weight.Dims4("weight"), gradient.Dims4("gradient"));
        var spread = gradient;
        if (stride > 1)
        {
            spread = zeros([B, H + (2 * padding) - K + 1, W + (2 * padding) - K + 1, O], float32).permute(0, 3, 1, 2);
            spread.slice(2, 0, ((rows - 1) * stride) + 1, stride).slice(3, 0, ((columns - 1) * stride) + 1, stride).copy_(gradient);
        }

        return DirectConvolution.Once(spread, weight.flip([2, 3]).transpose(0, 1), null, stride: 1, (int)K - 1 - padding).MoveToOuterDisposeScope();
    }

    /// <summary>The gradient by the kernels, [O, C, K, K].</summary>
    /// <param name="x">What went in.</param>
    /// <param name="weight">The kernels.</param>
    /// <param name="gradient">That by what came out.</param>
    /// <param name="stride">See <see cref="Call"/>.</param>
    /// <param name="padding">The same.</param>
    /// <param name="most">The numbers of images, with their borders, that are looked at together; those of one image at least.</param>
    internal static Tensor WeightGradient(Tensor x, Tensor weight, Tensor gradient, int stride, int padding, long most = DirectConvolution.MostNumbers)
    {
        using var scope = NewDisposeScope();
        var ((B, C, H, W), (O, _, K, _), (_, _, rows, columns)) = (x.Dims4("x"), weight.Dims4("weight"), gradient.Dims4("gradient"));
        var (height, width, blocks) = (H + (2 * padding), W + (2 * padding), (O + Lanes - 1) / Lanes);
        if (B > 1 && B * Math.Max(height * width * C, rows * columns * blocks * Lanes) > most)
        {
            var half = (B + 1) / 2;
            return x.split(half).Zip(gradient.split(half), (some, its) => WeightGradient(some, weight, its, stride, padding, most)).Aggregate((one, other) => one.Add(other)).MoveToOuterDisposeScope();
        }

        // A tile of numbers may reach beyond those under the last kernel.
        var bordered = zeros([(B * height * width * C) + Tile], float32);
        bordered.narrow(0, 0, B * height * width * C).view(B, height, width, C).narrow(1, padding, H).narrow(2, padding, W).copy_(x.permute(0, 2, 3, 1));
        var outputs = zeros([blocks, B, rows, columns, Lanes], float32);
        for (var block = 0; block < blocks; block++)
        {
            var count = Math.Min(Lanes, O - (block * Lanes));
            outputs[block].narrow(3, 0, count).copy_(gradient.narrow(1, block * Lanes, count).permute(0, 2, 3, 1));
        }

        var sums = zeros([blocks, K, K, C, Lanes], float32);
        fixed (float* from = DirectConvolution.Floats(bordered), to = DirectConvolution.Floats(outputs), all = DirectConvolution.Floats(sums))
        {
            var (input, output, sum) = ((nint)from, (nint)to, (nint)all);
            var (length, imageLength) = ((int)(K * C), height * width * C);
            var places = new Places((int)rows, (int)columns, (nint)(width * C * stride), (nint)(C * stride), (nint)imageLength);

            // As many images at once as a tile is worth writing for.
            var together = Math.Max(1, PlacesOfTile / (rows * columns));
            Parallel.For(0, (int)(blocks * K), new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() }, work =>
            {
                var (block, row) = Math.DivRem(work, (int)K);
                var tile = stackalloc float[Tile * Lanes];
                for (long image = 0; image < B; image += together)
                {
                    var seen = (float*)input + (image * imageLength) + (row * width * C);
                    var got = (float*)output + (((block * B) + image) * rows * columns * Lanes);
                    for (var i = 0; i < length; i += Tile)
                    {
                        Accumulate(seen + i, got, (int)Math.Min(together, B - image), places, tile);
                        var found = (float*)sum + ((((long)work * length) + i) * Lanes);
                        for (var number = 0; number < Math.Min(Tile, length - i) * Lanes; number += Lanes)
                        {
                            Vector512.Store(Vector512.Load(found + number) + Vector512.Load(tile + number), found + number);
                        }
                    }
                }
            });
        }

        return sums.permute(0, 4, 3, 1, 2).reshape(blocks * Lanes, C, K, K).narrow(0, 0, O).contiguous().MoveToOuterDisposeScope();
    }

    // Of some images, 16 outputs and 16 numbers side by side under one row of the kernels: the numbers times the outputs, [16, 16], summed over all places.
    // No call is in it: the sums would go through memory at every place.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Accumulate(float* x, float* y, int images, Places places, float* sums)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        Vector512<float> a8 = default, a9 = default, a10 = default, a11 = default, a12 = default, a13 = default, a14 = default, a15 = default;
        for (var image = 0; image < images; image++)
        {
            for (var row = 0; row < places.Rows; row++)
            {
                var from = x + (image * places.Image) + (row * places.Line);
                for (var column = 0; column < places.Columns; column++)
                {
                    var v = Vector512.Load(y);
                    a0 = Vector512.FusedMultiplyAdd(Vector512.Create(from[0]), v, a0);
                    a1 = Vector512.FusedMultiplyAdd(Vector512.Create(from[1]), v, a1);
                    a2 = Vector512.FusedMultiplyAdd(Vector512.Create(from[2]), v, a2);
                    a3 = Vector512.FusedMultiplyAdd(Vector512.Create(from[3]), v, a3);
                    a4 = Vector512.FusedMultiplyAdd(Vector512.Create(from[4]), v, a4);
                    a5 = Vector512.FusedMultiplyAdd(Vector512.Create(from[5]), v, a5);
                    a6 = Vector512.FusedMultiplyAdd(Vector512.Create(from[6]), v, a6);
                    a7 = Vector512.FusedMultiplyAdd(Vector512.Create(from[7]), v, a7);
                    a8 = Vector512.FusedMultiplyAdd(Vector512.Create(from[8]), v, a8);
                    a9 = Vector512.FusedMultiplyAdd(Vector512.Create(from[9]), v, a9);
                    a10 = Vector512.FusedMultiplyAdd(Vector512.Create(from[10]), v, a10);
                    a11 = Vector512.FusedMultiplyAdd(Vector512.Create(from[11]), v, a11);
                    a12 = Vector512.FusedMultiplyAdd(Vector512.Create(from[12]), v, a12);
                    a13 = Vector512.FusedMultiplyAdd(Vector512.Create(from[13]), v, a13);
                    a14 = Vector512.FusedMultiplyAdd(Vector512.Create(from[14]), v, a14);
                    a15 = Vector512.FusedMultiplyAdd(Vector512.Create(from[15]), v, a15);
                    from += places.Step;
                    y += Lanes;
                }
            }
        }

        Vector512.Store(a0, sums);
        Vector512.Store(a1, sums + Lanes);
        Vector512.Store(a2, sums + (2 * Lanes));
        Vector512.Store(a3, sums + (3 * Lanes));
        Vector512.Store(a4, sums + (4 * Lanes));
        Vector512.Store(a5, sums + (5 * Lanes));
        Vector512.Store(a6, sums + (6 * Lanes));
        Vector512.Store(a7, sums + (7 * Lanes));
        Vector512.Store(a8, sums + (8 * Lanes));
        Vector512.Store(a9, sums + (9 * Lanes));
        Vector512.Store(a10, sums + (10 * Lanes));
        Vector512.Store(a11, sums + (11 * Lanes));
        Vector512.Store(a12, sums + (12 * Lanes));
        Vector512.Store(a13, sums + (13 * Lanes));
        Vector512.Store(a14, sums + (14 * Lanes));
        Vector512.Store(a15, sums + (15 * Lanes));
    }

    // Where kernels lie on an image: how many, and the numbers from one row of them to the next, from one to the next, and from image to image.
    private readonly record struct Places(int Rows, int Columns, nint Line, nint Step, nint Image);
}
