using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>
/// The convolutions of a target network, each with its pooling, rectifier and normalisation, of one image after another, on a processor and without gradients: what comes out for
/// an image is the same to the last bit whatever the batch.
/// </summary>
internal static unsafe class DirectBlocks
{
    private const int Border = 1, Lanes = DirectConvolution.Lanes;

    /// <summary>Runs the blocks.</summary>
    /// <param name="images">[M, C, S, S].</param>
    /// <param name="blocks">In order.</param>
    /// <returns>[M, c, S', S'].</returns>
    internal static Tensor Run(Tensor images, IReadOnlyList<DirectBlock> blocks)
    {
        using var scope = NewDisposeScope();
        var (M, C, side, _) = images.Dims4("images");
        if (M > 1 && images.numel() > DirectConvolution.MostNumbers)
        {
            return cat([.. images.split((M + 1) / 2).Select(half => Run(half, blocks))]).MoveToOuterDisposeScope();
        }

        var layers = new Layer[blocks.Count];
        var (inputs, S) = ((int)C, (int)side);
        for (var i = 0; i < layers.Length; i++)
        {
            layers[i] = new Layer(blocks[i], inputs, S);
            (inputs, S) = (layers[i].Convolution.Outputs, layers[i].SideAfter);
        }

        var c = (int)blocks[^1].Kernels.shape[0];
        var plain = images.contiguous();
        var y = empty([M, c, S, S], float32);
        fixed (float* from = DirectConvolution.Floats(plain), to = DirectConvolution.Floats(y))
        {
            var (x, result) = ((nint)from, (nint)to);
            var (imageLength, mapLength) = ((int)C * (int)side * (int)side, c * S * S);
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() };
            Parallel.For(0, (int)M, parallel, () => new Workspace(layers), (image, _, own) =>
            {
                One((float*)x + (image * (long)imageLength), (int)C, (int)side, layers, own, (float*)result + (image * (long)mapLength), c);
                return own;
            }, own => own.Dispose());
        }

        return y.MoveToOuterDisposeScope();
    }

    private static void One(float* image, int channels, int side, Layer[] layers, Workspace own, float* result, int outputs)
    {
        var bordered = own.Inputs(0);
        for (var c = 0; c < channels; c++)
        {
            for (var row = Border; row < side + Border; row++)
            {
                var line = bordered + ((((row * (side + (2 * Border))) + Border) * channels) + c);
                for (var column = 0; column < side; column++)
                {
                    line[column * channels] = *image++;
                }
            }
        }

        for (var i = 0; i < layers.Length; i++)
        {
            var layer = layers[i];
            layer.Convolution.Run(own.Inputs(i), layer.Grid, own.Outputs);
            layer.Finish(own.Outputs, own.Inputs(i + 1));
        }

        var last = layers[^1];
        var (stored, S) = (last.Convolution.Outputs, last.SideAfter);
        var maps = own.Inputs(layers.Length);
        for (var c = 0; c < outputs; c++)
        {
            for (var row = Border; row < S + Border; row++)
            {
                var line = maps + ((((row * (S + (2 * Border))) + Border) * stored) + c);
                for (var column = 0; column < S; column++)
                {
                    *result++ = line[column * stored];
                }
            }
        }
    }

    // A block for images of a side.
    private sealed class Layer
    {
        private readonly float[] _scale, _shift;
        private readonly bool _pools, _rectifies;

        internal Layer(DirectBlock block, int inputs, int side)
        {
            Convolution = new DirectConvolution(block.Kernels, null, stride: 1, inputs);
            (_scale, _shift) = (Padded(block.Scale), Padded(block.Shift));
            Grid = Convolution.Over(side + (2 * Border), side + (2 * Border));
            (_pools, _rectifies, Side, SideAfter) = (block.Pools, block.Rectifies, side, block.Pools ? side / 2 : side);
        }

        internal DirectConvolution Convolution { get; }

        internal DirectConvolution.Grid Grid { get; }

        internal int Side { get; }

        internal int SideAfter { get; }

        // [side, side, c] → inside the border of [side', side', c].
        internal void Finish(float* x, float* y)
        {
            var (c, step, line) = (Convolution.Outputs, _pools ? 2 : 1, Side * Convolution.Outputs);
            fixed (float* scale = _scale, shift = _shift)
            {
                for (var row = 0; row < SideAfter; row++)
                {
                    for (var column = 0; column < SideAfter; column++)
                    {
                        float* from = x + (((row * Side) + column) * step * c), to = y + ((((row + Border) * (SideAfter + (2 * Border))) + column + Border) * c);
                        for (var i = 0; i < c; i += Lanes, from += Lanes, to += Lanes)
                        {
                            var value = Vector256.Load(from);
                            if (_pools)
                            {
                                value = Vector256.Max(Vector256.Max(value, Vector256.Load(from + c)), Vector256.Max(Vector256.Load(from + line), Vector256.Load(from + line + c)));
                            }

                            value = _rectifies ? Vector256.Max(value, Vector256<float>.Zero) : value;
                            Vector256.Store((value * Vector256.Load(scale + i)) + Vector256.Load(shift + i), to);
                        }
                    }
                }
            }
        }

        private float[] Padded(Tensor values)
        {
            var padded = new float[Convolution.Outputs];
            DirectConvolution.Floats(values.contiguous()).CopyTo(padded);
            return padded;
        }
    }

    // What one thread computes in: the input of every layer inside its border, which stays 0, and what a convolution gives.
    private sealed class Workspace : IDisposable
    {
        private readonly nint[] _inputs;

        internal Workspace(Layer[] layers)
        {
            _inputs = [.. layers.Select(layer => Zeros(Bordered(layer.Side), layer.Convolution.Inputs)), Zeros(Bordered(layers[^1].SideAfter), layers[^1].Convolution.Outputs)];
            Outputs = (float*)Zeros(layers.Max(layer => layer.Side * layer.Side * layer.Convolution.Outputs), 1);
        }

        internal float* Outputs { get; }

        internal float* Inputs(int layer) => (float*)_inputs[layer];

        public void Dispose()
        {
            foreach (var input in _inputs)
            {
                NativeMemory.Free((void*)input);
            }

            NativeMemory.Free(Outputs);
        }

        private static int Bordered(int side) => (side + (2 * Border)) * (side + (2 * Border));

        private static nint Zeros(int places, int numbers) => (nint)NativeMemory.AllocZeroed((nuint)places * (nuint)numbers, sizeof(float));
    }
}

/// <summary>A convolution 3x3 and what follows it.</summary>
/// <param name="Kernels">[c, c', 3, 3].</param>
/// <param name="Scale">[c]: what comes out of pooling and rectifier is multiplied with it.</param>
/// <param name="Shift">[c]: and this is added.</param>
/// <param name="Pools">Whether squares of 2x2 become their largest.</param>
/// <param name="Rectifies">Whether a rectifier follows.</param>
internal sealed record DirectBlock(Tensor Kernels, Tensor Scale, Tensor Shift, bool Pools, bool Rectifies);
