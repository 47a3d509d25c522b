using System.Numerics;
using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Convolution = Microsoft.ML.VisionCore.Torch.Convolution;

namespace Microsoft.ML.TTT.Models;

/// <summary>
/// Images [B, C, S, S] → tokens [B, (S / P)², D] by 3x3 convolutions of D/4, D/2, D, D, ... channels, each followed by batch normalisation and,
/// except the last, GELU. The side is halved log2(P) times: by 2x2 maximum after every convolution but the first, and where that does not
/// suffice (P of 8 and up) by a first convolution of stride 2. So P = 4 sees the image at full resolution in its first two convolutions.
/// </summary>
internal sealed class ConvolutionalEmbedding : Module<Tensor, Tensor>
{
    private const int ConvolutionsAtLeast = 3;

    private readonly ModuleList<Convolution> convolutions;
    private readonly ModuleList<BatchNormalization> norms;
    private readonly int _pools;

    internal ConvolutionalEmbedding(long channels, long width, int patch, Random random)
        : base(nameof(ConvolutionalEmbedding))
    {
        (int count, _pools, bool strided) = Plan(patch);
        convolutions = new ModuleList<Convolution>();
        norms = new ModuleList<BatchNormalization>();
        long inputs = channels;
        for (int i = 0; i < count; i++)
        {
            // A quarter and a half of the width, in multiples of 8, then the whole.
            long outputs = i < 2 ? Math.Max(8, (width >> (2 - i)) / 8 * 8) : width;
            convolutions.Add(Convolution.Of3x3(random, inputs, outputs, i == 0 && strided ? 2 : 1));
            norms.Add(new BatchNormalization(outputs));
            inputs = outputs;
        }

        RegisterComponents();
    }

    /// <summary>The number of convolutions for a patch, how many of the last are followed by a pooling, and whether the first has stride 2.</summary>
    internal static (int Convolutions, int Pools, bool IsStrided) Plan(int patch)
    {
        int halvings = BitOperations.Log2((uint)patch);
        bool isStrided = halvings >= ConvolutionsAtLeast;
        int pools = isStrided ? halvings - 1 : halvings;
        return (Math.Max(ConvolutionsAtLeast, pools + 1), pools, isStrided);
    }

    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        var x = TokenGrid.ChannelsLast(images);
        for (int i = 0; i < convolutions.Count; i++)
        {
            x = convolutions[i].call(x);
            if (i >= convolutions.Count - _pools)
            {
                x = functional.max_pool2d(x, 2);
            }

            x = norms[i].call(x);
            if (i < convolutions.Count - 1)
            {
                x = functional.gelu(x);
            }
        }

        return TokenGrid.ToTokens(x).MoveToOuterDisposeScope();
    }
}
