using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;
using Convolution = Microsoft.ML.VisionCore.Torch.Convolution;

namespace Microsoft.ML.TTT.Models;

/// <summary>
/// One pre-norm block, [B, N, D] → [B, N, D]: position convolution if any, token mixer if any, feed-forward; each added to its input. The last weights of the mixer
/// start at zero: a short training of pretrained tokens need not first undo what chance mixes into them.
/// </summary>
internal sealed class TransformerBlock : Module<Tensor, Tensor>
{
    private readonly Convolution? position;
    private readonly LayerNorm? norm1;
    private readonly Mixer? mixer;
    private readonly LayerNorm norm2;
    private readonly FeedForward mlp;

    /// <summary>Creates the block.</summary>
    /// <param name="width">D.</param>
    /// <param name="hidden">The hidden width of the feed-forward part.</param>
    /// <param name="conditionalPositions">Whether it begins with a depth-wise convolution over the grid.</param>
    /// <param name="mixer">The token mixer, which the block then owns; null for none.</param>
    /// <param name="random">Draws the start weights.</param>
    internal TransformerBlock(long width, long hidden, bool conditionalPositions, Mixer? mixer, Random random)
        : base(nameof(TransformerBlock))
    {
        position = conditionalPositions ? Convolution.DepthWise(random, width, side: 3) : null;
        norm1 = mixer is null ? null : Layers.LayerNorm(width);
        this.mixer = mixer;
        norm2 = Layers.LayerNorm(width);
        mlp = new FeedForward(width, hidden, random);
        RegisterComponents();
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        mixer?.get_parameter("output.weight")!.Fill_(0);
    }

    /// <summary>What the mixer learns from the tokens, [B, N, D] → [T + 1, H, B, N], see <see cref="Mixer.InnerLoss"/>; null where it does not learn in steps.</summary>
    internal Tensor? InnerLoss(Tensor x)
    {
        using var scope = NewDisposeScope();
        return mixer is not null && norm1 is not null ? mixer.InnerLoss(norm1.call(Placed(x)))?.MoveToOuterDisposeScope() : null;
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        x = Placed(x);
        if (mixer is not null && norm1 is not null)
        {
            x = x.Add(mixer.call(norm1.call(x)));
        }

        return x.Add(mlp.call(norm2.call(x))).MoveToOuterDisposeScope();
    }

    private Tensor Placed(Tensor x) => position is null ? x : x.Add(TokenGrid.ToTokens(position.call(TokenGrid.FromTokens(x))));
}

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
