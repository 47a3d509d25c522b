using System.Text.Json;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Baselines.Models;

/// <summary>Model-agnostic meta-learning (MAML, arXiv 1703.03400): start weights from which a few gradient steps on a support set make a classifier.</summary>
/// <remarks>
/// Differs from the paper: the rates are learned for each layer and step; the logits layer's rate counts for each class, so that it means
/// the same for any number of classes; scale and offset of the normalisation are trained but stay the same for all tasks.
/// </remarks>
internal sealed class MamlModel : MetaLearner
{
    private readonly Parameter weight;      // [rows, F]: the start of the logits layer
    private readonly Parameter bias;        // [rows]
    private readonly Parameter rates;       // [steps, layers + 1]: logarithms

    internal MamlModel(FewShotShape shape, MamlSettings settings, Random random)
        : base(nameof(MamlModel), shape, random)
    {
        Settings = settings;
        weight = Parameters.Zeros(shape.MaxWays, shape.EmbeddingLength);
        bias = Parameters.Zeros(shape.MaxWays);
        rates = StartRates(Shape, settings);
        RegisterComponents();
    }

    internal MamlSettings Settings { get; }

    internal override string Adaptation => JsonSerializer.Serialize(Settings);

    internal override TaskWeights Adapt(Tensor support, SupportLabels labels, TaskDraws? draws)
    {
        using var mode = enable_grad();
        var ways = labels.Ways.sum([1]);
        var present = Start(labels, weight, bias);
        var stepRates = rates.exp();
        for (int step = 0; step < Settings.Steps; step++)
        {
            present = training ? present : present.Detached();
            var (gradients, _) = Gradients(present, support, labels, isSecondOrder: training && !Settings.FirstOrder);
            present = present.Step(gradients, stepRates[step], ways);
        }

        return training ? present : present.Detached();
    }

    private static Parameter StartRates(FewShotShape shape, MamlSettings settings)
    {
        var head = settings.HeadRate > 0 ? settings.HeadRate : 2 * shape.StartLogitScale;
        float[] row = [.. Enumerable.Repeat((float)Math.Log(settings.Rate), shape.Layers), (float)Math.Log(head)];
        var rates = Parameters.Zeros(settings.Steps, row.Length);
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        rates.copy_(tensor(row).expand(settings.Steps, row.Length));
        rates.requires_grad_(settings.LearnsRates);
        return rates;
    }
}
