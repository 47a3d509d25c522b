using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Baselines;

/// <summary>
/// Logistic regression on the support embeddings, task by task. Embeddings are centred at the support's mean and divided by their
/// root-mean-square distance from it, so that one strength of the penalty suits any embedding; the layer is for embeddings as they come.
/// </summary>
/// <param name="inversePenalty">C: the sum of the samples' losses has this weight against half the squared weights. Above 0.</param>
internal sealed class LogisticHead(double inversePenalty = LogisticHead.DefaultInversePenalty) : IHead
{
    /// <summary>Accuracy on characters hardly differs between 3 and 10; 1 is 2 points worse.</summary>
    internal const double DefaultInversePenalty = 5;

    public (Tensor Weight, Tensor Bias) Fit(Tensor embeddings, SupportLabels labels)
    {
        using var scope = NewDisposeScope();
        var (rows, possible) = (embeddings.to(float64).cpu(), labels.Candidates.to(float64).cpu());
        var fits = Enumerable.Range(0, (int)rows.size(0)).Select(task => FitTask(rows[task], possible[task])).ToArray();
        var weight = stack(fits.Select(fit => fit.Weight)).to(embeddings.dtype, embeddings.device);
        var bias = stack(fits.Select(fit => fit.Bias)).to(embeddings.dtype, embeddings.device);
        return (weight.MoveToOuterDisposeScope(), bias.MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
    }

    // [N, F], [N, W] → [W, F], [W]
    private (Tensor Weight, Tensor Bias) FitTask(Tensor embeddings, Tensor candidates)
    {
        var isWay = candidates.sum([0]).Gt(0);                                              // bool [W]
        var classes = isWay.nonzero().squeeze(1);                                           // int64 [ways]
        var known = candidates.sum([1]);
        var samples = known.Gt(0).logical_and(known.Lt(classes.size(0))).nonzero().squeeze(1);
        var weight = zeros([candidates.size(1), embeddings.size(1)], float64);
        var bias = TensorArithmetic.Full([candidates.size(1)], LogitsGenerator.AbsentLogit, float64);
        if (samples.size(0) == 0)
        {
            // A single class, or nothing but unlabelled samples: no answer is better than another.
            return (weight, bias.MaskedFill(isWay, 0));
        }

        var rows = embeddings.index_select(0, samples);
        var mean = rows.mean([0]);
        var centred = rows.sub(mean);
        var spread = Math.Sqrt(centred.Square().sum([1]).mean().item<double>()) is > 0 and var length ? length : 1;
        var wanted = candidates.index_select(0, samples).index_select(1, classes);
        var fit = LogisticRegression.Fit(centred.Div(spread), wanted, 1 / (inversePenalty * samples.size(0)));
        var own = fit.Weight.t().Div(spread);                                               // [ways, F]
        return (weight.index_copy(0, classes, own), bias.index_copy(0, classes, fit.Bias.sub(own.matmul(mean))));
    }
}
