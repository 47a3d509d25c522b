using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Models;

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
        var scores = queries.mul(1 / Math.Sqrt(queries.shape[3])).matmul(keys).add(mask);
        var mixed = scores.softmax(-1).matmul(Split(value.call(tokens)));                           // [B, H, rows, K]
        return output.call(mixed.transpose(1, 2).reshape(B, rows, -1));
    }

    private Tensor Split(Tensor x) => x.view(x.shape[0], x.shape[1], _heads, -1).transpose(1, 2);
}
