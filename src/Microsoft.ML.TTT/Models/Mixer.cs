using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Convolution = Microsoft.ML.VisionCore.Torch.Convolution;

namespace Microsoft.ML.TTT.Models;

/// <summary>
/// A token mixer, [B, N, D] → [B, N, D]: the tokens are mixed, and a last map brings them back to the width of the model. What every mixer may have beside: a convolution
/// over the grid (<see cref="LocalMixing"/>), and a gate σ(x W) on what is mixed.
/// </summary>
internal abstract class Mixer : Module<Tensor, Tensor>
{
    private protected Convolution? local;
    private protected Dense? gate;              // D → D'
    private protected Dense output = null!;     // D' → D

    private protected Mixer(string name, MixerShape shape)
        : base(name) => Shape = shape;

    private protected MixerShape Shape { get; }

    public sealed override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var input = Prepare(x);
        var (mixed, values) = MixTokens(input);
        return Finish(input, mixed, values).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The inner loss of each token before the first inner step and after each, [B, N, D] → [T + 1, H, B, N], for heads H that learn in steps, which go down the slope of its mean
    /// over the tokens. Null where the mixer does not learn in steps.
    /// </summary>
    internal Tensor? InnerLoss(Tensor x)
    {
        using var scope = NewDisposeScope();
        return LossOfSteps(Prepare(x))?.MoveToOuterDisposeScope();
    }

    private protected virtual Tensor? LossOfSteps(Tensor x) => null;

    /// <summary>Mixes tokens, [B, N, D] → [B, N, D'], and gives the values that were mixed, [B, N, D'].</summary>
    private protected abstract (Tensor Mixed, Tensor Values) MixTokens(Tensor x);

    /// <summary>Makes what all mixers have; called when the mixer's own start weights have been drawn.</summary>
    /// <param name="random">Draws the start weights.</param>
    /// <param name="mixedWidth">D'; null for D.</param>
    private protected void Complete(Random random, long? mixedWidth = null)
    {
        var width = mixedWidth ?? Shape.Width;
        output = Dense.Xavier(random, width, Shape.Width);
        local = Shape.LocalMixing switch
        {
            LocalMixing.BeforeProjection => Convolution.DepthWise(random, Shape.Width, side: 3),
            LocalMixing.OnValues => Convolution.DepthWise(random, width, side: 5),
            _ => null,
        };
        gate = Shape.OutputGate ? Dense.Xavier(random, Shape.Width, width) : null;
        RegisterComponents();
    }

    private protected Tensor Prepare(Tensor x) => Shape.LocalMixing == LocalMixing.BeforeProjection ? Convolve(x).silu() : x;

    private protected Tensor Finish(Tensor x, Tensor mixed, Tensor values)
    {
        var all = Shape.LocalMixing == LocalMixing.OnValues ? mixed.Add(Convolve(values)) : mixed;
        return output.call(gate is null ? all : all.mul(gate.call(x).sigmoid()));
    }

    private Tensor Convolve(Tensor tokens) => TokenGrid.ToTokens(local!.call(TokenGrid.FromTokens(tokens)));
}
