using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Models;

/// <summary>
/// The gradient of the reconstruction loss with respect to the inner model's output z, in closed form: the heart of a
/// test-time-training step. loss = 1/(2·n·K)·Σ|y - x|² per head, y = LN(z·G + b) or z·G + b, over n tokens.
/// </summary>
internal abstract class ReconstructionGradient
{
    /// <summary>
    /// The direct form builds y [H, B, n, D]; the Gram form works in the head width K with products of the decoder with itself, and
    /// never holds a tensor H times the size of the tokens. Both are exact. On a CPU the direct form takes less time with one head
    /// (where K = D and the Gram matrices save nothing), the two are within each other's spread with two and three heads, and with six
    /// heads the Gram form takes two thirds to three quarters. Measured by:
    /// dotnet run -c Release --project benchmarks/Speed -- --filter *DecoderForm*
    /// </summary>
    internal static bool GramIsFaster(long headWidth, long width) => headWidth < width;

    internal static ReconstructionGradient Create(Decoder decoder, bool gram) => (gram, decoder.Gamma, decoder.Beta) switch
    {
        (false, _, _) => new Direct(decoder),
        (true, { } gamma, { } beta) => new NormalizedGram(decoder, gamma, beta),
        _ => new PlainGram(decoder)
    };

    /// <summary>Rows [P, D] and biases [P] of a linear map of the tokens whose output <see cref="Target"/> asks for; P may be 0.</summary>
    internal abstract (Tensor? Weight, Tensor? Bias) Projection { get; }

    /// <summary>The target of all tokens.</summary>
    /// <param name="tokens">[B, N, D].</param>
    /// <param name="value">The first D numbers of the projection, as [H, B, N, K]; null if the projection is empty.</param>
    /// <param name="rest">What the projection gave beyond them, [B, N, P - D]; null if nothing.</param>
    internal abstract ReconstructionTarget Target(Tensor tokens, Tensor? value, Tensor? rest);

    /// <summary>dZ [H, B, n, K] for outputs <paramref name="z"/> [H, B, n, K]; <paramref name="scale"/> is step size / (n·K).</summary>
    internal abstract Tensor At(Tensor z, ReconstructionTarget target, double scale);

    /// <summary>Minus dZ for an output of zero, without the scale: what a model that starts at zero is pulled to.</summary>
    /// <param name="rows">Any tensor of the output's shape [H, B, n, K].</param>
    /// <param name="target">The target.</param>
    internal virtual Tensor PullFromZero(Tensor rows, ReconstructionTarget target) => At(zeros_like(rows), target, -1);

    /// <summary>dZ = s·dO·Gᵀ, dO = z·G + b - x, or that through the layer normalisation.</summary>
    private sealed class Direct(Decoder decoder) : ReconstructionGradient
    {
        internal override (Tensor? Weight, Tensor? Bias) Projection => (null, null);

        internal override ReconstructionTarget Target(Tensor tokens, Tensor? value, Tensor? rest) => new(tokens.unsqueeze(0));

        internal override Tensor At(Tensor z, ReconstructionTarget target, double scale)
        {
            var (H, B, n, K) = z.Dims4("outputs");
            var decoded = MatrixProduct.Of(z.view(H, B * n, K), decoder.Weight).Add_(decoder.Bias).view(H, B, n, decoder.Width);
            var error = decoder is { Gamma: { } gamma, Beta: { } beta }
                ? ThroughNorm(decoded, target.Value, gamma.view(H, 1, 1, -1), beta.view(H, 1, 1, -1))
                : decoded.sub(target.Value);
            return MatrixProduct.Of(error.view(H, B * n, -1), decoder.Weight.transpose(1, 2)).view(H, B, n, K).Mul(scale);
        }

        private static Tensor ThroughNorm(Tensor decoded, Tensor tokens, Tensor gamma, Tensor beta)
        {
            var centred = decoded.sub(decoded.mean([-1], true));
            var inverse = centred.Square().mean([-1], true).Add(Layers.NormEpsilon).rsqrt();
            var normed = centred.mul(inverse);
            var p = normed.mul(gamma).Add(beta).sub(tokens).mul(gamma);
            var along = p.mul(normed).mean([-1], true);
            return p.sub(p.mean([-1], true)).sub(normed.mul(along)).mul(inverse);
        }
    }

    /// <summary>dZ = s·(z·GGᵀ - (x - b)·Gᵀ): the second term is a projection of the tokens, made once.</summary>
    private sealed class PlainGram(Decoder decoder) : ReconstructionGradient
    {
        private readonly Tensor _gram = decoder.Weight.bmm(decoder.Weight.transpose(1, 2));     // [H, K, K]

        internal override (Tensor? Weight, Tensor? Bias) Projection
        {
            get
            {
                var rows = decoder.Weight.view(decoder.Width, decoder.Width);                   // [H·K, D]
                return (rows, rows.matmul(decoder.Bias).neg());
            }
        }

        internal override ReconstructionTarget Target(Tensor tokens, Tensor? value, Tensor? rest) => new(value!);

        internal override Tensor PullFromZero(Tensor rows, ReconstructionTarget target) => target.Value;

        internal override Tensor At(Tensor z, ReconstructionTarget target, double scale)
        {
            var (H, B, n, K) = z.Dims4("outputs");
            return MatrixProduct.Of(z.view(H, B * n, K), _gram).view(H, B, n, K).sub(target.Value).Mul(scale);
        }
    }

    /// <summary>
    /// The layer normalisation in the head width. With Ĝ = G less its row means, b̂ likewise and Γ = diag(γ): M1 = ĜĜᵀ, c1 = b̂Ĝᵀ,
    /// q1 = |b̂|²; M2, c2, q2 the same of ĜΓ and b̂Γ; c3 = (γβ)Ĝᵀ, q3 = (γβ)·b̂; per token v = x(ĜΓ)ᵀ and u = x·(γb̂). Then
    /// σ² = (zM1z + 2zc1 + q1)/D + ε, e = [(zM2z + 2zc2 + q2)/σ² + (zc3 + q3)/σ - (zv + u)/σ]/D and
    /// dZ = s/σ·[(zM2 + c2)/σ + c3 - v - e·(zM1 + c1)/σ].
    /// </summary>
    private sealed class NormalizedGram : ReconstructionGradient
    {
        private readonly Tensor _scaled, _scaledBias;       // ĜΓ [H, K, D], γb̂ [H, D]
        private readonly Tensor _grams, _offsets;           // [M1 | M2] [H, K, 2K], [c1 | c2] [H, 1, 2K]
        private readonly Tensor _columns, _constants;       // [c1, c2, c3] [H, K, 3], [q1, q2, q3] [H, 1, 3]
        private readonly long _heads, _headWidth, _width;

        internal NormalizedGram(Decoder decoder, Tensor gamma, Tensor beta)
        {
            (_heads, _headWidth, _width) = decoder.Weight.Dims3("decoder");
            var centred = decoder.Weight.sub(decoder.Weight.mean([-1], true));
            var bias = decoder.Bias.sub(decoder.Bias.mean([-1], true)).view(1, 1, -1).expand(_heads, 1, _width);     // [H, 1, D]
            _scaled = centred.mul(gamma.unsqueeze(1));
            var scaledBias = bias.mul(gamma.unsqueeze(1));
            _scaledBias = scaledBias.view(_heads, _width);
            var shift = gamma.mul(beta).unsqueeze(1);                                                                // [H, 1, D]
            var (plainT, scaledT) = (centred.transpose(1, 2), _scaled.transpose(1, 2));
            var (c1, c2, c3) = (bias.bmm(plainT), scaledBias.bmm(scaledT), shift.bmm(plainT));                       // [H, 1, K]
            _grams = cat([centred.bmm(plainT), _scaled.bmm(scaledT)], 2);
            _offsets = cat([c1, c2], 2);
            _columns = cat([c1, c2, c3], 1).transpose(1, 2);
            _constants = cat([bias.Square().sum(-1, true), scaledBias.Square().sum(-1, true), shift.mul(bias).sum(-1, true)], 2);
        }

        internal override (Tensor? Weight, Tensor? Bias) Projection => (cat([_scaled.view(_width, _width), _scaledBias], 0), null);

        internal override ReconstructionTarget Target(Tensor tokens, Tensor? value, Tensor? rest) =>
            new(value!, rest!.permute(2, 0, 1).unsqueeze(-1));

        internal override Tensor At(Tensor z, ReconstructionTarget target, double scale)
        {
            var (H, B, n, K) = z.Dims4("outputs");
            var rows = z.view(H, B * n, K);
            var value = target.Value.view(H, B * n, K);
            var products = MatrixProduct.Of(rows, _grams).Add_(_offsets).split([K, K], 2);         // zM1 + c1, zM2 + c2
            var linear = rows.bmm(_columns).Add_(_constants).split([1, 1, 1], 2);    // zc1 + q1, zc2 + q2, zc3 + q3
            var variance = rows.mul(products[0]).sum(-1, true).Add(linear[0]).Div(_width);
            var inverse = variance.ClampMin(0).Add(Layers.NormEpsilon).rsqrt();
            var along = rows.mul(products[1]).sum(-1, true).Add(linear[1]).mul(inverse)
                .Add(linear[2]).sub(rows.mul(value).sum(-1, true)).sub(target.Offset!.reshape(H, B * n, 1))
                .mul(inverse).Div(_width);
            var c3 = _columns.narrow(2, 2, 1).transpose(1, 2);                      // [H, 1, K]
            var dZ = products[1].sub(products[0].mul(along)).mul(inverse).Add(c3).sub(value).mul(inverse.Mul(scale));
            return dZ.view(H, B, n, K);
        }
    }
}
