using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Models;

/// <summary>
/// A generator whose embedding is not learned from nothing: that of photographs by ML.NET's ResNet-18 with a correction, or the vectors that a user brings. From
/// the embedded support set a <see cref="RidgeHead"/> makes the logits layer.
/// </summary>
internal sealed class EmbeddingModel : Module
{
    /// <summary>What other methods multiply squared distances between embeddings, which are of length 1 at most, with.</summary>
    internal const double LogitScale = 20;

    private const int Parts = 2;

    private readonly Backbone trunk;
    private readonly RidgeHead head;

    /// <exception cref="ArgumentOutOfRangeException">The shape is impossible; the message names every reason.</exception>
    internal EmbeddingModel(FewShotShape shape)
        : base(nameof(EmbeddingModel))
    {
        Shape = shape;
        trunk = new Backbone(shape, new Random(0));
        head = shape.IsImages ? new RidgeHead(Parts, EmbeddingShape.PhotographLength) : new RidgeHead();
        RegisterComponents();
    }

    internal FewShotShape Shape { get; }

    /// <summary>The embedding.</summary>
    internal Backbone Backbone => trunk;

    /// <summary>What makes the logits layer.</summary>
    internal RidgeHead Head => head;

    /// <summary>What photographs are generated with, without what was learned.</summary>
    internal static FewShotShape Photographs(int rank) => Of(EmbeddingShape.Photographs(rank)) with { ImageSize = EmbeddingShape.PhotographSide, Colors = 3 };

    /// <summary>Vectors of a length, or of any where that is 0.</summary>
    internal static FewShotShape Vectors(int length) => Of(new EmbeddingShape()) with { ImageSize = 0, FeatureLength = length };

    /// <summary>A model for embeddings of this one's photographs, which has its head.</summary>
    internal EmbeddingModel OfEmbeddings() => new(this);

    private EmbeddingModel(EmbeddingModel photographs)
        : base(nameof(EmbeddingModel))
    {
        Shape = new FewShotShape { ImageSize = 0, FeatureLength = EmbeddingShape.PhotographLength, MaxWays = photographs.Shape.MaxWays, SupportViews = 0, QueryViews = 0 };
        trunk = new Backbone(Shape, new Random(0));
        head = photographs.head.Copy();
        RegisterComponents();
    }

    // The head makes a layer for any number of classes.
    private static FewShotShape Of(EmbeddingShape embedding) => new() { Embedding = embedding, MaxWays = 10_000, SupportViews = 0, QueryViews = 0, EncoderLayers = 0 };
}
