using Microsoft.ML.FewShot.Models;
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
        var fits = Enumerable.Range(0, (int)embeddings.shape[0]).Select(task => FitTask(embeddings[task], labels.Candidates[task])).ToArray();
        var weight = stack(fits.Select(fit => fit.Weight)).to(embeddings.dtype, embeddings.device);
        var bias = stack(fits.Select(fit => fit.Bias)).to(embeddings.dtype, embeddings.device);
        return (weight.MoveToOuterDisposeScope(), bias.MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
    }

    // [N, F], [N, W] → [W, F], [W], in float64 on the CPU
    private (Tensor Weight, Tensor Bias) FitTask(Tensor embeddings, Tensor candidates)
    {
        var (rows, possible) = (Rows(embeddings), Rows(candidates));
        var (F, W) = ((int)embeddings.shape[1], (int)candidates.shape[1]);
        int[] classes = [.. Enumerable.Range(0, W).Where(way => possible.Any(row => row[way] > 0))];
        int[] samples = [.. Enumerable.Range(0, possible.Length).Where(i => classes.Count(way => possible[i][way] > 0) is > 0 and var count && count < classes.Length)];
        var (weight, bias) = (new double[W * F], new double[W]);
        Array.Fill(bias, LogitsGenerator.AbsentLogit);
        if (samples.Length == 0)
        {
            // A single class, or nothing but unlabelled samples: no answer is better than another.
            Array.ForEach(classes, way => bias[way] = 0);
            return (tensor(weight, [W, F]), tensor(bias));
        }

        var (features, mean, spread) = Standardize(samples, rows, F);
        var wanted = samples.SelectMany(i => classes.Select(way => possible[i][way])).ToArray();
        var fit = LogisticRegression.Fit(features, wanted, samples.Length, classes.Length, 1 / (inversePenalty * samples.Length));
        for (var c = 0; c < classes.Length; c++)
        {
            var own = weight.AsSpan(classes[c] * F, F);
            DoubleVectors.Add(own, fit.Weight.AsSpan(c * F, F), 1 / spread);
            bias[classes[c]] = fit.Bias[c] - DoubleVectors.Dot(own, mean);
        }

        return (tensor(weight, [W, F]), tensor(bias));
    }

    private static (double[] Features, double[] Mean, double Spread) Standardize(int[] samples, double[][] rows, int width)
    {
        var mean = new double[width];
        Array.ForEach(samples, i => DoubleVectors.Add(mean, rows[i], 1.0 / samples.Length));
        var features = samples.SelectMany(i => rows[i].Zip(mean, (value, middle) => value - middle)).ToArray();
        var spread = DoubleVectors.Length(features) / Math.Sqrt(samples.Length);
        spread = spread > 0 ? spread : 1;
        return (Array.ConvertAll(features, value => value / spread), mean, spread);
    }

    private static double[][] Rows(Tensor matrix)
    {
        var values = matrix.to(float64).cpu().contiguous().data<double>().ToArray();
        return [.. values.Chunk((int)matrix.shape[1])];
    }
}
