using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Models;

/// <summary>
/// Generates the logits layer of B tasks from their support embeddings. In the prototype design it starts from the class means p:
/// logits = τ (2 p·e - |p|²), which ranks classes as Euclidean distance does, with p from <see cref="SoftKMeans"/> plus a correction by an
/// encoder that starts at 0. Embeddings are centred first; weights and biases are for embeddings as they come.
/// </summary>
internal sealed class LogitsGenerator : Module, IBatchStatistics
{
    /// <summary>The logit of a class that a task has not.</summary>
    internal const double AbsentLogit = -1e9;
    private const double CentreMomentum = 0.05;

    private readonly Tensor centre;                     // [F], saved with the weights
    private readonly Tensor sharpness;                  // [1], τ: the logit scale; model files have this name
    private readonly SoftKMeans? means;
    private readonly Parameter? log_output_scale;       // [1]
    private readonly SliceGenerator? correction;
    private readonly PaperLogits? paper;

    internal LogitsGenerator(FewShotShape shape, Random random)
        : base(nameof(LogitsGenerator))
    {
        shape.Validate(nameof(shape));
        long F = shape.EmbeddingLength;
        centre = Parameters.ZeroBuffer(F);
        sharpness = Parameters.Buffer(TensorArithmetic.Full([1], shape.StartLogitScale, float32));
        if (shape.Design == FewShotDesign.Paper)
        {
            paper = new PaperLogits(shape, random);
        }
        else
        {
            means = new SoftKMeans(shape.SoftKMeansSteps);
            log_output_scale = Parameters.Zeros(1);
            var sizes = new SliceGeneratorSizes(F + (shape.UsesImageFeatures ? shape.ImageFeatures : 0), F, shape.MaxWays, F, IsSlicePerClass: true);
            correction = shape.EncoderLayers > 0 ? new SliceGenerator(shape, sizes, random) : null;
        }

        RegisterComponents();
    }

    /// <summary>The token width of the paper's design; null in the other.</summary>
    internal long? PaperWidth => paper?.Width;

    /// <summary>Whether a parameter of that name below this module is a temperature, weight or scale, which wants a higher rate than the encoder.</summary>
    internal static bool IsScalar(string name) => name == nameof(log_output_scale) || name.StartsWith($"{nameof(means)}.", StringComparison.Ordinal);

    public Team Team { get; set; } = Team.Alone;

    /// <summary>τ.</summary>
    internal double LogitScale => sharpness.item<float>();

    /// <summary>Says what embeddings look like: their mean [F], which is subtracted, and τ, by which squared distances are multiplied.</summary>
    internal void SetInput(Tensor mean, double tau)
    {
        using var mode = no_grad();
        centre.copy_(mean);
        sharpness.Fill_(tau);
    }

    /// <summary>Lets the centre follow embeddings [B, N, F] of a training step whose backbone learns too; absent samples do not count.</summary>
    internal void UpdateCentre(Tensor embeddings, SupportLabels labels)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var mean = Team.Sum(embeddings.mul(labels.Presence).sum(0, 1)).div(Team.Sum(labels.Presence.sum()).ClampMin(1));
        centre.Mul_(1 - CentreMomentum).Add_(mean, CentreMomentum);
    }

    /// <summary>Generates the layer: logits = e · weight + bias.</summary>
    /// <param name="embeddings">The support's, [B, N, F].</param>
    /// <param name="labels">What is known of the samples' classes.</param>
    /// <param name="imageFeatures">[B, N, features], where the shape uses them; otherwise null.</param>
    /// <param name="isCorrected">Whether the encoder corrects the class means.</param>
    /// <returns>Weights [B, W, F] and biases [B, W]; an absent class has weights 0 and the bias <see cref="AbsentLogit"/>.</returns>
    internal (Tensor Weight, Tensor Bias) Generate(Tensor embeddings, SupportLabels labels, Tensor? imageFeatures, bool isCorrected = true)
    {
        using var scope = NewDisposeScope();
        var centred = embeddings.sub(centre);
        var (weight, bias) = paper is null ? FromMeans(centred, labels, imageFeatures, isCorrected) : paper.Generate(centred, labels, imageFeatures);
        var presence = labels.Ways;                                                             // [B, W]
        var shifted = bias.sub(weight.mul(centre).sum(2));
        weight = weight.mul(presence.unsqueeze(2));
        bias = shifted.mul(presence).Add(presence.Sub(1).Mul(-AbsentLogit));
        return (weight.MoveToOuterDisposeScope(), bias.MoveToOuterDisposeScope());
    }

    /// <summary>Scores embeddings [B, Q, F] with layers [B, W, F] and [B, W] → [B, Q, W].</summary>
    internal static Tensor Logits(Tensor embeddings, Tensor weight, Tensor bias) =>
        embeddings.bmm(weight.transpose(1, 2)).Add(bias.unsqueeze(1));

    private (Tensor Weight, Tensor Bias) FromMeans(Tensor centred, SupportLabels labels, Tensor? imageFeatures, bool isCorrected)
    {
        var prototypes = means!.Means(centred, labels, sharpness);                              // [B, W, F]
        if (correction is not null && isCorrected)
        {
            var payload = imageFeatures is null ? centred : cat([centred, imageFeatures], 2);
            prototypes = prototypes.Add(correction.Generate(payload, labels, prototypes));
        }

        var heat = sharpness.mul(log_output_scale!.exp());
        return (prototypes.mul(heat).Mul(2), prototypes.Square().sum(2).mul(heat).neg());
    }
}
