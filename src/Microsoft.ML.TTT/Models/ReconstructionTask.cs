using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Models;

/// <summary>
/// The self-supervised task of a test-time-training mixer, learned by the outer training: the inner model sees each token through
/// the training view (φ in the paper) and has to rebuild the token through the decoder (g); it answers for the test view (ψ).
/// </summary>
internal sealed class ReconstructionTask : Module
{
    private readonly Dense train_view, test_view;
    private readonly Parameter decoder, decoder_bias;               // [H, K, D], [D]
    private readonly Parameter? decoder_gamma, decoder_beta;        // [H, D]
    private readonly bool? _gram;

    /// <summary>Creates the task for tokens of <paramref name="width"/> numbers.</summary>
    /// <param name="width">D, a multiple of the heads.</param>
    /// <param name="heads">H.</param>
    /// <param name="norm">Whether the decoder ends in a layer normalisation.</param>
    /// <param name="random">Draws the start weights, all uniform on ±sqrt(3 / D); biases are 0.</param>
    /// <param name="gram">Forces the Gram form of the gradient (true) or the direct one (false); null chooses the faster by shape.</param>
    internal ReconstructionTask(long width, long heads, bool norm, Random random, bool? gram = null)
        : base(nameof(ReconstructionTask))
    {
        train_view = Dense.Xavier(random, width, width);
        test_view = Dense.Xavier(random, width, width);
        decoder = Parameters.Uniform(random, Math.Sqrt(3.0 / width), heads, width / heads, width);
        decoder_bias = Parameters.Zeros(width);
        decoder_gamma = norm ? Parameters.Ones(heads, width) : null;
        decoder_beta = norm ? Parameters.Zeros(heads, width) : null;
        _gram = gram;
        RegisterComponents();
    }

    internal Decoder Decoder => new(decoder, decoder_bias, decoder_gamma, decoder_beta);

    /// <summary>What the inner loop needs of the tokens [B, N, D]. All maps of the tokens are one product.</summary>
    internal ReconstructionViews Views(Tensor tokens)
    {
        var (_, _, D) = tokens.Dims3();
        var decoding = Decoder;
        var gradient = ReconstructionGradient.Create(decoding, _gram ?? ReconstructionGradient.GramIsFaster(decoding.HeadWidth, D));
        var (weight, bias) = gradient.Projection;
        if (weight is null)
        {
            var both = Project(tokens, [train_view.weight, test_view.weight], [train_view.bias, test_view.bias]);
            var views = Heads.Split(both, 2, D, decoding.Heads);
            return new ReconstructionViews(views[0], views[1], gradient, gradient.Target(tokens, null, null));
        }

        var all = Project(tokens, [train_view.weight, test_view.weight, weight],
            [train_view.bias, test_view.bias, bias ?? zeros_like(weight.select(1, 0))]);
        var parts = Heads.Split(all, 3, D, decoding.Heads);
        long rest = weight.size(0) - D;
        return new ReconstructionViews(parts[0], parts[1], gradient, gradient.Target(tokens, parts[2], rest == 0 ? null : all.narrow(2, 3 * D, rest)));
    }

    /// <summary>|y - x|² / (2·K) for each token x, where y is what the decoder makes of an output of the inner model; [B, N, D], [H, B, N, K] → [H, B, N].</summary>
    internal Tensor Loss(Tensor tokens, Tensor outputs)
    {
        var (H, B, N, K) = outputs.Dims4("outputs");
        var decoding = Decoder;
        var decoded = outputs.reshape(H, B * N, K).bmm(decoding.Weight).Add_(decoding.Bias).view(H, B, N, decoding.Width);
        if (decoding is { Gamma: { } gamma, Beta: { } beta })
        {
            decoded = functional.layer_norm(decoded, [decoding.Width], eps: Layers.NormEpsilon).mul(gamma.view(H, 1, 1, -1)).Add(beta.view(H, 1, 1, -1));
        }

        return decoded.sub(tokens).Square().sum([-1]).Div(2 * K);
    }

    private static Tensor Project(Tensor tokens, Tensor[] weights, Tensor[] biases) =>
        functional.linear(tokens, cat(weights, 0), cat(biases, 0));
}

/// <summary>
/// The decoder of the reconstruction task, [H, B, n, K] → [H, B, n, D]: each head tries to rebuild the whole token from its K numbers.
/// </summary>
/// <param name="Weight">g in the paper, [H, K, D].</param>
/// <param name="Bias">Shared by the heads, [D].</param>
/// <param name="Gamma">Scale of the closing layer normalisation, [H, D]; null if there is none.</param>
/// <param name="Beta">Its shift, [H, D].</param>
internal readonly record struct Decoder(Tensor Weight, Tensor Bias, Tensor? Gamma, Tensor? Beta)
{
    internal long Heads => Weight.size(0);

    internal long HeadWidth => Weight.size(1);

    internal long Width => Weight.size(2);
}

/// <summary>A reconstruction task on the tokens of a batch of images.</summary>
/// <param name="Train">What the inner model is trained on, [H, B, N, K].</param>
/// <param name="Test">What it is asked for after training, [H, B, N, K].</param>
/// <param name="Gradient">The gradient of the reconstruction loss.</param>
/// <param name="Target">What the training views have to become.</param>
internal readonly record struct ReconstructionViews(Tensor Train, Tensor Test, ReconstructionGradient Gradient, ReconstructionTarget Target)
{
    /// <summary>The task on some of the tokens; the test views stay those of all.</summary>
    internal ReconstructionViews Select(long[] batch)
    {
        var index = tensor(batch, int64, device: Train.device);
        return this with { Train = Train.index_select(2, index), Target = Target.Select(index) };
    }

    /// <summary>The gradient for outputs <paramref name="z"/> [H, B, n, K] of the inner model; <paramref name="scale"/> is step size / (n·K).</summary>
    internal Tensor GradientAt(Tensor z, double scale) => Gradient.At(z, Target, scale);

    /// <summary>Minus the gradient for an output of zero, without the scale.</summary>
    internal Tensor PullFromZero() => Gradient.PullFromZero(Train, Target);
}

/// <summary>What the inner model is to produce, in the form that a <see cref="ReconstructionGradient"/> wants it.</summary>
/// <param name="Value">Direct form: the tokens [1, B, N, D]. Gram form: the tokens seen through the decoder [H, B, N, K].</param>
/// <param name="Offset">Gram form with layer normalisation: the tokens against the decoder's bias [H, B, N, 1]; otherwise null.</param>
internal readonly record struct ReconstructionTarget(Tensor Value, Tensor? Offset = null)
{
    /// <summary>The target of the tokens that <paramref name="index"/> names.</summary>
    internal ReconstructionTarget Select(Tensor index) => new(Value.index_select(2, index), Offset?.index_select(2, index));
}
