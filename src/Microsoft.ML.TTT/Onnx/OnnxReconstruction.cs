using Microsoft.ML.VisionCore.Onnx;
using Microsoft.ML.VisionCore.Torch;

namespace Microsoft.ML.TTT.Onnx;

/// <summary>
/// The gradient of the reconstruction loss in a graph; see <see cref="Models.ReconstructionGradient"/>. With layer normalisation it is the direct
/// form, without it the Gram form.
/// </summary>
internal abstract record OnnxReconstruction
{
    /// <summary>Makes the gradient for tokens [N, T, D].</summary>
    public static OnnxReconstruction Create(OnnxValue tokens, OnnxGrid grid, OnnxWeights weights)
    {
        var decoder = weights.Tensor("decoder");                                                            // [H, K, D]
        var bias = weights.Tensor("decoder_bias");                                                          // [D]
        if (weights.Find("decoder_gamma") is { } gamma)
        {
            var beta = weights.Tensor("decoder_beta");
            return new Normalized(tokens.Reshape(0, 1, grid.Tokens, -1), weights.Constant(decoder.unsqueeze(0)), weights.Constant(bias),
                weights.Constant(decoder.transpose(1, 2).unsqueeze(0)), weights.Constant(gamma.view(1, grid.Heads, 1, -1)), weights.Constant(beta.view(1, grid.Heads, 1, -1)));
        }

        var rows = weights.Rows("decoder");                                                                 // [H·K, D]
        var seen = weights.Dense(tokens, rows, rows.matmul(bias).neg());
        // A single step from zero does not need it.
        var gram = new Lazy<OnnxValue>(() => weights.Constant(decoder.bmm(decoder.transpose(1, 2)).unsqueeze(0)));      // [1, H, K, K]
        return new Plain(grid.Split(seen, 1)[0], gram);
    }

    /// <summary>dZ [N, H, t, K] for outputs <paramref name="z"/> [N, H, t, K]; <paramref name="scale"/> is step size / (t·K).</summary>
    public abstract OnnxValue At(OnnxValue z, double scale);

    /// <summary>Minus dZ for an output of zero, without the scale.</summary>
    public abstract OnnxValue PullFromZero { get; }

    /// <summary>The gradient for some of the tokens.</summary>
    public abstract OnnxReconstruction Select(long[] batch);

    private sealed record Plain(OnnxValue Target, Lazy<OnnxValue> Gram) : OnnxReconstruction
    {
        public override OnnxValue PullFromZero => Target;

        public override OnnxValue At(OnnxValue z, double scale) => (z.MatMul(Gram.Value) - Target) * scale;

        public override OnnxReconstruction Select(long[] batch) => this with { Target = Target.IndexSelect(2, batch) };
    }

    private sealed record Normalized(OnnxValue Tokens, OnnxValue Decoder, OnnxValue Bias, OnnxValue Transposed, OnnxValue Gamma, OnnxValue Beta) : OnnxReconstruction
    {
        public override OnnxValue PullFromZero =>
            throw new NotSupportedException("An inner model that starts at zero has no decoder with layer normalisation.");

        public override OnnxValue At(OnnxValue z, double scale)
        {
            var decoded = z.MatMul(Decoder) + Bias;                                                         // [N, H, t, D]
            var centred = decoded - decoded.Mean(-1, keepdim: true);
            var inverse = ((centred * centred).Mean(-1, keepdim: true) + Layers.NormEpsilon).Rsqrt();
            var normed = centred * inverse;
            var p = (normed * Gamma + Beta - Tokens) * Gamma;
            var along = (p * normed).Mean(-1, keepdim: true);
            return ((p - p.Mean(-1, keepdim: true) - normed * along) * inverse).MatMul(Transposed) * scale;
        }

        public override OnnxReconstruction Select(long[] batch) => this with { Tokens = Tokens.IndexSelect(2, batch) };
    }
}
