using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.TTT.Models;

/// <summary>Softmax self-attention, [B, N, D] → [B, N, D]. The mixer that the others are compared with.</summary>
internal sealed class SoftmaxAttention : Module<Tensor, Tensor>
{
    // Scores [H·B, rows, N] are made for at most this many elements at a time when no gradient is wanted.
    private const long ScoreElements = 1L << 24;

    private readonly Parameter qkv, qkv_bias;       // [3, D, D], [3·D]
    private readonly Dense output;
    private readonly long _heads;

    internal SoftmaxAttention(long width, long heads, Random random)
        : base(nameof(SoftmaxAttention))
    {
        qkv = Parameters.Xavier(random, width, width, 3, width, width);
        qkv_bias = Parameters.Zeros(3 * width);
        output = Dense.Xavier(random, width, width);
        _heads = heads;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (B, N, D) = x.Dims3();
        var heads = Heads.Split(functional.linear(x, qkv.view(3 * D, D), qkv_bias), 3, D, _heads);    // 3 x [H, B, N, K]
        var mixed = Mix(Heads.Group(heads[0], _heads * B), Heads.Group(heads[1], _heads * B), Heads.Group(heads[2], _heads * B));
        return output.call(Heads.Merge(mixed, B, _heads)).MoveToOuterDisposeScope();
    }

    /// <summary>softmax(q kᵀ / sqrt(K)) v for each of G sequences; all arguments and the result are [G, N, K].</summary>
    internal static Tensor Mix(Tensor q, Tensor k, Tensor v)
    {
        var (G, N, K) = q.Dims3();
        var keys = k.transpose(1, 2);
        var queries = q.mul(1 / Math.Sqrt(K));
        long rows = is_grad_enabled() ? N : Math.Clamp(ScoreElements / (G * N), 1, N);
        if (rows == N)
        {
            return queries.bmm(keys).softmax(-1).bmm(v);
        }

        var parts = new List<Tensor>();
        for (long start = 0; start < N; start += rows)
        {
            using var scope = NewDisposeScope();
            var part = queries.narrow(1, start, Math.Min(rows, N - start)).bmm(keys).softmax(-1).bmm(v);
            parts.Add(part.MoveToOuterDisposeScope());
        }

        return cat(parts, 1);
    }
}
