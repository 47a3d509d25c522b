using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Models;

/// <summary>
/// The hyper-transformer: a trunk that is shared, and generators that make the rest of the target network from a support set, one layer
/// after another, each from the support's activations in the layers made so far. Supports are [B, N, C, S, S], or [B, N, length] for
/// feature vectors; candidates [B, N, W] as in <see cref="SupportLabels"/>.
/// </summary>
internal sealed class HyperTransformerModel : Module
{
    private readonly Trunk trunk;
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
        trunk = new Trunk(shape, random);
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
    internal Trunk Trunk => trunk;

    /// <summary>The generator of the logits layer.</summary>
    internal LogitsGenerator LogitsGenerator => logits;

    /// <summary>The generators of convolutions, in order.</summary>
    internal IReadOnlyList<ConvolutionGenerator> ConvolutionGenerators => [.. convolutions];

    /// <summary>Generates the target networks of B tasks.</summary>
    /// <param name="support">[B, N, C, S, S] or [B, N, length].</param>
    /// <param name="candidates">[B, N, W].</param>
    /// <param name="slotRows">The label tables' row for each class slot, int64 [B, W]; null for 0 to W-1.</param>
    internal GeneratedTask Generate(Tensor support, Tensor candidates, Tensor? slotRows = null)
    {
        using var scope = NewDisposeScope();
        var (samples, known) = training ? (support, candidates) : WithoutAbsent(support, candidates);
        var labels = Labels(known, slotRows);
        var layers = new List<TargetLayer>();
        var features = Features(samples);
        var embeddings = WithViews(Embed(samples, samples.shape[1], labels, features, layers), samples, layers, Shape.UsedSupportViews);
        var (weight, bias) = logits.Generate(embeddings, labels, features);
        return new GeneratedTask(trunk, layers, weight, bias) { QueryViews = training ? 0 : Shape.UsedQueryViews }.MoveToOuterDisposeScope();
    }

    /// <summary>Scores queries [B, Q, C, S, S] or [B, Q, length] → logits [B, Q, W].</summary>
    internal Tensor Classify(GeneratedTask task, Tensor query)
    {
        using var scope = NewDisposeScope();
        List<TargetLayer> layers = [.. task.Layers];
        var embeddings = WithViews(Embed(query, 0, null, null, layers), query, layers, task.QueryViews);
        return LogitsGenerator.Logits(embeddings, task.Weight, task.Bias).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Generates and scores in one pass, for training: with running statistics, support and queries share the batch's. In evaluation it is
    /// <see cref="Generate"/> and <see cref="Classify"/>. Queries never reach a generator. → [B, Q, W].
    /// </summary>
    internal Tensor Logits(Tensor support, Tensor candidates, Tensor query, Tensor? slotRows = null)
    {
        using var scope = NewDisposeScope();
        if (HasViews)
        {
            return Classify(Generate(support, candidates, slotRows), query).MoveToOuterDisposeScope();
        }

        var labels = Labels(candidates, slotRows);
        long N = support.shape[1];
        var features = Features(support);
        var embeddings = Embed(cat([support, query], 1), N, labels, features, []);              // [B, N + Q, F]
        var known = embeddings.narrow(1, 0, N);
        if (training && Shape.Design == FewShotDesign.Prototype)
        {
            logits.Follow(known.detach(), labels);
        }

        var (weight, bias) = logits.Generate(known, labels, features);
        return LogitsGenerator.Logits(embeddings.narrow(1, N, query.shape[1]), weight, bias).MoveToOuterDisposeScope();
    }

    private bool HasViews => !training && Shape.UsedSupportViews + Shape.UsedQueryViews > 0;

    // The means of embeddings [B, M, F] and those of the samples' views in the same layers.
    private Tensor WithViews(Tensor embeddings, Tensor samples, List<TargetLayer> layers, int views) =>
        ShiftedViews.Mean(embeddings, samples, training ? 0 : views, moved => Embed(moved, 0, null, null, [.. layers]));

    // Rows [B, M, ...], the first of them support, through the target network → [B, M, F]. Without labels the layers are those in the
    // list; otherwise they are generated and added to it.
    private Tensor Embed(Tensor rows, long supportRows, SupportLabels? labels, Tensor? features, List<TargetLayer> layers)
    {
        if (!Shape.IsImages)
        {
            return EmbedFeatures(rows, supportRows, labels, layers);
        }

        var (B, M) = (rows.shape[0], rows.shape[1]);
        var images = rows.transpose(0, 1).reshape(M * B, Shape.Colours, Shape.ImageSize, Shape.ImageSize);
        var maps = Together(EmbedAlike(images, labels is null ? null : layers), B);
        for (int layer = AlikeLayers; layer < Shape.Layers; layer++)
        {
            var block = trunk.Blocks[layer];
            Tensor? kernels = labels is null ? layers[layer].Weight : null;
            if (labels is not null && Shape.IsGenerated(layer))
            {
                var generator = convolutions[layer - (Shape.Layers - Shape.GeneratedLayers)];
                kernels = generator.Generate(maps.narrow(0, 0, supportRows), labels, features, block.weight);
            }

            var convolved = kernels is null ? Together(block.Convolve(Apart(maps, B)), B) : block.Convolve(maps, kernels);
            maps = Normalize(block.norm, convolved, supportRows, labels, labels is null ? layers[layer].Statistics : null, B, out var statistics);
            if (labels is not null)
            {
                layers.Add(new TargetLayer(kernels, null, statistics));
            }
        }

        return trunk.Compare(maps.reshape(M, B, -1)).transpose(0, 1);
    }

    // The layers that are the same for all tasks and normalise alike, on all rows as one batch, [M·B, C, S, S].
    private Tensor EmbedAlike(Tensor images, List<TargetLayer>? layers)
    {
        var maps = images;
        foreach (var block in trunk.Blocks.Take(AlikeLayers))
        {
            maps = block.call(maps);
            layers?.Add(new TargetLayer(null, null, null));
        }

        return maps;
    }

    private Tensor Normalize(
        ChannelNormalization norm, Tensor maps, long supportRows, SupportLabels? labels, ChannelStatistics? known, long tasks, out ChannelStatistics? statistics)
    {
        statistics = null;
        if (Shape.Normalization == FewShotNormalization.Running)
        {
            return Together(norm.call(Apart(maps, tasks)), tasks);
        }

        long queries = maps.shape[0] - supportRows;
        bool isOwn = Shape.Normalization == FewShotNormalization.Query;
        statistics = labels is null
            ? isOwn ? ChannelStatistics.Of(maps, null) : known
            : ChannelStatistics.Of(maps.narrow(0, 0, supportRows), labels.Presence.squeeze(2).t());
        if (!isOwn || supportRows == 0 || queries == 0)
        {
            return norm.Apply(maps, statistics!);
        }

        var asked = maps.narrow(0, supportRows, queries);
        return cat([norm.Apply(maps.narrow(0, 0, supportRows), statistics!), norm.Apply(asked, ChannelStatistics.Of(asked, null))], 0);
    }

    private Tensor EmbedFeatures(Tensor rows, long supportRows, SupportLabels? labels, List<TargetLayer> layers)
    {
        var standard = trunk.Standardize(rows);                                     // [B, M, length]
        if (Shape.Layers == 0)
        {
            return standard;
        }

        if (labels is not null)
        {
            var (weight, bias) = hidden is null ? (null, null) : GeneratedHidden(hidden, standard.narrow(1, 0, supportRows), labels);
            layers.Add(new TargetLayer(weight, bias, null));
        }

        return layers[0] is { Weight: { } own, Bias: { } offset }
            ? standard.bmm(own.transpose(1, 2)).add(offset.unsqueeze(1)).relu()
            : trunk.Hidden!.call(standard).relu();
    }

    private (Tensor?, Tensor?) GeneratedHidden(HiddenGenerator generator, Tensor features, SupportLabels labels) =>
        generator.Generate(features, labels, trunk.Hidden);

    // [B, N, C, S, S] → [B, N, features].
    private Tensor? Features(Tensor support)
    {
        if (image_features is null)
        {
            return null;
        }

        var (B, N) = (support.shape[0], support.shape[1]);
        return image_features.call(support.reshape(B * N, Shape.Colours, Shape.ImageSize, Shape.ImageSize)).view(B, N, Shape.ImageFeatures);
    }

    private SupportLabels Labels(Tensor candidates, Tensor? slotRows) => candidates.shape[2] <= Shape.MaxWays
        ? new SupportLabels(candidates, slotRows)
        : throw new ArgumentException($"A task may have {Shape.MaxWays} classes at most; this one has {candidates.shape[2]}.", nameof(candidates));

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
