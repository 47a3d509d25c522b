using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Models;

/// <summary>
/// The hyper-transformer: a backbone that is shared, and generators that make the rest of the target network from a support set, one layer
/// after another, each from the support's activations in the layers made so far. Supports are [B, N, C, S, S], or [B, N, length] for
/// feature vectors; candidates [B, N, W] as in <see cref="SupportLabels"/>.
/// </summary>
internal sealed class HyperTransformerModel : Module
{
    private readonly Backbone trunk;                           // model files have this name
    private readonly ImageFeatures? image_features;
    private readonly ModuleList<ConvolutionGenerator> convolutions;     // of the generated layers, in order
    private readonly HiddenGenerator? hidden;
    private readonly LogitsGenerator logits;

    /// <summary>Creates the model with start weights that <paramref name="seed"/> fixes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The shape is impossible; the message names every reason.</exception>
    internal HyperTransformerModel(FewShotShape shape, int seed)
        : base(nameof(HyperTransformerModel))
    {
        shape.Validate(nameof(shape));
        Shape = shape;
        var random = new Random(seed);
        trunk = new Backbone(shape, random);
        image_features = shape.UsesImageFeatures ? new ImageFeatures(shape, random) : null;
        convolutions = new ModuleList<ConvolutionGenerator>();
        if (shape.IsImages)
        {
            for (int layer = shape.Layers - shape.GeneratedLayers; layer < shape.Layers; layer++)
            {
                convolutions.Add(new ConvolutionGenerator(shape, layer, random));
            }
        }
        else
        {
            hidden = shape.GeneratedLayers > 0 ? new HiddenGenerator(shape, random) : null;
        }

        logits = new LogitsGenerator(shape, random);
        RegisterComponents();
    }

    internal FewShotShape Shape { get; }

    private int AlikeLayers => Shape.Normalization == FewShotNormalization.Running ? Shape.Layers - Shape.GeneratedLayers : 0;

    /// <summary>The learned part of the target network.</summary>
    internal Backbone Backbone => trunk;

    /// <summary>The generator of the logits layer.</summary>
    internal LogitsGenerator LogitsGenerator => logits;

    /// <summary>The generators of convolutions, in order.</summary>
    internal IReadOnlyList<ConvolutionGenerator> ConvolutionGenerators => [.. convolutions];

    /// <summary>Generates what the target networks of B tasks have of their own.</summary>
    /// <param name="support">[B, N, C, S, S] or [B, N, length].</param>
    /// <param name="candidates">[B, N, W].</param>
    /// <param name="slotRows">The label tables' row for each class slot, int64 [B, W]; null for 0 to W-1.</param>
    internal GeneratedLayers GenerateLayers(Tensor support, Tensor candidates, Tensor? slotRows = null)
    {
        using var scope = NewDisposeScope();
        var (samples, known) = training ? (support, candidates) : WithoutAbsent(support, candidates);
        var labels = Labels(known, slotRows);
        var features = Features(samples);
        var (embeddings, layers) = Generate(samples, samples.size(1), labels, features);
        embeddings = WithViews(embeddings, samples, layers, Shape.UsedSupportViews);
        var (weight, bias) = logits.Generate(embeddings, labels, features);
        return new GeneratedLayers(trunk, layers, weight, bias) { QueryViews = training ? 0 : Shape.UsedQueryViews }.MoveToOuterDisposeScope();
    }

    /// <summary>Scores queries [B, Q, C, S, S] or [B, Q, length] with the layers of their tasks → logits [B, Q, W].</summary>
    internal Tensor Run(Tensor query, GeneratedLayers layers)
    {
        using var scope = NewDisposeScope();
        var embeddings = WithViews(Embed(query, layers.Layers), query, layers.Layers, layers.QueryViews);
        return LogitsGenerator.Logits(embeddings, layers.Weight, layers.Bias).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Generates and scores in one pass, for training: with running statistics, support and queries share the batch's. In evaluation it is
    /// <see cref="GenerateLayers"/> and <see cref="Run"/>. Queries never reach a generator. → [B, Q, W].
    /// </summary>
    internal Tensor Logits(Tensor support, Tensor candidates, Tensor query, Tensor? slotRows = null)
    {
        using var scope = NewDisposeScope();
        if (!training && Shape.UsedSupportViews + Shape.UsedQueryViews > 0)
        {
            return Run(query, GenerateLayers(support, candidates, slotRows)).MoveToOuterDisposeScope();
        }

        var labels = Labels(candidates, slotRows);
        long N = support.size(1);
        var features = Features(support);
        var (embeddings, _) = Generate(cat([support, query], 1), N, labels, features);          // [B, N + Q, F]
        var known = embeddings.narrow(1, 0, N);
        if (training && Shape.Design == FewShotDesign.Prototype)
        {
            logits.UpdateCentre(known.detach(), labels);
        }

        var (weight, bias) = logits.Generate(known, labels, features);
        return LogitsGenerator.Logits(embeddings.narrow(1, N, query.size(1)), weight, bias).MoveToOuterDisposeScope();
    }

    // The means of embeddings [B, M, F] and those of the samples' views in the same layers.
    private Tensor WithViews(Tensor embeddings, Tensor samples, IReadOnlyList<TargetLayer> layers, int views) =>
        ShiftedViews.Mean(embeddings, samples, training ? 0 : views, moved => Embed(moved, layers));

    // Generates the layers below the logits, each from the first N rows in the layers before it. All rows [B, M, ...] go through them → [B, M, F].
    private (Tensor Embeddings, IReadOnlyList<TargetLayer> Layers) Generate(Tensor rows, long N, SupportLabels labels, Tensor? features)
    {
        if (!Shape.IsImages)
        {
            var standard = trunk.Standardize(rows);                                             // [B, M, length]
            if (Shape.Layers == 0)
            {
                return (standard, []);
            }

            var (weight, bias) = hidden?.Generate(standard.narrow(1, 0, N), labels, trunk.Hidden) ?? default;
            var own = new TargetLayer(weight, bias, null);
            return (Hidden(standard, own), [own]);
        }

        var B = rows.size(0);
        var layers = Enumerable.Repeat(new TargetLayer(null, null, null), AlikeLayers).ToList();
        var maps = EmbedAlike(rows);                                                            // [M, B·c, S, S]
        for (int layer = AlikeLayers; layer < Shape.Layers; layer++)
        {
            var block = trunk.Blocks[layer];
            var kernels = Shape.IsGenerated(layer)
                ? convolutions[layer - (Shape.Layers - Shape.GeneratedLayers)].Generate(maps.narrow(0, 0, N), labels, features, block.weight)
                : null;
            maps = Convolve(block, maps, kernels, B);
            ChannelStatistics? statistics = null;
            if (Shape.Normalization == FewShotNormalization.Running)
            {
                maps = Together(block.norm.call(Apart(maps, B)), B);
            }
            else
            {
                statistics = ChannelStatistics.Of(maps.narrow(0, 0, N), labels.Presence.squeeze(2).t());
                maps = Normalize(block.norm, maps, N, statistics);
            }

            layers.Add(new TargetLayer(kernels, null, statistics));
        }

        return (Embeddings(maps, B), layers);
    }

    // Rows [B, M, ...] through layers that are there → [B, M, F].
    private Tensor Embed(Tensor rows, IReadOnlyList<TargetLayer> layers)
    {
        if (!Shape.IsImages)
        {
            var standard = trunk.Standardize(rows);                                             // [B, M, length]
            return Shape.Layers == 0 ? standard : Hidden(standard, layers[0]);
        }

        var B = rows.size(0);
        var maps = EmbedAlike(rows);                                                            // [M, B·c, S, S]
        for (int layer = AlikeLayers; layer < Shape.Layers; layer++)
        {
            var block = trunk.Blocks[layer];
            maps = Convolve(block, maps, layers[layer].Weight, B);
            maps = Shape.Normalization switch
            {
                FewShotNormalization.Running => Together(block.norm.call(Apart(maps, B)), B),
                FewShotNormalization.Query => block.norm.Apply(maps, ChannelStatistics.Of(maps, null)),
                _ => block.norm.Apply(maps, layers[layer].Statistics!),
            };
        }

        return Embeddings(maps, B);
    }

    // The layers that are the same for all tasks and normalise alike, on all rows as one batch: [B, M, C, S, S] → [M, B·c, S, S].
    private Tensor EmbedAlike(Tensor rows)
    {
        var (B, M) = (rows.size(0), rows.size(1));
        var maps = rows.transpose(0, 1).reshape(M * B, Shape.Colors, Shape.ImageSize, Shape.ImageSize);
        if (AlikeLayers > 0 && !training && DirectConvolution.Suits(maps))
        {
            return Together(new DirectBlocks([.. trunk.Blocks.Take(AlikeLayers).Select(block => block.Direct)], (int)Shape.Colors, (int)Shape.ImageSize).Run(maps), B);
        }

        foreach (var block in trunk.Blocks.Take(AlikeLayers))
        {
            maps = block.call(maps);
        }

        return Together(maps, B);
    }

    // Everything before the normalisation, with the tasks' own kernels or the learned ones.
    private static Tensor Convolve(BackboneBlock block, Tensor maps, Tensor? kernels, long tasks) =>
        kernels is null ? Together(block.Convolve(Apart(maps, tasks)), tasks) : block.Convolve(maps, kernels);

    // With the statistics of the support, the first N rows; where queries have their own, the other rows with theirs.
    private Tensor Normalize(ChannelNormalization norm, Tensor maps, long N, ChannelStatistics statistics)
    {
        long queries = maps.size(0) - N;
        if (Shape.Normalization != FewShotNormalization.Query || queries == 0)
        {
            return norm.Apply(maps, statistics);
        }

        var asked = maps.narrow(0, N, queries);
        return cat([norm.Apply(maps.narrow(0, 0, N), statistics), norm.Apply(asked, ChannelStatistics.Of(asked, null))], 0);
    }

    // [M, B·c, S, S] → [B, M, F].
    private Tensor Embeddings(Tensor maps, long tasks) => trunk.Compare(maps.reshape(maps.size(0), tasks, -1)).transpose(0, 1);

    // [B, M, length] → [B, M, units], with the tasks' own layer or the learned one.
    private Tensor Hidden(Tensor standard, TargetLayer layer) => layer is { Weight: { } own, Bias: { } offset }
        ? standard.bmm(own.transpose(1, 2)).Add(offset.unsqueeze(1)).relu()
        : trunk.Hidden!.call(standard).relu();

    // [B, N, C, S, S] → [B, N, features].
    private Tensor? Features(Tensor support)
    {
        if (image_features is null)
        {
            return null;
        }

        var (B, N) = (support.size(0), support.size(1));
        return image_features.call(support.reshape(B * N, Shape.Colors, Shape.ImageSize, Shape.ImageSize)).view(B, N, Shape.ImageFeatures);
    }

    private SupportLabels Labels(Tensor candidates, Tensor? slotRows) => candidates.size(2) <= Shape.MaxWays
        ? new SupportLabels(candidates, slotRows)
        : throw new ArgumentException($"A task may have {Shape.MaxWays} classes at most; this one has {candidates.size(2)}.", nameof(candidates));

    // Samples that no task has are left out, so that a masked sample changes not even the order of a sum.
    private static (Tensor Support, Tensor Candidates) WithoutAbsent(Tensor support, Tensor candidates)
    {
        var counts = candidates.sum(0, 2).to(ScalarType.Float32).cpu().data<float>().ToArray();
        long[] present = [.. Enumerable.Range(0, counts.Length).Where(row => counts[row] > 0).Select(row => (long)row)];
        if (present.Length == counts.Length)
        {
            return (support, candidates);
        }

        var rows = tensor(present, device: support.device);
        return (support.index_select(1, rows), candidates.index_select(1, rows));
    }

    // Maps of tasks side by side, [M, B·c, S, S], as one batch, [M·B, c, S, S], and back.
    private static Tensor Apart(Tensor maps, long tasks)
    {
        var (M, c, S, _) = maps.Dims4("maps");
        return maps.reshape(M * tasks, c / tasks, S, S);
    }

    private static Tensor Together(Tensor maps, long tasks)
    {
        var (rows, c, S, _) = maps.Dims4("maps");
        return maps.reshape(rows / tasks, tasks * c, S, S);
    }
}
