using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Models;

/// <summary>
/// y_i = Σ_j λ^|i - j| (q_i·k_j) v_j over a grid of tokens, |i - j| the steps along both axes, in a time that grows with the tokens. Since tokens see one another alike, the gradient by each of the three
/// is such a sum again, and no state of the way there is kept.
/// </summary>
internal sealed class FadingSums : GuardedFunction<FadingSums>
{
    private const string Slopes = "slopes", Block = "block";

    private const long Columns = 32;

    /// <summary>The sums; all tensors are [H, B, N, K].</summary>
    /// <param name="q">Queries.</param>
    /// <param name="k">Keys.</param>
    /// <param name="v">Values.</param>
    /// <param name="slopes">-ln λ of every head.</param>
    /// <param name="block">Columns that are added up by one product of matrices; from block to block goes what comes from all before.</param>
    internal static Tensor Call(Tensor q, Tensor k, Tensor v, double[] slopes, long block = Columns) => apply(q, k, v, slopes, block);

    protected override Tensor Result(autograd.AutogradContext context, object[] inputs)
    {
        var (q, k, v, slopes, block) = ((Tensor)inputs[0], (Tensor)inputs[1], (Tensor)inputs[2], (double[])inputs[3], (long)inputs[4]);
        context.save_data(Slopes, slopes);
        context.save_data(Block, block);
        context.save_for_backward([q, k, v]);
        return Sum(q, k, v, slopes, block);
    }

    protected override List<Tensor> Gradients(autograd.AutogradContext context, Tensor gradient)
    {
        using var none = no_grad();
        var (slopes, block) = ((double[])context.get_data(Slopes), (long)context.get_data(Block));
        var saved = context.get_saved_variables();
        var (q, k, v) = (saved[0], saved[1], saved[2]);
        return [Sum(gradient, v, k, slopes, block), Sum(v, gradient, q, slopes, block), Sum(k, q, gradient, slopes, block), null!, null!];
    }

    // Down the rows and up again, with a state of K x K numbers for each column.
    private static Tensor Sum(Tensor q, Tensor k, Tensor v, double[] slopes, long block)
    {
        using var scope = NewDisposeScope();
        var (H, B, N, K) = q.Dims4("queries");
        var S = Shapes.GridSide(N);
        var columns = (S + block - 1) / block * block;
        var slope = tensor(slopes, q.dtype, q.device).view(-1, 1, 1, 1, 1);                                         // [H, 1, 1, 1, 1]
        var fading = slope.neg().exp();
        var row = new FadingRow(slope, block);
        var (queries, keys, values) = (Rows(q), Rows(k), Rows(v));
        // Whole from the start: small tensors that stay, between large ones that go, would leave the heap full of holes.
        var y = zeros([H, B, S, columns, K], q.dtype, q.device);
        var state = zeros([H, B, columns, K, K], q.dtype, q.device);
        for (var at = 0; at < S; at++)
        {
            using var each = NewDisposeScope();
            state.mul_(fading).AddProduct_(keys[at].unsqueeze(4), values[at].unsqueeze(3));
            Ask(at);
        }

        state.zero_();
        for (var at = (int)S - 2; at >= 0; at--)
        {
            using var each = NewDisposeScope();
            state.AddProduct_(keys[at + 1].unsqueeze(4), values[at + 1].unsqueeze(3)).mul_(fading);
            Ask(at);
        }

        return y.narrow(3, 0, S).reshape(H, B, N, K).MoveToOuterDisposeScope();

        void Ask(int at) => y.select(2, at).Add_(queries[at].unsqueeze(3).matmul(row.Of(state)).squeeze(3));

        // S x [H, B, columns, K].
        Tensor[] Rows(Tensor x) => nn.functional.pad(x.reshape(H, B, S, S, K), [0, 0, 0, columns - S]).unbind(2);
    }

    /// <summary>What a row of states comes to where every column hears of every other, faded.</summary>
    private sealed class FadingRow
    {
        private readonly long _block;
        private readonly Tensor _within;
        private readonly Tensor _across;
        private readonly Tensor _blockFading;

        // The slopes are [H, 1, 1, 1, 1].
        internal FadingRow(Tensor slope, long block)
        {
            _block = block;
            var places = TensorArithmetic.Arange(block, slope.dtype, slope.device);
            var (fromLeft, fromRight) = (places, places.flip(0));
            var steps = cat([places.unsqueeze(1).sub(places).abs(), fromRight.unsqueeze(0), fromLeft.unsqueeze(0)], 0);
            _within = steps.mul(slope.neg()).exp();                                                                 // [H, 1, 1, C + 2, C]
            _across = stack([fromLeft.Add(1), fromRight.Add(1)], 1).mul(slope.neg()).exp();                         // [H, 1, 1, C, 2]
            _blockFading = slope.Mul(-block).exp().squeeze(4);                                                      // [H, 1, 1, 1]
        }

        /// <summary>[H, B, columns, K, K] → the same.</summary>
        internal Tensor Of(Tensor state)
        {
            var (H, B, columns, K) = (state.size(0), state.size(1), state.size(2), state.size(3));
            var blocks = columns / _block;
            var sums = _within.matmul(state.view(H, B, blocks, _block, K * K));                                     // [H, B, n, C + 2, K²]
            var own = sums.narrow(3, 0, _block);
            if (blocks > 1)
            {
                own = own.Add(_across.matmul(stack([Carried(sums.select(3, _block), 1), Carried(sums.select(3, _block + 1), -1)], 3)));
            }

            return own.reshape(H, B, columns, K, K);
        }

        // What comes to each block from all on one side, [H, B, n, K²].
        private Tensor Carried(Tensor sums, int direction)
        {
            var blocks = (int)sums.size(2);
            var carried = new Tensor[blocks];
            var first = direction > 0 ? 0 : blocks - 1;
            carried[first] = zeros_like(sums.narrow(2, first, 1));
            for (var at = first + direction; at >= 0 && at < blocks; at += direction)
            {
                carried[at] = carried[at - direction].mul(_blockFading).Add(sums.narrow(2, at - direction, 1));
            }

            return cat(carried, 2);
        }
    }
}
