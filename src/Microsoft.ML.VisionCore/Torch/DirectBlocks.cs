using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>
/// The convolutions of a target network, each with its pooling, rectifier and normalisation, of one image after another, on a processor and without gradients: what comes out for
/// an image is the same to the last bit whatever the batch.
/// </summary>
internal sealed unsafe class DirectBlocks
{
    private const int Border = 1, Lanes = VectorSums.Lanes;

    private readonly Layer[] _layers;
    private readonly int _channels, _side, _outputs;

    /// <param name="blocks">In order. What their tensors hold later is not seen.</param>
    /// <param name="channels">C.</param>
    /// <param name="side">S.</param>
    internal DirectBlocks(IReadOnlyList<DirectBlock> blocks, int channels, int side)
    {
        using var scope = NewDisposeScope();
        (_channels, _side, _outputs) = (channels, side, (int)blocks[^1].Kernels.size(0));
        _layers = new Layer[blocks.Count];
        for (var i = 0; i < _layers.Length; i++)
        {
            _layers[i] = new Layer(blocks[i], channels, side);
            (channels, side) = (_layers[i].Convolution.Outputs, _layers[i].SideAfter);
        }
    }

    /// <summary>Runs the blocks.</summary>
    /// <param name="images">[M, C, S, S].</param>
    /// <returns>[M, c, S', S'].</returns>
    /// <exception cref="ArgumentException">The images are of another shape.</exception>
    internal Tensor Run(Tensor images)
    {
        using var scope = NewDisposeScope();
        var (M, C, height, width) = images.Dims4("images");
        if (C != _channels || height != _side || width != _side)
        {
            throw new ArgumentException($"Images must have {_channels} channels and {_side} x {_side} places; these have {C} and {width} x {height}.", nameof(images));
        }

        if (M > 1 && images.numel() > DirectConvolution.MostNumbers)
        {
            return cat([.. images.split((M + 1) / 2).Select(Run)]).MoveToOuterDisposeScope();
        }

        var S = _layers[^1].SideAfter;
        var plain = images.contiguous();
        var y = empty([M, _outputs, S, S], float32);
        fixed (float* from = DirectConvolution.Floats(plain), to = DirectConvolution.Floats(y))
        {
            var (x, result) = ((nint)from, (nint)to);
            var (imageLength, mapLength) = (_channels * _side * _side, _outputs * S * S);
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() };
            Parallel.For(0, (int)M, parallel, () => new Workspace(_layers), (image, _, own) =>
            {
                One((float*)x + (image * (long)imageLength), own, (float*)result + (image * (long)mapLength));
                return own;
            }, own => own.Dispose());
        }

        return y.MoveToOuterDisposeScope();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void One(float* image, Workspace own, float* result)
    {
        var bordered = own.Inputs(0);
        for (var c = 0; c < _channels; c++)
        {
            for (var row = Border; row < _side + Border; row++)
            {
                var line = bordered + ((((row * (_side + (2 * Border))) + Border) * _channels) + c);
                for (var column = 0; column < _side; column++)
                {
                    line[column * _channels] = *image++;
                }
            }
        }

        for (var i = 0; i < _layers.Length; i++)
        {
            var layer = _layers[i];
            layer.Convolution.Run(own.Inputs(i), layer.Grid, own.Outputs);
            layer.Finish(own.Outputs, own.Inputs(i + 1));
        }

        var last = _layers[^1];
        var (stored, S) = (last.Convolution.Outputs, last.SideAfter);
        var maps = own.Inputs(_layers.Length);
        for (var c = 0; c < _outputs; c++)
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
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
