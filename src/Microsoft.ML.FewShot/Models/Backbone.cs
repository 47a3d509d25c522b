using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Models;

/// <summary>
/// The target network below its logits layer, with its learned weights: images [M, C, S, S] or feature vectors [M, length] →
/// embeddings [M, F]. Images are in normalised units; feature vectors are standardised here, by <see cref="SetStandardization"/>.
/// </summary>
internal sealed class Backbone : Module<Tensor, Tensor>
{
    private readonly ModuleList<BackboneBlock> blocks;
    private readonly Tensor? feature_mean, feature_scale;       // [length], saved with the weights
    private readonly Dense? hidden;
    private readonly Metric? metric;
    private readonly PhotographEmbedding? embedding;

    internal Backbone(FewShotShape shape, Random random)
        : base(nameof(Backbone))
    {
        shape.Validate(nameof(shape));
        Shape = shape;
        blocks = new ModuleList<BackboneBlock>();
        if (shape.Embedding is { } own)
        {
            embedding = shape.IsImages ? new PhotographEmbedding(own.CorrectionRank) : null;
        }
        else if (shape.IsImages)
        {
            for (int layer = 0; layer < shape.Convolutions; layer++)
            {
                blocks.Add(new BackboneBlock(shape, layer, random));
            }

            metric = shape.MetricRank > 0 ? new Metric(shape.TargetLength, shape.MetricRank, random) : null;
        }
        else
        {
            feature_mean = Parameters.ZeroBuffer(shape.FeatureLength);
            feature_scale = Parameters.OneBuffer(shape.FeatureLength);
            bool isLearned = shape.HiddenUnits > 0 && (!shape.IsGenerated(0) || shape.AddLearnedWeights);
            hidden = isLearned ? Dense.Xavier(random, shape.FeatureLength, shape.HiddenUnits) : null;
        }

        RegisterComponents();
    }

    internal FewShotShape Shape { get; }

    /// <summary>The convolutions in order; none for feature vectors.</summary>
    internal IReadOnlyList<BackboneBlock> Blocks => [.. blocks];

    /// <summary>What embeds photographs; null for all else.</summary>
    internal PhotographEmbedding? Embedding => embedding;

    /// <summary>The hidden layer on feature vectors, if there is one.</summary>
    internal Dense? Hidden => hidden;

    /// <summary>
    /// Embeds rows that belong to no task. Where the statistics are not running ones, those of the whole batch normalise it.
    /// </summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        if (Shape.Embedding is { } own)
        {
            return (embedding is null ? own.Embed(input) : embedding.call(input)).MoveToOuterDisposeScope();
        }

        if (!Shape.IsImages)
        {
            return Activate(Standardize(input)).MoveToOuterDisposeScope();
        }

        var maps = input;
        foreach (var block in blocks)
        {
            var convolved = block.Convolve(maps);
            maps = Shape.Normalization == FewShotNormalization.Running
                ? block.norm.call(convolved)
                : block.norm.Apply(convolved, ChannelStatistics.Of(convolved, null));
        }

        return Compare(maps.reshape(maps.size(0), -1)).MoveToOuterDisposeScope();
    }

    /// <summary>The features of the last layer as the embeddings that are compared, [..., features] → [..., F]; without a metric they are the same, or of length 1 where cosines are compared.</summary>
    internal Tensor Compare(Tensor features) => Shape.ContextLength > 0 ? Unit(features) : metric is null ? features : metric.call(features);

    /// <summary>Rows of length 1, [..., F]; 0 stays.</summary>
    internal static Tensor Unit(Tensor rows) => rows.div(rows.Square().sum([-1], keepdim: true).Add(Smallest).sqrt());

    /// <summary>What the square of a length is raised by, so that 0 has a direction.</summary>
    internal const double Smallest = 1e-12;

    /// <summary>What the features of the last layer are mapped with before they are compared, [F, features]; null where they are compared as they are.</summary>
    internal Tensor? Map => metric?.Map;

    /// <summary>A logits layer's weights on embeddings as weights on the features of the last layer, [..., F] → [..., features].</summary>
    internal Tensor Fold(Tensor weights) => metric is null ? weights : metric.Fold(weights);

    /// <summary>Sets the statistics by which feature vectors are standardised; a feature that never varies is centred only.</summary>
    internal void SetStandardization(ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation)
    {
        if (feature_mean is null || feature_scale is null)
        {
            throw new InvalidOperationException("Only feature vectors are standardised by the model.");
        }

        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var scale = deviation.ToArray().Select(value => value > 0 ? 1 / value : 1).ToArray();
        feature_mean.copy_(tensor(mean.ToArray()));
        feature_scale.copy_(tensor(scale));
    }

    /// <summary>Standardised feature vectors; the shape stays.</summary>
    internal Tensor Standardize(Tensor features) => feature_mean is null || feature_scale is null ? features : features.sub(feature_mean).mul(feature_scale);

    /// <summary>The standardisation as y = (x - mean) · scale; null for images.</summary>
    internal (Tensor Mean, Tensor Scale)? Standardization => feature_mean is null || feature_scale is null ? null : (feature_mean, feature_scale);

    private Tensor Activate(Tensor features)
    {
        if (Shape.HiddenUnits == 0)
        {
            return features;
        }

        var layer = hidden ?? throw new InvalidOperationException("The hidden layer is generated from a support set; there is no other.");
        return layer.call(features).relu();
    }
}
