using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Models;

/// <summary>Attention and feed-forward, each added to its input.</summary>
internal sealed class EncoderBlock : Module
{
    internal readonly SupportAttention attention;
    private readonly Dense? up, down;
    private readonly LayerNorm? norm1, norm2;
    private readonly NormPlace _norms;

    internal EncoderBlock(EncoderShape shape, Random random)
        : base(nameof(EncoderBlock))
    {
        attention = new SupportAttention(shape, random);
        if (shape.Hidden > 0)
        {
            up = Dense.Xavier(random, shape.Width, shape.Hidden);
            down = Dense.Xavier(random, shape.Hidden, shape.Width);
        }

        _norms = shape.Norms;
        norm1 = _norms == NormPlace.None ? null : Layers.LayerNorm(shape.Width);
        norm2 = _norms == NormPlace.None || up is null ? null : Layers.LayerNorm(shape.Width);
        RegisterComponents();
    }

    /// <summary>[B, T, D] → [B, rows, D]; the other arguments as <see cref="SupportAttention.Mix"/>.</summary>
    internal Tensor Encode(Tensor tokens, Tensor mask, long rows)
    {
        using var scope = NewDisposeScope();
        var mixed = attention.Mix(Before(norm1, tokens), mask, rows);
        var kept = rows < tokens.shape[1] ? tokens.narrow(1, 0, rows) : tokens;
        var x = After(norm1, kept.add(mixed));
        if (up is not null && down is not null)
        {
            x = After(norm2, x.add(down.call(up.call(Before(norm2, x)).relu())));
        }

        return x.MoveToOuterDisposeScope();
    }

    private Tensor Before(LayerNorm? norm, Tensor x) => _norms == NormPlace.Before && norm is not null ? norm.call(x) : x;

    private Tensor After(LayerNorm? norm, Tensor x) => _norms == NormPlace.After && norm is not null ? norm.call(x) : x;
}
