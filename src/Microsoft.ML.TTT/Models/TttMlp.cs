using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.TTT.Models;

/// <summary>
/// MTTT-MLP, [B, N, D] → [B, N, D]: per head an inner MLP of hidden width M that starts from learned weights, trained on the image's
/// tokens and then asked for the test views.
/// </summary>
internal sealed class TttMlp : Module<Tensor, Tensor>
{
    private readonly ReconstructionTask task;
    private readonly Parameter start_weight1, start_bias1;      // [H, K, M], [H, 1, M]
    private readonly Parameter start_weight2, start_bias2;      // [H, M, K], [H, 1, K]
    private readonly Dense output;
    private readonly InnerLearning _inner;

    internal TttMlp(long width, long heads, InnerLearning inner, Random random, bool? gram = null, long? hidden = null)
        : base(nameof(TttMlp))
    {
        long K = width / heads, M = hidden ?? K * inner.Expansion;
        task = new ReconstructionTask(width, heads, inner.HasDecoderNorm(TokenMixer.TttMlp), random, gram);
        start_weight1 = Parameters.Xavier(random, K, M, heads, K, M);
        start_bias1 = Parameters.Zeros(heads, 1, M);
        start_weight2 = Parameters.Xavier(random, M, K, heads, M, K);
        start_bias2 = Parameters.Zeros(heads, 1, K);
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
        return (learner.Learn(new FastWeights(start_weight1, start_bias1, start_weight2, start_bias2), batches), views.Train, views.Test);
    }
}
