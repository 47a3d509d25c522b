namespace Microsoft.ML.TTT.Models;

/// <summary>From the name of a token mixer to the module, [B, N, D] → [B, N, D].</summary>
internal static class TokenMixers
{
    /// <summary>Creates the mixer; null for <see cref="TokenMixer.None"/>.</summary>
    /// <param name="mixer">Which one.</param>
    /// <param name="shape">What it is made for.</param>
    /// <param name="random">Draws the start weights.</param>
    internal static Mixer? Create(TokenMixer mixer, MixerShape shape, Random random) => mixer switch
    {
        TokenMixer.None => null,
        TokenMixer.SoftmaxAttention => new SoftmaxAttention(shape, random),
        TokenMixer.LinearAttention => new LinearAttention(shape, elu: false, random),
        TokenMixer.LinearAttentionElu => new LinearAttention(shape, elu: true, random),
        TokenMixer.TttLinear => TttMixer.Linear(shape, random),
        TokenMixer.TttMlp => TttMixer.Mlp(shape, random),
        TokenMixer.ViT3 => new TttConvGlu(shape, random),
        TokenMixer.CosFormer => new CosFormer(shape, random),
        TokenMixer.NormAttention => new NormAttention(shape, random),
        TokenMixer.DiagonalAttention => new DiagonalAttention(shape, random),
        TokenMixer.GatedLinearAttention => new GatedLinearAttention(shape, random),
        TokenMixer.LightningAttention => new LightningAttention(shape, random),
        TokenMixer.Mesa => new MesaAttention(shape, random),
        TokenMixer.RalaAttention => new RalaAttention(shape, random),
        TokenMixer.InLineAttention => new InLineAttention(shape, random),
        TokenMixer.GatedDeltaNet => new GatedDeltaNet(shape, random),
        _ => throw new ArgumentOutOfRangeException(nameof(mixer), mixer, "There is no such token mixer.")
    };
}
