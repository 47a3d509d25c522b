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
        var mask = presence.Sub(1).Mul(-Absent).unsqueeze(1).unsqueeze(1);      // [B, 1, 1, T]
        var x = tokens;
        for (int layer = 0; layer < blocks.Count; layer++)
        {
            x = blocks[layer].Encode(x, mask, layer < blocks.Count - 1 ? tokens.size(1) : placeholders);
        }

        return (norm is null ? x : norm.call(x)).MoveToOuterDisposeScope();
    }
}

/// <summary>The sizes of a <see cref="SupportEncoder"/>.</summary>
/// <param name="Width">The token width D.</param>
/// <param name="Inner">The width of queries, keys and values of all heads together; a multiple of <paramref name="Heads"/>.</param>
/// <param name="Hidden">The hidden width of the feed-forward part; 0 for none.</param>
/// <param name="Heads">The heads H.</param>
/// <param name="Layers">The blocks.</param>
/// <param name="Norms">Where the blocks normalise.</param>
internal sealed record EncoderShape(long Width, long Inner, long Hidden, long Heads, int Layers, NormPlace Norms);

/// <summary>Where an encoder block normalises.</summary>
internal enum NormPlace
{
    /// <summary>Before attention and feed-forward, and once after the last block.</summary>
    Before,

    /// <summary>After each sum with its input, as in the paper.</summary>
    After,

    /// <summary>Nowhere: what the constructions of the theory need.</summary>
    None
}
