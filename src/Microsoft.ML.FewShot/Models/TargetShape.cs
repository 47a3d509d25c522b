using System.Text.Json.Serialization;

namespace Microsoft.ML.FewShot.Models;

/// <summary>Everything that decides which tensors a <see cref="TargetNetwork"/> has and what it computes. Stored beside the weights as it is.</summary>
internal sealed record TargetShape
{
    /// <summary>The classes W.</summary>
    public required int Classes { get; init; }

    /// <summary>The image side S in pixels; 0 where the input is feature vectors.</summary>
    public required int ImageSize { get; init; }

    /// <summary>The numbers per pixel C.</summary>
    [JsonPropertyName("Colours")]
    public required int Colors { get; init; }

    /// <summary>The numbers per feature vector; 0 where the input is images.</summary>
    public required int FeatureLength { get; init; }

    /// <summary>How rows are embedded where that is not learned; null where it is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EmbeddingShape? Embedding { get; init; }

    /// <summary>The hidden units on feature vectors; 0 for none.</summary>
    public required int HiddenUnits { get; init; }

    /// <summary>The channels c of every convolution.</summary>
    public required int Channels { get; init; }

    /// <summary>The convolutions.</summary>
    public required int Convolutions { get; init; }

    /// <summary>How many convolutions, from the first, are followed by a pooling that halves the side.</summary>
    public required int Poolings { get; init; }

    /// <summary>Whether the last convolution is followed by a rectifier too.</summary>
    public required bool LastActivation { get; init; }

    /// <summary>The <see cref="ShiftedViews"/> of an image that its embedding is averaged over, beside itself.</summary>
    public required int QueryViews { get; init; }

    /// <summary>Whether the statistics of the batch that is scored normalise it, so that scores depend on what is scored together.</summary>
    public required bool IsTransductive { get; init; }

    /// <summary>Whether embeddings are brought to length 1, so that the logits are cosines times a scale.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsCosine { get; init; }

    /// <summary>Whether it has a <see cref="RejectionRule"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool RejectsUnknown { get; init; }

    /// <summary>The rank D of the <see cref="Metric"/> that the rule compares images by; 0 for the plain Euclidean distance.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int MetricRank { get; init; }

    /// <summary>The generator's shape that has the same network.</summary>
    internal FewShotShape Network => new()
    {
        ImageSize = ImageSize,
        Colors = Colors,
        FeatureLength = FeatureLength,
        Embedding = Embedding,
        HiddenUnits = HiddenUnits,
        Channels = Channels,
        Convolutions = Convolutions,
        Poolings = Poolings,
        LastActivation = LastActivation,
        MetricRank = MetricRank,
        QueryViews = QueryViews
    };

    /// <summary>The network that a model of <paramref name="shape"/> generates for so many classes.</summary>
    internal static TargetShape Of(FewShotShape shape, int classes, int queryViews = 0) => new()
    {
        Classes = classes,
        ImageSize = shape.ImageSize,
        Colors = shape.Colors,
        FeatureLength = shape.FeatureLength,
        Embedding = shape.Embedding,
        HiddenUnits = shape.HiddenUnits,
        Channels = shape.Channels,
        Convolutions = shape.Convolutions,
        Poolings = shape.Poolings,
        LastActivation = shape.LastActivation,
        QueryViews = queryViews,
        IsTransductive = shape.IsImages && shape.Normalization == FewShotNormalization.Query,
        IsCosine = shape.ContextLength > 0
    };

    /// <summary>Everything that is wrong with this shape, in the words of its members.</summary>
    internal IEnumerable<string> Violations() => Network.Violations().Concat(ClassViolations());

    private IEnumerable<string> ClassViolations()
    {
        if (Classes is < 1 or > 1_000_000)
        {
            yield return $"Classes must be in [1, 1000000]; it is {Classes}.";
        }

        if (IsCosine && (QueryViews > 0 || Embedding is not null))
        {
            yield return "With IsCosine, QueryViews must be 0 and Embedding must not be given.";
        }

        if (QueryViews > 0 && (ImageSize == 0 || IsTransductive))
        {
            yield return $"QueryViews must be 0 for feature vectors and where IsTransductive; it is {QueryViews}.";
        }
    }
}
