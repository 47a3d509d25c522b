using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Models;

/// <summary>
/// The learned metric that images are compared by: a linear map A of rank D from the features f of the last map to embeddings e = A f, so that Euclidean
/// distances between embeddings are Mahalanobis distances between features, |A (f - f')|² (Goldberger et al. 2004, neighbourhood components analysis). A logits
/// layer on embeddings is one on features, w·e = (Aᵀ w)·f: a finished classifier has no trace of it and is no larger.
/// </summary>
internal sealed class Metric : Module<Tensor, Tensor>
{
    private readonly Parameter weight;      // [D, features]

    /// <summary>Starts as a random map that keeps squared lengths on average.</summary>
    internal Metric(long features, long rank, Random random)
        : base(nameof(Metric))
    {
        weight = Parameters.Normal(random, Math.Sqrt(1.0 / rank), rank, features);
        RegisterComponents();
    }

    /// <summary>A, [D, features].</summary>
    internal Tensor Map => weight;

    /// <summary>[..., features] → [..., D].</summary>
    public override Tensor forward(Tensor features) => functional.linear(features, weight);

    /// <summary>Weights on embeddings as weights on features, [..., D] → [..., features].</summary>
    internal Tensor Fold(Tensor weights) => functional.linear(weights, weight.t());
}
