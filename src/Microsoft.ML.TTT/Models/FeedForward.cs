using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.TTT.Models;

/// <summary>The two-layer perceptron of a block, applied to each token by itself, [B, N, D] → [B, N, D].</summary>
internal sealed class FeedForward : Module<Tensor, Tensor>
{
    private readonly Dense up, down;

    internal FeedForward(long width, long hidden, Random random)
        : base(nameof(FeedForward))
    {
        up = Dense.Xavier(random, width, hidden);
        down = Dense.Xavier(random, hidden, width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return down.call(functional.gelu(up.call(x))).MoveToOuterDisposeScope();
    }
}
