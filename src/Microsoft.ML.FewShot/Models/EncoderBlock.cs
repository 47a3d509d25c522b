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
        var kept = rows < tokens.size(1) ? tokens.narrow(1, 0, rows) : tokens;
        var x = After(norm1, kept.Add(mixed));
        if (up is not null && down is not null)
        {
            x = After(norm2, x.Add(down.call(up.call(Before(norm2, x)).relu())));
        }

        return x.MoveToOuterDisposeScope();
    }

    private Tensor Before(LayerNorm? norm, Tensor x) => _norms == NormPlace.Before && norm is not null ? norm.call(x) : x;

    private Tensor After(LayerNorm? norm, Tensor x) => _norms == NormPlace.After && norm is not null ? norm.call(x) : x;
}

/// <summary>Softmax attention among the tokens of a support set, without positions: their order means nothing.</summary>
internal sealed class SupportAttention : Module
{
    internal readonly Dense query, key, value, output;
    private readonly long _heads;

    internal SupportAttention(EncoderShape shape, Random random)
        : base(nameof(SupportAttention))
    {
        query = Dense.Xavier(random, shape.Width, shape.Inner);
        key = Dense.Xavier(random, shape.Width, shape.Inner);
        value = Dense.Xavier(random, shape.Width, shape.Inner);
        output = Dense.Xavier(random, shape.Inner, shape.Width);
        _heads = shape.Heads;
        RegisterComponents();
    }

    /// <summary>Mixes the tokens.</summary>
    /// <param name="tokens">[B, T, D].</param>
    /// <param name="mask">Added to the scores of a key, [B, 1, 1, T]: 0, or very negative for a token that is absent.</param>
    /// <param name="rows">How many leading tokens are wanted.</param>
    /// <returns>[B, rows, D].</returns>
    internal Tensor Mix(Tensor tokens, Tensor mask, long rows)
    {
        var (B, T, _) = tokens.Dims3();
        var queries = Split(query.call(rows < T ? tokens.narrow(1, 0, rows) : tokens));             // [B, H, rows, K]
        var keys = Split(key.call(tokens)).transpose(2, 3);                                         // [B, H, K, T]
        var scores = queries.Mul(1 / Math.Sqrt(queries.size(3))).matmul(keys).Add(mask);
        var mixed = scores.softmax(-1).matmul(Split(value.call(tokens)));                           // [B, H, rows, K]
        return output.call(mixed.transpose(1, 2).reshape(B, rows, -1));
    }

    private Tensor Split(Tensor x) => x.view(x.size(0), x.size(1), _heads, -1).transpose(1, 2);
}
