using System.Runtime.InteropServices;
using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Scoring;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT;

/// <summary>What a trained model says of images as it is going to score them, and what that tells about its probabilities.</summary>
internal sealed class HeldOutLogits
{
    /// <summary>From more images a quantile is not much surer.</summary>
    public const int Enough = 2000;

    // Probabilities that are that far off would be those of a model that has learned nothing, or of too few images.
    private const double Coldest = 0.1, Hottest = 10;
    private const int Steps = 60;

    // ln T is believed to be about 0 ± 0.3: so much do (ln T)² / 2 of ten images say.
    private const double PriorImages = 10;

    private readonly float[] _logits;       // [V, N, Y]
    private readonly long[] _labels;        // [N]
    private readonly int _views, _classes;

    /// <param name="logits">[V, N, Y]: of V views of N images.</param>
    /// <param name="labels">[N].</param>
    /// <param name="views">V.</param>
    internal HeldOutLogits(float[] logits, long[] labels, int views) =>
        (_logits, _labels, _views, _classes) = (logits, labels, views, logits.Length / (labels.Length * views));

    /// <summary>Lets a model look at images.</summary>
    /// <param name="model">In evaluation mode.</param>
    /// <param name="normalization">What its pixels are normalised with.</param>
    /// <param name="images">At least one.</param>
    /// <param name="isMirroring">Whether mirror images are scored too.</param>
    /// <param name="batchSize">How many at once.</param>
    /// <param name="device">Where the model is.</param>
    public static HeldOutLogits Read(VisionTransformer model, ImageNormalization normalization, ImageDataSet images, bool isMirroring, int batchSize, Device device)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var (logits, labels) = (new List<Tensor>(), new List<long>());
        foreach (var batch in ImageBatchReader.ReadAll(images, batchSize, device, CancellationToken.None))
        {
            using (batch)
            {
                using var inner = NewDisposeScope();
                var inputs = normalization.Apply(batch.Inputs);
                Tensor[] views = isMirroring ? [model.call(inputs), model.call(inputs.flip([3]))] : [model.call(inputs)];
                logits.Add(stack(views).to(float32).cpu().MoveToOuterDisposeScope());                  // [V, B, Y]
                labels.AddRange(batch.Labels.cpu().data<long>());
            }
        }

        var all = cat(logits, 1).contiguous();
        return new HeldOutLogits(MemoryMarshal.Cast<byte, float>(all.bytes).ToArray(), [.. labels], isMirroring ? 2 : 1);
    }

    /// <summary>
    /// The temperature T that logits are to be divided by, in [0.1, 10]: the one at which the mean of -log p of the images' classes is least. Ten images' worth of (ln T)² / 2 are
    /// added, so that some tens of images that are all right do not make a model sure of everything.
    /// </summary>
    public double Temperature()
    {
        // Golden section over ln T.
        var (low, high, ratio) = (Math.Log(Coldest), Math.Log(Hottest), (Math.Sqrt(5) - 1) / 2);
        var (left, right) = (high - (ratio * (high - low)), low + (ratio * (high - low)));
        var (lossLeft, lossRight) = (Penalized(left), Penalized(right));
        for (var step = 0; step < Steps; step++)
        {
            if (lossLeft < lossRight)
            {
                (high, right, lossRight) = (right, left, lossLeft);
                left = high - (ratio * (high - low));
                lossLeft = Penalized(left);
            }
            else
            {
                (low, left, lossLeft) = (left, right, lossRight);
                right = low + (ratio * (high - low));
                lossRight = Penalized(right);
            }
        }

        return Math.Exp((low + high) / 2);
    }

    /// <summary>The mean of -log p of the images' classes at a temperature.</summary>
    public double Loss(double temperature) => Probabilities(temperature).Select((row, image) => -Math.Log(Math.Max(row[_labels[image]], 1e-30))).Average();

    /// <summary>The threshold on one less the largest probability, at a temperature, above which a share of the images is.</summary>
    public double Threshold(double falseRejectionRate, double temperature) => Math.Max(TttImageScorer.LeastThreshold,
        KnownScore.Quantile([.. Probabilities(temperature).Select(row => 1 - row.Max())], 1 - falseRejectionRate));

    private double Penalized(double logTemperature) => Loss(Math.Exp(logTemperature)) + (PriorImages * logTemperature * logTemperature / (2.0 * _labels.Length));

    // The mean over the views, [N] of [Y].
    private IEnumerable<double[]> Probabilities(double temperature)
    {
        for (var image = 0; image < _labels.Length; image++)
        {
            var mean = new double[_classes];
            for (var view = 0; view < _views; view++)
            {
                var logits = _logits.AsSpan(((view * _labels.Length) + image) * _classes, _classes).ToArray();
                var largest = logits.Max();
                var powers = Array.ConvertAll(logits, logit => Math.Exp((logit - largest) / temperature));
                var sum = powers.Sum() * _views;
                for (var i = 0; i < _classes; i++)
                {
                    mean[i] += powers[i] / sum;
                }
            }

            yield return mean;
        }
    }
}
