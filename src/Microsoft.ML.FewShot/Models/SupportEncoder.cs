using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Models;

/// <summary>The transformer that reads a support set: placeholder tokens first, then the samples' tokens; only the placeholders come out.</summary>
internal sealed class SupportEncoder : Module
{
    // Far below any score and, in float32, still exact when a score is added: exp underflows to 0.
    private const double Absent = -1e9;

    private readonly ModuleList<EncoderBlock> blocks;
    private readonly LayerNorm? norm;

    internal SupportEncoder(EncoderShape shape, Random random)
        : base(nameof(SupportEncoder))
    {
        blocks = new ModuleList<EncoderBlock>();
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            blocks.Add(new EncoderBlock(shape, random));
        }

        norm = shape.Norms == NormPlace.Before ? Layers.LayerNorm(shape.Width) : null;
        RegisterComponents();
    }

    internal IReadOnlyList<EncoderBlock> Blocks => [.. blocks];

    /// <summary>Encodes a support set.</summary>
    /// <param name="tokens">[B, T, D], the placeholders in front.</param>
    /// <param name="presence">1 where a token is there, 0 where it is absent, [B, T].</param>
    /// <param name="placeholders">How many leading tokens are placeholders.</param>
    /// <returns>[B, placeholders, D].</returns>
    internal Tensor Encode(Tensor tokens, Tensor presence, long placeholders)
    {
        using var scope = NewDisposeScope();
        var mask = presence.sub(1).mul(-Absent).unsqueeze(1).unsqueeze(1);      // [B, 1, 1, T]
        var x = tokens;
        for (int layer = 0; layer < blocks.Count; layer++)
        {
            x = blocks[layer].Encode(x, mask, layer < blocks.Count - 1 ? tokens.shape[1] : placeholders);
        }

        return (norm is null ? x : norm.call(x)).MoveToOuterDisposeScope();
    }
}
