using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.TTT.Models;

/// <summary>Adds a fixed or a learned position table to the tokens, [B, N, D] → [B, N, D].</summary>
internal sealed class PositionEmbedding : Module<Tensor, Tensor>
{
    private readonly Parameter? table;          // [N, D]; null for the fixed table
    private Fixed? _fixed;                      // the last fixed table made; replaced whole, so readers need no lock

    private PositionEmbedding(Parameter? table)
        : base(nameof(PositionEmbedding))
    {
        this.table = table;
        RegisterComponents();
    }

    /// <summary>A learned table for a grid of <paramref name="side"/>, started at the fixed one: from pixels that learns much faster than noise.</summary>
    internal static PositionEmbedding Learned(long side, long width)
    {
        var parameter = Parameters.Zeros(side * side, width);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        parameter.copy_(SinCosTable(side, width));
        return new PositionEmbedding(parameter);
    }

    /// <summary>The fixed table of sines and cosines, for any grid.</summary>
    internal static PositionEmbedding SinCos() => new(null);

    /// <summary>The fixed table for a grid of <paramref name="side"/>, [N, D].</summary>
    internal static Tensor SinCosTable(long side, long width) => tensor(SinCos(side, width), [side * side, width]);

    public override Tensor forward(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var (_, N, D) = tokens.Dims3();
        return tokens.Add(table is null ? FixedTable(N, D).to(tokens) : LearnedTable(table, N, D)).MoveToOuterDisposeScope();
    }

    private Tensor FixedTable(long N, long D)
    {
        var made = _fixed;
        if (made is null || made.Tokens != N)
        {
            _fixed = made = new Fixed(N, SinCos(Shapes.GridSide(N), D));
        }

        return tensor(made.Values, [N, D]);
    }

    private static Tensor LearnedTable(Tensor table, long N, long D)
    {
        if (table.size(0) == N)
        {
            return table;
        }

        long from = Shapes.GridSide(table.size(0)), to = Shapes.GridSide(N);
        var grid = table.view(1, from, from, D).permute(0, 3, 1, 2);
        return TokenGrid.ToTokens(functional.interpolate(grid, [to, to], mode: InterpolationMode.Bilinear, align_corners: false)).view(N, D);
    }

    /// <summary>[N, D], row by row: sin x, cos x, sin y, cos y at frequencies 10000^(-i / (D/4 - 1)).</summary>
    private static double[] SinCos(long side, long width)
    {
        long quarter = width / 4;
        var values = new double[side * side * width];
        for (long token = 0; token < side * side; token++)
        {
            var (y, x) = Math.DivRem(token, side);
            for (long i = 0; i < quarter; i++)
            {
                double frequency = Math.Pow(10000, -(double)i / Math.Max(1, quarter - 1));
                long at = token * width + i;
                (values[at], values[at + quarter]) = Math.SinCos(x * frequency);
                (values[at + 2 * quarter], values[at + 3 * quarter]) = Math.SinCos(y * frequency);
            }
        }

        return values;
    }

    private sealed record Fixed(long Tokens, double[] Values);
}
