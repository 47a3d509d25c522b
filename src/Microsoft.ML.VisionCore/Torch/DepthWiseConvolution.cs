using static System.Numerics.Tensors.TensorPrimitives;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>
/// A convolution of every channel by itself, whose size stays, with gradients, for want of oneDNN: torch has another way only by a product of matrices for every channel.
/// Gradients of gradients are not given.
/// </summary>
internal sealed unsafe class DepthWiseConvolution : GuardedFunction<DepthWiseConvolution>
{
    /// <summary>[B, C, H, W] → [B, C, H, W].</summary>
    /// <param name="x">Images for which <see cref="DirectConvolution.IsFaster"/>.</param>
    /// <param name="weight">[C, 1, K, K], K odd.</param>
    /// <param name="bias">[C].</param>
    internal static Tensor Call(Tensor x, Tensor weight, Tensor bias) => is_grad_enabled() ? apply(x, weight, bias) : Forward(x, weight, bias);

    protected override Tensor Result(autograd.AutogradContext context, object[] inputs)
    {
        using var none = no_grad();
        var (x, weight, bias) = ((Tensor)inputs[0], (Tensor)inputs[1], (Tensor)inputs[2]);
        context.save_for_backward([x, weight]);
        return Forward(x, weight, bias);
    }

    protected override List<Tensor> Gradients(autograd.AutogradContext context, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var saved = context.get_saved_variables();
        var (x, weight) = (saved[0], saved[1]);
        return
        [
            Convolve(gradient, Places(weight).flip([0]), null).MoveToOuterDisposeScope(),
            WeightGradient(x, gradient, weight.size(2)).MoveToOuterDisposeScope(),
            gradient.sum([0, 2, 3]).MoveToOuterDisposeScope(),
        ];
    }

    private static Tensor Forward(Tensor x, Tensor weight, Tensor bias)
    {
        using var places = Places(weight);
        return Convolve(x, places, bias);
    }

    // Whether images are too many to lie in memory together with their borders.
    private static bool AreTooMany(Tensor x, long side, long most) => x.size(0) > 1 && x.size(0) * x.size(1) * (x.size(2) + side - 1) * (x.size(3) + side - 1) > most;

    // [C, 1, K, K] → [K K, C].
    private static Tensor Places(Tensor weight) => weight.flatten(1).t().contiguous();

    /// <summary>Convolves.</summary>
    /// <param name="x">[B, C, H, W].</param>
    /// <param name="places">[K K, C].</param>
    /// <param name="bias">[C]; null for none.</param>
    /// <param name="most">The numbers of images, with their borders, that are looked at together; those of one image at least.</param>
    internal static Tensor Convolve(Tensor x, Tensor places, Tensor? bias, long most = DirectConvolution.MostNumbers)
    {
        using var scope = NewDisposeScope();
        var (B, C, H, W) = x.Dims4("x");
        if (AreTooMany(x, (long)Math.Sqrt(places.size(0)), most))
        {
            return cat([.. x.split((B + 1) / 2).Select(half => Convolve(half, places, bias, most))]).MoveToOuterDisposeScope();
        }

        var y = bias is null ? zeros([B, H, W, C], float32) : bias.expand(B, H, W, C).contiguous();
        Accumulate(x, y, places, toKernels: false);
        return y.permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    /// <summary>The gradient by the kernels, [C, 1, K, K].</summary>
    /// <param name="x">What went in.</param>
    /// <param name="gradient">That by what came out.</param>
    /// <param name="side">K.</param>
    /// <param name="most">See <see cref="Convolve"/>.</param>
    internal static Tensor WeightGradient(Tensor x, Tensor gradient, long side, long most = DirectConvolution.MostNumbers)
    {
        using var scope = NewDisposeScope();
        var (B, C, _, _) = x.Dims4("x");
        if (AreTooMany(x, side, most))
        {
            var half = (B + 1) / 2;
            return x.split(half).Zip(gradient.split(half), (some, its) => WeightGradient(some, its, side, most)).Aggregate((one, other) => one.Add(other)).MoveToOuterDisposeScope();
        }

        var sums = zeros([B, side * side, C], float32);
        Accumulate(x, gradient.permute(0, 2, 3, 1).contiguous(), sums, toKernels: true);
        return sums.sum([0]).t().contiguous().view(C, 1, side, side).MoveToOuterDisposeScope();
    }

    // For every place and every number of the kernel: maps += x kernels, or kernels += x maps, which are another's for every image then; [B, H, W, C], [(B,) K K, C].
    private static void Accumulate(Tensor x, Tensor maps, Tensor kernels, bool toKernels)
    {
        using var scope = NewDisposeScope();
        var (_, C, H, W) = x.Dims4("x");
        var (channels, height, width, area) = ((int)C, (int)H, (int)W, (int)kernels.size(-2));
        var side = (int)Math.Sqrt(area);
        var border = side / 2;
        var bordered = nn.functional.pad(x.permute(0, 2, 3, 1), [0, 0, border, border, border, border]).contiguous();
        fixed (float* input = DirectConvolution.Floats(bordered), map = DirectConvolution.Floats(maps), kernel = DirectConvolution.Floats(kernels))
        {
            var (from, to, numbers) = ((nint)input, (nint)map, (nint)kernel);
            Parallel.For(0, (int)x.size(0), new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() }, image =>
            {
                var own = (float*)numbers + (toKernels ? (nint)image * area * channels : 0);
                for (var row = 0; row < height; row++)
                {
                    for (var column = 0; column < width; column++)
                    {
                        var place = new Span<float>((float*)to + ((((((nint)image * height) + row) * width) + column) * channels), channels);
                        for (var k = 0; k < area; k++)
                        {
                            var start = ((((nint)image * (height + side - 1)) + row + (k / side)) * (width + side - 1)) + column + (k % side);
                            var seen = new Span<float>((float*)from + (start * channels), channels);
                            var number = new Span<float>(own + (k * channels), channels);
                            var sum = toKernels ? number : place;
                            MultiplyAdd(seen, toKernels ? place : number, sum, sum);
                        }
                    }
                }
            });
        }
    }
}
