using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Tests.Models.Reference;

/// <summary>The mixers as their papers define them: a weight for each pair of tokens, or a state that goes from token to token; all tensors are [G, N, ...], float64.</summary>
internal static class MixerDefinitions
{
    /// <summary>Rows of relu(q)·relu(k) Π cos(π/2 (i - j) / M), normalised.</summary>
    public static Tensor CosFormer(Tensor q, Tensor k, Tensor v, params int[] sides)
    {
        var falling = Pairs((int)q.shape[1], (i, j) =>
        {
            var (product, stride) = (1.0, 1);
            foreach (var side in sides.Reverse())
            {
                product *= Math.Cos(Math.PI / 2 * ((i / stride % side) - (j / stride % side)) / side);
                stride *= side;
            }

            return product;
        });
        var weights = q.relu().bmm(k.relu().transpose(1, 2)).mul(falling);
        return weights.div(weights.sum(2, true).ClampMin(1e-6)).bmm(v);
    }

    /// <summary>q·k less its mean over the keys, and 1/N.</summary>
    public static Tensor InLine(Tensor q, Tensor k, Tensor v, double scale)
    {
        var products = q.bmm(k.transpose(1, 2)).Mul(scale);
        return products.sub(products.mean([2], true)).Add(1.0 / q.shape[1]).bmm(v);
    }

    /// <summary>f(q)·f(k) times the key's share, each row by the sum of its own.</summary>
    public static Tensor Rala(Tensor q, Tensor k, Tensor v)
    {
        var (queries, keys, N) = (Feature(q), Feature(k), q.shape[1]);
        var share = keys.mul(queries.sum(1, true).Div(N)).sum(2).Div(Math.Sqrt(q.shape[2])).softmax(1).Mul(N);      // [G, N]
        var weights = queries.bmm(keys.transpose(1, 2)).mul(share.unsqueeze(1)).Div(N);
        return weights.bmm(v).div(weights.sum(2, true).Add(1e-6));
    }

    /// <summary>f(q)·f(k) / N.</summary>
    public static Tensor Norm(Tensor q, Tensor k, Tensor v) => Feature(q).bmm(Feature(k).transpose(1, 2)).Div(q.shape[1]).bmm(v);

    /// <summary>Softmax attention among all, where only pairs of one window count.</summary>
    public static Tensor Diagonal(Tensor q, Tensor k, Tensor v, int side, int window)
    {
        var apart = Pairs(side * side, (i, j) => i / side / window == j / side / window && i % side / window == j % side / window ? 0 : 1).to(ScalarType.Bool);
        return q.bmm(k.transpose(1, 2)).Div(Math.Sqrt(q.shape[2])).MaskedFill(apart, double.NegativeInfinity).softmax(2).bmm(v);
    }

    /// <summary>λ to the power of the steps along both axes; G = H · B heads, the heads first.</summary>
    public static Tensor Lightning(Tensor q, Tensor k, Tensor v, double[] slopes, int side)
    {
        var decays = slopes.Select(slope => Pairs(side * side, (i, j) => Math.Exp(-slope * (Math.Abs((i / side) - (j / side)) + Math.Abs((i % side) - (j % side))))));
        return q.bmm(k.transpose(1, 2)).mul(stack([.. decays]).repeat_interleave(q.shape[0] / slopes.Length, 0)).bmm(v);
    }

    /// <summary>The ridge regression in its dual form, with a matrix of N x N: q Λ⁻¹ kᵀ (k Λ⁻¹ kᵀ + diag(1/β))⁻¹ v.</summary>
    public static Tensor Mesa(Tensor q, Tensor k, Tensor v, Tensor strengths, Tensor ridges)
    {
        var scaled = k.div(ridges);
        var gram = scaled.bmm(k.transpose(1, 2)).Add(strengths.squeeze(2).reciprocal().diag_embed());
        return q.bmm(scaled.transpose(1, 2)).bmm(linalg.solve(gram, v));
    }

    /// <summary>Σ_j c_ij (Σ_d q_id k_jd D_ijd) v_j / sqrt(K'), D multiplied gate by gate.</summary>
    public static Tensor GatedLinear(Tensor q, Tensor k, Tensor v, Tensor forwards, Tensor backwards)
    {
        var N = (int)q.shape[1];
        var y = new List<Tensor>();
        for (var i = 0; i < N; i++)
        {
            var row = Term(i, i, ones_like(q.select(1, 0)));
            var (before, after) = (ones_like(q.select(1, 0)), ones_like(q.select(1, 0)));
            for (var j = i - 1; j >= 0; j--)
            {
                before = before.mul(forwards.select(1, j + 1).exp());
                row = row.Add(Term(i, j, before).Mul(0.5));
            }

            for (var j = i + 1; j < N; j++)
            {
                after = after.mul(backwards.select(1, j - 1).exp());
                row = row.Add(Term(i, j, after).Mul(0.5));
            }

            y.Add(row);
        }

        return stack([.. y], 1).Div(Math.Sqrt(q.shape[2]));

        Tensor Term(int i, int j, Tensor product) => q.select(1, i).mul(k.select(1, j)).mul(product).sum(1).unsqueeze(1).mul(v.select(1, j));
    }

    /// <summary>S ← exp(g) S, S ← S + β k (v - Sᵀ k)ᵀ, y = Sᵀ q, token by token; half of each direction.</summary>
    public static Tensor GatedDelta(Tensor q, Tensor k, Tensor v, (Tensor Strength, Tensor Decay) forwards, (Tensor Strength, Tensor Decay) backwards)
    {
        var order = Enumerable.Range(0, (int)q.shape[1]).ToArray();
        return Run(order, forwards).Add(Run([.. order.Reverse()], backwards)).Mul(0.5);

        Tensor Run(int[] tokens, (Tensor Strength, Tensor Decay) gates)
        {
            var state = zeros([q.shape[0], k.shape[2], v.shape[2]], q.dtype);
            var y = new Tensor[tokens.Length];
            foreach (var token in tokens)
            {
                state = state.mul(gates.Decay.select(1, token).exp().view(-1, 1, 1));
                var key = k.select(1, token).unsqueeze(2);                                                          // [G, K, 1]
                var wrong = v.select(1, token).unsqueeze(1).sub(key.transpose(1, 2).bmm(state));                    // [G, 1, K]
                state = state.Add(key.bmm(wrong).mul(gates.Strength.select(1, token).view(-1, 1, 1)));
                y[token] = q.select(1, token).unsqueeze(1).bmm(state).squeeze(1);
            }

            return stack(y, 1);
        }
    }

    // elu + 1.
    private static Tensor Feature(Tensor x) => where(x.Gt(0), x.Add(1), x.exp());

    private static Tensor Pairs(int tokens, Func<int, int, double> weight) =>
        tensor([.. Enumerable.Range(0, tokens).SelectMany(i => Enumerable.Range(0, tokens).Select(j => weight(i, j)))], [tokens, tokens]);
}
