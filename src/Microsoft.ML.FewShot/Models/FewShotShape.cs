using System.Text.Json.Serialization;
using Microsoft.ML.VisionCore.Options;

namespace Microsoft.ML.FewShot.Models;

/// <summary>Everything that decides which tensors a model of this package has and what it computes. Stored beside the weights as it is.</summary>
internal sealed record FewShotShape
{
    /// <summary>The image side S in pixels; 0 where the input is feature vectors.</summary>
    public int ImageSize { get; init; } = 28;

    /// <summary>The numbers per pixel C: 1 grey, 3 colour.</summary>
    [JsonPropertyName("Colours")]
    public int Colors { get; init; } = 1;

    /// <summary>The numbers per feature vector; 0 where the input is images.</summary>
    public int FeatureLength { get; init; }

    /// <summary>How rows are embedded where that is not learned; null where it is. With vectors of any length, FeatureLength is 0 until there are some.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EmbeddingShape? Embedding { get; init; }

    /// <summary>The hidden units of the network on feature vectors; 0 for the logits layer alone.</summary>
    public int HiddenUnits { get; init; }

    /// <summary>The channels c of every convolution of the target network.</summary>
    public int Channels { get; init; } = 64;

    /// <summary>The convolutions of the target network.</summary>
    public int Convolutions { get; init; } = 4;

    /// <summary>How many convolutions, from the first, are followed by a pooling that halves the side; in the paper all four.</summary>
    public int Poolings { get; init; } = 3;

    /// <summary>Whether the last convolution is followed by a rectifier too, as in the paper.</summary>
    public bool LastActivation { get; init; }

    /// <summary>The rank D of the learned <see cref="Metric"/> that images are compared by; 0 for the plain Euclidean distance.</summary>
    public int MetricRank { get; init; }

    /// <summary>The most classes W that a task may have: the rows of the label tables.</summary>
    public int MaxWays { get; init; } = 20;

    /// <summary>Whose statistics normalise the channels.</summary>
    public FewShotNormalization Normalization { get; init; } = FewShotNormalization.Running;

    /// <summary>How many layers below the logits are generated a task, counted from the last: 0 is the logits layer alone.</summary>
    public int GeneratedLayers { get; init; }

    /// <summary>Whether a generated layer is added to learned weights; otherwise it is all there is.</summary>
    public bool AddLearnedWeights { get; init; } = true;

    /// <summary>How weights are generated.</summary>
    public FewShotDesign Design { get; init; } = FewShotDesign.Prototype;

    /// <summary>Whether the encoders normalise before attention and feed-forward; otherwise after them, as in the paper.</summary>
    public bool PreNorm { get; init; } = true;

    /// <summary>The blocks of every encoder.</summary>
    public int EncoderLayers { get; init; } = 2;

    /// <summary>The heads H of every encoder.</summary>
    public int EncoderHeads { get; init; } = 2;

    /// <summary>The token width D of every encoder; the paper's design has its own widths.</summary>
    public int EncoderWidth { get; init; } = 128;

    /// <summary>The width of the label codes in the paper's design.</summary>
    public int LabelWidth { get; init; } = 32;

    /// <summary>The numbers that the shared image extractor gives, where <see cref="UsesImageFeatures"/>.</summary>
    public int ImageFeatures { get; init; } = 8;

    /// <summary>The numbers of a task's context, from which <see cref="Baselines.Models.LgmNet"/> makes kernels, and with which embeddings have unit length; 0 for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int ContextLength { get; init; }

    /// <summary>The steps of soft k-means that refine the class means by unlabelled samples.</summary>
    public int SoftKMeansSteps { get; init; } = 3;

    /// <summary>The <see cref="ShiftedViews"/> of every support image that its embedding is averaged over, beside itself, when a classifier is generated.</summary>
    public int SupportViews { get; init; } = 2;

    /// <summary>The same of every query, when it is scored.</summary>
    public int QueryViews { get; init; } = 2;

    /// <summary>The views of a support image that count: none where there are no images, or where the statistics are those of the queries.</summary>
    public int UsedSupportViews => HasViews ? SupportViews : 0;

    /// <summary>The same of a query.</summary>
    public int UsedQueryViews => HasViews ? QueryViews : 0;

    private bool HasViews => IsImages && Embedding is null && Normalization != FewShotNormalization.Query;

    /// <summary>Whether vectors of any length are taken.</summary>
    internal bool IsAnyLength => Embedding is not null && !IsImages && FeatureLength == 0;

    /// <summary>Whether the input is images.</summary>
    public bool IsImages => ImageSize > 0;

    /// <summary>The layers below the logits: the convolutions, or the hidden layer.</summary>
    public int Layers => Embedding is not null ? 0 : IsImages ? Convolutions : HiddenUnits > 0 ? 1 : 0;

    /// <summary>Whether generators see features of the raw images.</summary>
    public bool UsesImageFeatures => IsImages && ImageFeatures > 0 && (Design == FewShotDesign.Paper || GeneratedLayers > 0);

    /// <summary>What the logits layer of a finished classifier sees: the numbers of the last map, of the hidden layer, or of the feature vector.</summary>
    public int TargetLength => IsImages && Embedding is not null ? EmbeddingShape.PhotographLength : !IsImages ? (HiddenUnits > 0 ? HiddenUnits : FeatureLength) : Channels * SideAfter(Convolutions) * SideAfter(Convolutions);

    /// <summary>The embedding length F, by which images are compared: the rank of the metric where there is one.</summary>
    public int EmbeddingLength => MetricRank > 0 ? MetricRank : TargetLength;

    /// <summary>
    /// What squared distances between embeddings are multiplied with before anything is learned: 4 / <see cref="TargetLength"/>. A new metric keeps squared lengths
    /// on average, whatever its rank.
    /// </summary>
    internal double StartLogitScale => 4.0 / TargetLength;

    /// <summary>The paper's form: tokens of its layout, post-norm encoders of three blocks, weights from scratch, four poolings, support statistics, no views.</summary>
    internal static FewShotShape Paper(int channels) => new()
    {
        Channels = channels,
        Poolings = 4,
        LastActivation = true,
        Normalization = FewShotNormalization.Support,
        GeneratedLayers = 4,
        AddLearnedWeights = false,
        Design = FewShotDesign.Paper,
        PreNorm = false,
        EncoderLayers = 3,
        ImageFeatures = 32,
        SupportViews = 0,
        QueryViews = 0
    };

    /// <summary>Whether layer <paramref name="layer"/>, from 0, is generated.</summary>
    internal bool IsGenerated(int layer) => layer >= Layers - GeneratedLayers;

    /// <summary>Whether a pooling follows convolution <paramref name="layer"/>.</summary>
    internal bool HasPool(int layer) => layer < Poolings;

    /// <summary>Whether a rectifier follows convolution <paramref name="layer"/>.</summary>
    internal bool HasActivation(int layer) => layer < Convolutions - 1 || LastActivation;

    /// <summary>The channels that layer <paramref name="layer"/> reads.</summary>
    internal int InputChannels(int layer) => layer == 0 ? Colors : Channels;

    /// <summary>The side of the map after the first <paramref name="convolutions"/> convolutions.</summary>
    internal int SideAfter(int convolutions) => ImageSize >> Math.Min(convolutions, Poolings);

    /// <summary>Everything that is wrong with this shape, in the words of its members.</summary>
    internal IEnumerable<string> Violations()
    {
        foreach (var violation in OptionCheck.Outside(Ranges()))
        {
            yield return violation;
        }

        foreach (var (name, isDefined) in new[] { (nameof(Normalization), Enum.IsDefined(Normalization)), (nameof(Design), Enum.IsDefined(Design)) })
        {
            if (!isDefined)
            {
                yield return $"{name} has no such value.";
            }
        }

        foreach (var violation in Relations())
        {
            yield return violation;
        }
    }

    /// <summary>Throws one exception that names every violation.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The shape is impossible.</exception>
    internal void Validate(string parameterName) => OptionCheck.Throw(Violations(), parameterName);

    private (string Name, double? Value, double Low, double High)[] Ranges() =>
    [
        (nameof(ImageSize), ImageSize, 0, 1024), (nameof(FeatureLength), FeatureLength, 0, 1_000_000), (nameof(HiddenUnits), HiddenUnits, 0, 65536),
        (nameof(Channels), Channels, 1, 4096), (nameof(MetricRank), MetricRank, 0, 65536), (nameof(Convolutions), Convolutions, 1, 8), (nameof(Poolings), Poolings, 0, 8),
        (nameof(MaxWays), MaxWays, 2, 10_000),
        (nameof(EncoderLayers), EncoderLayers, Design == FewShotDesign.Paper ? 1 : 0, 24), (nameof(EncoderHeads), EncoderHeads, 1, 64),
        (nameof(EncoderWidth), EncoderWidth, 1, 8192), (nameof(LabelWidth), LabelWidth, 1, 8192), (nameof(ImageFeatures), ImageFeatures, 0, 4096),
        (nameof(ContextLength), ContextLength, 0, 4096),
        (nameof(SoftKMeansSteps), SoftKMeansSteps, 0, 100), (nameof(SupportViews), SupportViews, 0, ShiftedViews.Most),
        (nameof(QueryViews), QueryViews, 0, ShiftedViews.Most)
    ];

    private IEnumerable<string> Relations()
    {
        if (IsImages == (FeatureLength > 0) && !IsAnyLength)
        {
            yield return $"Either ImageSize or FeatureLength must be above 0, and not both; they are {ImageSize} and {FeatureLength}.";
        }

        if (Colors is not (1 or 3))
        {
            yield return $"Colors must be 1 or 3; it is {Colors}.";
        }

        if (IsImages && Convolutions is >= 1 and <= 8 && SideAfter(Convolutions) < 1)
        {
            yield return $"ImageSize {ImageSize} is too small for {Convolutions} convolutions with {Poolings} poolings.";
        }

        foreach (var violation in Embedding?.Violations(IsImages) ?? [])
        {
            yield return violation;
        }

        if (Embedding is not null && (HiddenUnits > 0 || MetricRank > 0 || Normalization != FewShotNormalization.Running || (IsImages && (ImageSize != EmbeddingShape.PhotographSide || Colors != 3))))
        {
            yield return $"Where Embedding is given, HiddenUnits and MetricRank must be 0, Normalization Running, and images coloured and of {EmbeddingShape.PhotographSide} pixels.";
        }

        if (MetricRank > 0 && (!IsImages || Design == FewShotDesign.Paper))
        {
            yield return $"MetricRank must be 0 for feature vectors and in the paper's design; it is {MetricRank}.";
        }

        if (ContextLength > 0 && (MetricRank > 0 || GeneratedLayers > 0 || Embedding is not null))
        {
            yield return $"With ContextLength, MetricRank and GeneratedLayers must be 0 and Embedding must not be given.";
        }

        if (GeneratedLayers < 0 || GeneratedLayers > Layers)
        {
            yield return $"GeneratedLayers must be in [0, {Layers}]; it is {GeneratedLayers}.";
        }

        if (Design == FewShotDesign.Prototype && EncoderHeads >= 1 && EncoderWidth % EncoderHeads != 0)
        {
            yield return $"EncoderWidth must be a multiple of EncoderHeads; {EncoderWidth} is no multiple of {EncoderHeads}.";
        }
    }
}
