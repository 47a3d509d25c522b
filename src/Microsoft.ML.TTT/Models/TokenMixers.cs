using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.TTT.Models;

/// <summary>From the name of a token mixer to the module, [B, N, D] → [B, N, D].</summary>
internal static class TokenMixers
{
    /// <summary>Creates the mixer; null for <see cref="TokenMixer.None"/>.</summary>
    /// <param name="mixer">Which one.</param>
    /// <param name="width">D.</param>
    /// <param name="heads">H; divides D.</param>
    /// <param name="inner">How a test-time-training mixer learns; already validated.</param>
    /// <param name="random">Draws the start weights.</param>
    internal static Module<Tensor, Tensor>? Create(TokenMixer mixer, long width, long heads, InnerLearning inner, Random random) => mixer switch
    {
        TokenMixer.None => null,
        TokenMixer.SoftmaxAttention => new SoftmaxAttention(width, heads, random),
        TokenMixer.LinearAttention => new LinearAttention(width, heads, elu: false, random),
        TokenMixer.LinearAttentionElu => new LinearAttention(width, heads, elu: true, random),
        TokenMixer.TttLinear => TttMixer.Linear(width, heads, inner, random),
        TokenMixer.TttMlp => TttMixer.Mlp(width, heads, inner, random),
        TokenMixer.ViT3 => new TttConvGlu(width, heads, inner, random),
        _ => throw new ArgumentOutOfRangeException(nameof(mixer), mixer, "There is no such token mixer.")
    };
}
