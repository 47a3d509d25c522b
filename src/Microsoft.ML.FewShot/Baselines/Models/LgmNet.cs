using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Baselines.Models;

/// <summary>
/// A generator after LGM-Net (Li, Dong, Mei, Ma, Huang and Hu, "LGM-Net: Learning to Generate Matching Networks for Few-Shot Learning", ICML 2019, arXiv 1905.06331): the mean encoding
/// of a support set is a normal distribution of task contexts, from one of which a linear map for each layer gives its kernels, each brought to unit length; queries are
/// matched with the support set by the cosine of their embeddings. In training a context is drawn, otherwise the mean serves.
/// </summary>
/// <remarks>
/// Differs from the paper: a class's logit is the mean cosine with its samples, times a learned scale, in place of attention over samples, so that the result is a classifier with a
/// logits layer; variances are below 1, for kernels of unit length set no other limit to noise, which in some trainings grew until it was not finite; the backbone's own kernels are the
/// constant part of the linear maps; the support set's statistics normalise, not those of a batch of queries.
/// </remarks>
internal sealed class LgmNet : MetaLearner
{
    private const int Encoded = 32;

    // Cosines are at most 1.
    private const double StartScale = 10;

    private readonly ImageFeatures? encoder;
    private readonly Dense? vector_encoder;
    private readonly Dense context;                 // [encoded] → mean and logit of the variance of each number of the context
    private readonly ModuleList<Dense> maps;        // of each layer, [context] → its weights
    private readonly Parameter log_scale;           // [1]

    /// <param name="shape">With a context.</param>
    /// <param name="random">Draws the start weights.</param>
    internal LgmNet(FewShotShape shape, Random random)
        : base(nameof(LgmNet), shape, random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shape.ContextLength, 1);
        using var scope = NewDisposeScope();
        encoder = shape.IsImages ? new ImageFeatures(shape with { ImageFeatures = Encoded }, random) : null;
        vector_encoder = shape.IsImages ? null : Dense.Xavier(random, shape.FeatureLength, Encoded);
        context = Dense.Xavier(random, Encoded, 2 * shape.ContextLength);
        maps = new ModuleList<Dense>();
        foreach (var layer in TaskEmbedding.Shared(trunk, 1))
        {
            maps.Add(Dense.Xavier(random, shape.ContextLength, layer.numel()));
        }

        log_scale = Parameters.Zeros(1);
        using var mode = no_grad();
        log_scale.Fill_(Math.Log(StartScale));
        RegisterComponents();
    }

    internal override string Adaptation => nameof(LgmNet);

    internal override TaskWeights Adapt(Tensor support, SupportLabels labels, TaskDraws? draws)
    {
        using var mode = enable_grad(training);
        var drawn = Context(support, labels, draws);                                            // [B, context]
        var layers = TaskEmbedding.Shared(trunk, support.size(0)).Zip(maps, (own, map) => Unit(own.Add(map.call(drawn).view(own.shape)))).ToArray();
        var (embedded, _) = TaskEmbedding.Embed(trunk, layers, support, null, TaskEmbedding.InformativeOf(labels));   // [B, N, F], of unit length
        var shares = labels.Shares.mul(labels.Informative);                                         // [B, N, W]
        var means = shares.transpose(1, 2).bmm(embedded).div(shares.sum(1).ClampMin(Backbone.Smallest).unsqueeze(2));       // [B, W, F]
        return new TaskWeights(layers, means.mul(log_scale.exp()), zeros_like(labels.Ways));
    }

    /// <summary>The context of each task, [B, context]: a draw, or without draws the mean.</summary>
    internal Tensor Context(Tensor support, SupportLabels labels, TaskDraws? draws)
    {
        var (B, N) = (support.size(0), support.size(1));
        var encoded = encoder is not null ? encoder.call(support.flatten(0, 1)) : vector_encoder!.call(trunk.Standardize(support).flatten(0, 1)).relu();
        var counted = labels.Informative;
        var mean = encoded.view(B, N, -1).mul(counted).sum(1).div(counted.sum(1).ClampMin(1));   // [B, encoded]
        var parts = context.call(mean).split([Shape.ContextLength, Shape.ContextLength], 1);
        if (draws is null)
        {
            return parts[0];
        }

        using var noise = Parameters.Normal(draws.Random, 1, draws.Total, Shape.ContextLength);
        var deviation = functional.logsigmoid(parts[1]).Mul(0.5).exp();
        return parts[0].Add(deviation.mul(noise.detach().narrow(0, draws.First, B).to(support.device)));
    }

    // Each kernel, or row of a hidden layer, of unit length: [B, c, ...].
    private static Tensor Unit(Tensor weights) => Backbone.Unit(weights.flatten(2)).view(weights.shape);
}
