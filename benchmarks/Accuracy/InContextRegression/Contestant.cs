using Microsoft.ML.TTT;
using Microsoft.ML.TTT.Models;

namespace MLExtensions.Accuracy.InContextRegression;

/// <summary>One row of the table.</summary>
internal sealed record Contestant(string Name, TokenMixer Mixer, int Depth, InnerLearning Inner)
{
    /// <summary>Every mixer at depth 1; then linear attention three layers deep, which costs about as much as one MTTT-MLP layer.</summary>
    internal static IReadOnlyList<Contestant> All { get; } =
    [
        new("no mixer", TokenMixer.None, 1, new()),
        new("linear attention", TokenMixer.LinearAttention, 1, new()),
        new("linear attention, elu + 1", TokenMixer.LinearAttentionElu, 1, new()),
        new("MTTT-Linear", TokenMixer.TttLinear, 1, new()),
        new("MTTT-Linear, learned start, decoder norm", TokenMixer.TttLinear, 1, new() { LearnedStart = true, DecoderNorm = true }),
        new("MTTT-MLP", TokenMixer.TttMlp, 1, new()),
        new("MTTT-MLP, last layer only", TokenMixer.TttMlp, 1, new() { LastLayerOnly = true }),
        new("MTTT-MLP, 4 mini-batches", TokenMixer.TttMlp, 1, new() { Steps = 4, MiniBatches = true }),
        new("ViT³", TokenMixer.ViT3, 1, new()),
        new("softmax attention", TokenMixer.SoftmaxAttention, 1, new()),
        new("MTTT-Linear, compute-matched to MTTT-MLP", TokenMixer.TttLinear, 3, new()),
    ];
}
