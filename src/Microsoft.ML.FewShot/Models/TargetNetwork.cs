using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Models;

/// <summary>
/// One task's finished classifier, independent of whatever made it: images [M, C, S, S] in normalised units, or feature vectors
/// [M, length] → logits [M, W]. A row's logits are the same to the last bit whatever else is in the batch, unless it is transductive.
/// </summary>
internal sealed class TargetNetwork : Module<Tensor, Tensor>
{
    private readonly ModuleList<TargetConvolution> convolutions;
    private readonly Tensor? feature_mean, feature_scale;           // [length]
    private readonly Tensor? hidden_weight, hidden_bias;            // [units, length], [units]
    private readonly Tensor weight, bias;                           // [W, F], [W]
    private readonly PhotographEmbedding? embedding;
    private Tensor? metric;                                         // [D, F]: what the rule compares samples by
    private Tensor? origin;                                         // [F]: from where the rule sees photographs
    private RejectionRule? rejection;
    private Lazy<DirectBlocks>? _direct;

    /// <summary>All weights 0 until they are set or loaded.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="photographs">What embeds photographs, to be copied; null where that is loaded, or there are none.</param>
    internal TargetNetwork(TargetShape shape, PhotographEmbedding? photographs = null)
        : base(nameof(TargetNetwork))
    {
        Shape = shape;
        var network = shape.Network;
        convolutions = new ModuleList<TargetConvolution>();
        if (shape.Embedding is { } own)
        {
            embedding = !network.IsImages ? null : photographs is null ? new PhotographEmbedding(own.CorrectionRank) : photographs.Copy(own.CorrectionRank);
        }
        else if (network.IsImages)
        {
            for (int layer = 0; layer < shape.Convolutions; layer++)
            {
                convolutions.Add(new TargetConvolution(network, layer, shape.IsTransductive));
            }
        }
        else
        {
            feature_mean = Parameters.ZeroBuffer(shape.FeatureLength);
            feature_scale = Parameters.OneBuffer(shape.FeatureLength);
            hidden_weight = shape.HiddenUnits > 0 ? Parameters.ZeroBuffer(shape.HiddenUnits, shape.FeatureLength) : null;
            hidden_bias = shape.HiddenUnits > 0 ? Parameters.ZeroBuffer(shape.HiddenUnits) : null;
        }

        weight = Parameters.ZeroBuffer(shape.Classes, network.TargetLength);
        bias = Parameters.ZeroBuffer(shape.Classes);
        if (shape.RejectsUnknown)
        {
            metric = shape.MetricRank > 0 ? Parameters.ZeroBuffer(shape.MetricRank, network.TargetLength) : null;
            origin = embedding is null ? null : Parameters.ZeroBuffer(network.TargetLength);
            rejection = new RejectionRule(shape.Classes, network.EmbeddingLength);
        }

        RegisterComponents();
    }

    internal TargetShape Shape { get; private set; }

    /// <summary>What embeds photographs; null for all else.</summary>
    internal PhotographEmbedding? Embedding => embedding;

    /// <summary>What says which samples are of none of the classes; null where nothing does.</summary>
    internal RejectionRule? Rejection => rejection;

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return Product(Features(input), weight, bias).MoveToOuterDisposeScope();
    }

    /// <summary>The logits [M, W] and, where there is a rule, how sure it is that samples are of one of the classes, [M].</summary>
    internal (Tensor Logits, Tensor? Known) Answer(Tensor input)
    {
        using var scope = NewDisposeScope();
        var features = Features(input);
        var logits = Product(features, weight, bias);
        return (logits.MoveToOuterDisposeScope(), rejection?.Known(Compare(features, metric, origin)).MoveToOuterDisposeScope());
    }

    /// <summary>Samples as a rule compares them, [M, ...] → [M, F], or [M, D]; see <see cref="Reject"/>.</summary>
    internal Tensor Embed(Tensor input, Tensor? by, Tensor? from)
    {
        using var scope = NewDisposeScope();
        return Compare(Features(input), by, from).MoveToOuterDisposeScope();
    }

    /// <summary>Adds a rule, which is owned from now on.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="by">The metric [D, F] that its class means were compared by; null for none.</param>
    /// <param name="from">Where their directions were seen from, [F]; null where not directions were compared.</param>
    internal void Reject(RejectionRule rule, Tensor? by, Tensor? from)
    {
        rejection = rule;
        register_module(nameof(rejection), rule);
        metric = Keep(nameof(metric), by);
        origin = Keep(nameof(origin), from);
        Shape = Shape with { RejectsUnknown = true, MetricRank = (int)(by?.size(0) ?? 0) };
    }

    /// <summary>The side G of the last convolution's maps; 0 for feature vectors.</summary>
    internal int GridSide => Shape.ImageSize == 0 ? 0 : embedding is not null ? PhotographEmbedding.GridSide(Shape.ImageSize) : (int)Shapes.GridSide(weight.size(1) / Shape.Channels);

    /// <summary>
    /// What each place adds to a class's logit less the mean of the classes' logits, compared with a picture of the mean color, [M, C, S, S] → [M, G, G].
    /// Where the logits are linear in the last maps, the numbers add up to the difference between the two pictures; for photographs see
    /// <see cref="PhotographEmbedding.Contributions"/>.
    /// </summary>
    /// <param name="images">In normalised units.</param>
    /// <param name="slots">Class → slot, [Y].</param>
    /// <param name="classIndex">The class.</param>
    internal Tensor Contributions(Tensor images, int[] slots, int classIndex)
    {
        using var scope = NewDisposeScope();
        long G = GridSide;
        using var classes = tensor(Array.ConvertAll(slots, slot => (long)slot), device: weight.device);             // int64 [Y]
        var direction = weight[slots[classIndex]].sub(weight.index_select(0, classes).mean([0]));                   // [F]
        if (embedding is not null)
        {
            return embedding.Contributions(images, direction).MoveToOuterDisposeScope();
        }

        var maps = Maps(images).sub(Maps(zeros_like(images)));                                            // [M, F]
        return maps.mul(direction).view(-1, Shape.Channels, G, G).sum(1).MoveToOuterDisposeScope();
    }

    /// <summary>Says that the convolutions do not change any more.</summary>
    internal void Freeze() => _direct = new(Direct);

    /// <summary>Sets a convolution: kernels [c, c', 3, 3]; after pooling and rectifier, y = scale · x + shift, [c] each.</summary>
    internal void SetConvolution(int layer, Tensor kernels, Tensor scale, Tensor shift)
    {
        using var mode = no_grad();
        convolutions[layer].Set(kernels, scale, shift);
    }

    /// <summary>Sets the hidden layer: [units, length] and [units].</summary>
    internal void SetHidden(Tensor newWeight, Tensor newBias) => Set(hidden_weight!, newWeight, hidden_bias!, newBias);

    /// <summary>Sets how feature vectors are standardised: x → (x - mean) · scale, [length] each.</summary>
    internal void SetStandardization(Tensor mean, Tensor scale) => Set(feature_mean!, mean, feature_scale!, scale);

    /// <summary>Sets the logits layer: [W, F] and [W].</summary>
    internal void SetLogits(Tensor newWeight, Tensor newBias) => Set(weight, newWeight, bias, newBias);

    /// <summary>Statistics under which a normalisation is its own scale and offset.</summary>
    internal static ChannelStatistics NeutralStatistics(long channels, Device device) =>
        new(zeros([channels], float32, device), TensorArithmetic.Full([channels], 1 - ChannelNormalization.Epsilon, float32, device));

    private DirectBlocks Direct() => new([.. convolutions.Select(convolution => convolution.Direct)], Shape.Colors, Shape.ImageSize);

    // What the logits layer sees, [M, F].
    private Tensor Features(Tensor input)
    {
        if (Shape.Embedding is { } own)
        {
            return embedding is null ? own.Embed(input) : embedding.call(input);
        }

        var x = feature_mean is null || feature_scale is null ? input : input.sub(feature_mean).mul(feature_scale);
        x = Maps(x);
        x = hidden_weight is null || hidden_bias is null ? x : Product(x, hidden_weight, hidden_bias).relu();
        return Shape.IsCosine && Shape.ImageSize == 0 ? Backbone.Unit(x) : x;
    }

    private Tensor? Keep(string name, Tensor? value)
    {
        if (value is null)
        {
            return null;
        }

        var own = Parameters.Buffer(value.detach().clone());
        register_buffer(name, own);
        return own;
    }

    // Products one row at a time, as in Product, each in memory of its own: a product of a matrix and a vector may add up in another order where these begin elsewhere.
    private static Tensor Compare(Tensor features, Tensor? by, Tensor? from) =>
        by is not null ? stack(features.unbind(0).Select(row => by.mv(row.clone()))) : from is not null ? RejectionRule.Directions(features, from) : features.alias();

    // [M, C, S, S] → [M, F], the mean over an image and its shifted views.
    private Tensor Maps(Tensor x)
    {
        var maps = ShiftedViews.Mean(Convolved(x), x, Shape.QueryViews, Convolved);
        return Shape.IsCosine && Shape.ImageSize > 0 ? Backbone.Unit(maps) : maps;
    }

    // [M, C, S, S] → [M, F]; feature vectors stay as they are.
    private Tensor Convolved(Tensor x)
    {
        if (convolutions.Count > 0 && !Shape.IsTransductive && DirectConvolution.Suits(x))
        {
            return (_direct?.Value ?? Direct()).Run(x).reshape(x.size(0), -1);
        }

        foreach (var convolution in convolutions)
        {
            x = convolution.call(x);
        }

        return x.reshape(x.size(0), -1);
    }

    // Products and sums one row at a time: a matrix product would choose its order of summation by the number of rows.
    private static Tensor Product(Tensor x, Tensor weight, Tensor bias) => x.unsqueeze(1).mul(weight).sum(2).Add(bias);

    private static void Set(Tensor first, Tensor firstValue, Tensor second, Tensor secondValue)
    {
        using var mode = no_grad();
        first.copy_(firstValue);
        second.copy_(secondValue);
    }
}

/// <summary>A finished convolution of one task with what follows it, [M, c', S, S] → [M, c, S', S'].</summary>
internal sealed class TargetConvolution : Module<Tensor, Tensor>
{
    private readonly Tensor kernels;            // [c, c', 3, 3]
    private readonly Tensor scale, shift;       // [c]
    private readonly bool _hasPool, _hasActivation, _isTransductive;

    internal TargetConvolution(FewShotShape shape, int layer, bool isTransductive)
        : base(nameof(TargetConvolution))
    {
        kernels = Parameters.ZeroBuffer(shape.Channels, shape.InputChannels(layer), 3, 3);
        scale = Parameters.OneBuffer(shape.Channels);
        shift = Parameters.ZeroBuffer(shape.Channels);
        _hasPool = shape.HasPool(layer);
        _hasActivation = shape.HasActivation(layer);
        _isTransductive = isTransductive;
        RegisterComponents();
    }

    /// <summary>The same for <see cref="DirectBlocks"/>, which know nothing of the statistics of a batch.</summary>
    internal DirectBlock Direct => new(kernels, scale, shift, _hasPool, _hasActivation);

    public override Tensor forward(Tensor maps)
    {
        using var scope = NewDisposeScope();
        var convolved = BackboneBlock.Rectify(Convolutions.ImageByImage(maps, kernels), _hasPool, _hasActivation);
        if (_isTransductive)
        {
            var statistics = ChannelStatistics.Of(convolved, null);
            convolved = convolved.sub(statistics.Mean.view(1, -1, 1, 1)).mul(statistics.Variance.Add(ChannelNormalization.Epsilon).rsqrt().view(1, -1, 1, 1));
        }

        return convolved.mul(scale.view(1, -1, 1, 1)).Add(shift.view(1, -1, 1, 1)).MoveToOuterDisposeScope();
    }

    internal void Set(Tensor newKernels, Tensor newScale, Tensor newShift)
    {
        kernels.copy_(newKernels);
        scale.copy_(newScale);
        shift.copy_(newShift);
    }
}
