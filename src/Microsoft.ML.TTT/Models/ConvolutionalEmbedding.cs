using System.Numerics;
using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Convolution = Microsoft.ML.VisionCore.Torch.Convolution;

namespace Microsoft.ML.TTT.Models;

/// <summary>
/// Images [B, C, S, S] → tokens [B, (S / P)², D] by 3x3 convolutions, each followed by batch normalisation and, except the last, GELU.
/// Strides for P = 4 are 2, 1, 2: one convolution at full stride 1 after the first, then halvings until P is reached.
/// </summary>
internal sealed class ConvolutionalEmbedding : Module<Tensor, Tensor>
{
    private readonly ModuleList<Convolution> convolutions;
    private readonly ModuleList<BatchNormalization> norms;

    internal ConvolutionalEmbedding(long channels, long width, int patch, Random random)
        : base(nameof(ConvolutionalEmbedding))
    {
        var strides = Strides(patch);
        convolutions = new ModuleList<Convolution>();
        norms = new ModuleList<BatchNormalization>();
        long inputs = channels;
        for (int i = 0; i < strides.Count; i++)
        {
            // A third and two thirds of the width, in multiples of 8, and the whole at the end.
            long outputs = i == strides.Count - 1 ? width : Math.Max(8, width * Math.Min(i + 1, 2) / 3 / 8 * 8);
            var kind = i == 0 ? ParameterKind.Kernel : ParameterKind.Matrix;
            convolutions.Add(Convolution.Of3x3(random, inputs, outputs, strides[i], kind));
            norms.Add(new BatchNormalization(outputs));
            inputs = outputs;
        }

        RegisterComponents();
    }

    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        var x = TokenGrid.ChannelsLast(images);
        for (int i = 0; i < convolutions.Count; i++)
        {
            x = norms[i].call(convolutions[i].call(x));
            if (i < convolutions.Count - 1)
            {
                x = functional.gelu(x);
            }
        }

        return TokenGrid.ToTokens(x).MoveToOuterDisposeScope();
    }

    private static List<int> Strides(int patch)
    {
        int halvings = BitOperations.Log2((uint)patch);
        var strides = new List<int> { halvings > 0 ? 2 : 1, 1 };
        strides.AddRange(Enumerable.Repeat(2, Math.Max(0, halvings - 1)));
        return strides.Count < 3 ? [.. strides, 1] : strides;
    }
}
