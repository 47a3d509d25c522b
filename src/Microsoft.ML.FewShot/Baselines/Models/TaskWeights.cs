using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Baselines.Models;

/// <summary>The weights of B tasks while they adapt.</summary>
/// <param name="Layers">Of each convolution [B, c, c', 3, 3], or of the hidden layer on feature vectors [B, hidden, length].</param>
/// <param name="Head">Of the logits layer, [B, W, F].</param>
/// <param name="Bias">Of the logits layer, [B, W].</param>
internal sealed record TaskWeights(IReadOnlyList<Tensor> Layers, Tensor Head, Tensor Bias)
{
    /// <summary>All of them; the gradient comes in this order.</summary>
    internal IList<Tensor> All => [.. Layers, Head, Bias];

    /// <summary>The same values without their past, ready for a gradient of their own.</summary>
    internal TaskWeights Detached() => new([.. Layers.Select(Leaf)], Leaf(Head), Leaf(Bias));

    /// <summary>One gradient step.</summary>
    /// <param name="gradient">In the order of <see cref="All"/>.</param>
    /// <param name="rates">Of each layer and, last, of the logits layer, [layers + 1].</param>
    /// <param name="ways">The classes of each task, [B].</param>
    internal TaskWeights Step(IList<Tensor> gradient, Tensor rates, Tensor ways)
    {
        // A class gets its share 1/W of the mean loss: with the factor W, a rate means the same in tasks of any size.
        var headRate = rates[Layers.Count].mul(ways).unsqueeze(1);      // [B, 1]
        return new(
            [.. Layers.Select((layer, i) => layer.sub(gradient[i].mul(rates[i])))],
            Head.sub(gradient[Layers.Count].mul(headRate.unsqueeze(2))),
            Bias.sub(gradient[Layers.Count + 1].mul(headRate)));
    }

    /// <summary>All in one row for each task, [B, P].</summary>
    internal Tensor Flat() => Flat(All);

    /// <summary>Weights, or what there is of each, in one row for each task, [B, P].</summary>
    internal static Tensor Flat(IEnumerable<Tensor> all) => cat([.. all.Select(one => one.reshape(one.size(0), -1))], 1);

    /// <summary>Weights of the same sizes out of such rows.</summary>
    internal TaskWeights OfFlat(Tensor rows)
    {
        Tensor[] all = [.. rows.split([.. All.Select(one => one.numel() / one.size(0))], 1).Zip(All, (part, one) => part.reshape(one.shape))];
        return new([.. all.Take(Layers.Count)], all[^2], all[^1]);
    }

    private static Tensor Leaf(Tensor value) => value.detach().requires_grad_();
}
