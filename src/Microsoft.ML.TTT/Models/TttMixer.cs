using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Models;

/// <summary>
/// MTTT-Linear and MTTT-MLP, [B, N, D] → [B, N, D]: per head an inner model that is trained on the image's tokens (<see cref="InnerLoop"/>) and
/// then asked for the test views. The inner model is a linear map without bias, or an MLP of hidden width M that starts from learned weights.
/// Linear, from zero and in one step it is linear attention whose values are the tokens seen through the decoder.
/// </summary>
internal sealed class TttMixer : Mixer
{
    private readonly ReconstructionTask task;
    private readonly Parameter? start;                          // linear: W0 [H, K, K]; null is zero
    private readonly Parameter? start_weight1, start_bias1;     // MLP: [H, K, M], [H, 1, M]
    private readonly Parameter? start_weight2, start_bias2;     // MLP: [H, M, K], [H, 1, K]
    private readonly InnerLearning _inner;

    private TttMixer(TokenMixer mixer, MixerShape shape, Random random, bool? gram, long? hidden)
        : base(nameof(TttMixer), shape)
    {
        var (inner, heads) = (shape.Inner, shape.Heads);
        long K = shape.HeadWidth, M = hidden ?? K * inner.Expansion;
        bool learned = inner.HasLearnedStart(mixer);
        // A step from zero needs the target alone, which the Gram form has at hand.
        task = new ReconstructionTask(shape.Width, heads, inner.HasDecoderNorm(mixer), random, learned ? gram : gram ?? true);
        if (mixer == TokenMixer.TttMlp)
        {
            start_weight1 = Parameters.Xavier(random, K, M, heads, K, M);
            start_bias1 = Parameters.Zeros(heads, 1, M);
            start_weight2 = Parameters.Xavier(random, M, K, heads, M, K);
            start_bias2 = Parameters.Zeros(heads, 1, K);
        }
        else if (learned)
        {
            start = Parameters.Xavier(random, K, K, heads, K, K);
        }

        _inner = inner;
        Complete(random);
    }

    /// <summary>MTTT-Linear.</summary>
    /// <param name="shape">What it is made for.</param>
    /// <param name="random">Draws the start weights.</param>
    /// <param name="gram">Forces a form of the decoder's gradient, see <see cref="ReconstructionTask"/>.</param>
    internal static TttMixer Linear(MixerShape shape, Random random, bool? gram = null) =>
        new(TokenMixer.TttLinear, shape, random, gram, hidden: null);

    /// <summary>MTTT-MLP.</summary>
    /// <param name="shape">What it is made for.</param>
    /// <param name="random">Draws the start weights.</param>
    /// <param name="gram">Forces a form of the decoder's gradient, see <see cref="ReconstructionTask"/>.</param>
    /// <param name="hidden">M; null for what the shape says.</param>
    internal static TttMixer Mlp(MixerShape shape, Random random, bool? gram = null, long? hidden = null) =>
        new(TokenMixer.TttMlp, shape, random, gram, hidden);

    /// <summary>The mixer with the tokens of each inner step given; null stands for all.</summary>
    internal Tensor Mix(Tensor x, long[]?[] batches)
    {
        using var scope = NewDisposeScope();
        var input = Prepare(x);
        return Finish(input, MixBatches(input, batches), input).MoveToOuterDisposeScope();
    }

    // Without values of its own, it has those that it rebuilds: the tokens.
    private protected override (Tensor Mixed, Tensor Values) MixTokens(Tensor x) => (MixBatches(x, InnerLoop.Batches(x.size(1), _inner)), x);

    private protected override Tensor LossOfSteps(Tensor x)
    {
        var views = task.Views(x);
        return stack(InnerLoop.Path(views, Start(), InnerLoop.Batches(x.size(1), _inner), _inner)
            .Select(weights => task.Loss(x, weights?.Apply(views.Train) ?? zeros_like(views.Train))));
    }

    private Tensor MixBatches(Tensor x, long[]?[] batches)
    {
        var (weights, views) = Learn(x, batches);
        return Heads.Merge(weights.Apply(views.Test), x.size(0), task.Decoder.Heads);
    }

    /// <summary>The inner weights that the tokens [B, N, D] leave behind, and what they learned from.</summary>
    internal (FastWeights Weights, ReconstructionViews Views) Learn(Tensor x, long[]?[] batches)
    {
        var views = task.Views(x);
        return (InnerLoop.Learn(views, Start(), batches, _inner), views);
    }

    private FastWeights? Start() => start_weight1 is not null ? new FastWeights(start_weight1, start_bias1, start_weight2, start_bias2)
        : start is not null ? new FastWeights(start)
        : null;
}
