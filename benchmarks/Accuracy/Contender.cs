using Microsoft.ML.TTT;
using Microsoft.ML.TTT.Models;

namespace MLExtensions.Accuracy;

/// <summary>One row of a study: a token mixer, how its inner model learns, and where in the model it stands.</summary>
/// <param name="Name">The row's name on the command line and in the table.</param>
/// <param name="Mixer">The token mixer.</param>
/// <param name="Inner">How a test-time-training mixer learns.</param>
/// <param name="Depth">The number of blocks; null is the study's own.</param>
/// <param name="Blocks">The blocks that have the mixer, counted from 0; null is the study's own choice, and an empty list all.</param>
/// <param name="PatchSize">Pixels between two tokens; null is the study's own.</param>
/// <param name="Side">The side in pixels that images are brought to; null is the study's own.</param>
/// <param name="Pooling">How the tokens become one vector.</param>
internal sealed record Contender(
    string Name, TokenMixer Mixer, InnerLearning Inner, int? Depth = null, IReadOnlyList<int>? Blocks = null, int? PatchSize = null, int? Side = null,
    TokenPooling Pooling = TokenPooling.Mean)
{
    /// <summary>Every mixer, the control without one first.</summary>
    internal static IReadOnlyList<Contender> All { get; } =
    [
        Of("none", TokenMixer.None),
        Of("softmax", TokenMixer.SoftmaxAttention),
        Of("linear", TokenMixer.LinearAttention),
        Of("linear-elu", TokenMixer.LinearAttentionElu),
        Of("ttt-linear", TokenMixer.TttLinear),
        Of("ttt-mlp", TokenMixer.TttMlp),
        Of("ttt-mlp-sgd4", TokenMixer.TttMlp, new InnerLearning { Steps = 4, MiniBatches = true }),
        Of("ttt-mlp-last-layer", TokenMixer.TttMlp, new InnerLearning { LastLayerOnly = true }),
        Of("vit3", TokenMixer.ViT3)
    ];

    /// <summary>One whose inner model learns as is usual.</summary>
    internal static Contender Of(string name, TokenMixer mixer, InnerLearning? inner = null) => new(name, mixer, inner ?? new InnerLearning());
}
