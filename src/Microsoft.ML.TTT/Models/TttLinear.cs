using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.TTT.Models;

/// <summary>
/// MTTT-Linear, [B, N, D] → [B, N, D]: per head a linear inner model without bias, trained on the image's tokens and then asked
/// for the test views. From zero and in one step it is linear attention whose values are the tokens seen through the decoder.
/// </summary>
internal sealed class TttLinear : Module<Tensor, Tensor>
{
    private readonly ReconstructionTask task;
    private readonly Parameter? start;          // W0 [H, K, K]; null is zero
    private readonly Dense output;
    private readonly InnerLearning _inner;

    internal TttLinear(long width, long heads, InnerLearning inner, Random random, bool? gram = null)
        : base(nameof(TttLinear))
    {
        long K = width / heads;
        bool learned = inner.HasLearnedStart(TokenMixer.TttLinear);
        // A step from zero needs the target alone, which the Gram form has at hand.
        task = new ReconstructionTask(width, heads, inner.HasDecoderNorm(TokenMixer.TttLinear), random, learned ? gram : gram ?? true);
        start = learned ? Parameters.Xavier(random, K, K, heads, K, K) : null;
        output = Dense.Xavier(random, width, width);
        _inner = inner;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => Mix(x, InnerBatches.For(x.shape[1], _inner));

    /// <summary>The mixer with the tokens of each inner step given; null stands for all.</summary>
    internal Tensor Mix(Tensor x, long[]?[] batches)
    {
        using var scope = NewDisposeScope();
        var (weights, _, test) = Learn(x, batches);
        return output.call(Heads.Merge(weights.Apply(test), x.shape[0], task.Decoder.Heads)).MoveToOuterDisposeScope();
    }

    /// <summary>The inner weights that the tokens [B, N, D] leave behind, and both views of the tokens [H, B, N, K].</summary>
    internal (FastWeights Weights, Tensor Train, Tensor Test) Learn(Tensor x, long[]?[] batches)
    {
        var views = task.Views(x);
        var learner = new InnerLearner(views.Train, views.Gradient, views.Target, _inner);
        return (learner.Learn(start is null ? null : new FastWeights(start), batches), views.Train, views.Test);
    }
}
