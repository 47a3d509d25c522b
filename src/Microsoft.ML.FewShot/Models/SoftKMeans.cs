using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Models;

/// <summary>
/// Class means from labelled samples, refined by the others: in each step a sample that has no label takes part in the classes that are
/// possible for it, by its distance to their means. Without such samples these are the plain means. Temperatures and weights are
/// learned a step; all start at 1.
/// </summary>
internal sealed class SoftKMeans : Module
{
    // Keeps empty sums out of the divisions, far below any real mass.
    private const double Tiny = 1e-12;
    private const double Impossible = 1e9;

    private readonly Parameter? log_temperature, log_weight;        // [steps]
    private readonly int _steps;

    internal SoftKMeans(int steps)
        : base(nameof(SoftKMeans))
    {
        _steps = steps;
        log_temperature = steps > 0 ? Parameters.Zeros(steps) : null;
        log_weight = steps > 0 ? Parameters.Zeros(steps) : null;
        RegisterComponents();
    }

    /// <summary>The class means.</summary>
    /// <param name="embeddings">[B, N, F].</param>
    /// <param name="labels">What is known of the samples' classes.</param>
    /// <param name="logitScale">What squared distances are multiplied with, beside the step's temperature; of one element.</param>
    /// <returns>[B, W, F]; 0 for a class that the task has not.</returns>
    internal Tensor Means(Tensor embeddings, SupportLabels labels, Tensor logitScale)
    {
        using var scope = NewDisposeScope();
        var labeled = labels.Labeled.transpose(1, 2);                                         // [B, W, N]
        var sums = labeled.bmm(embeddings);                                                    // [B, W, F]
        var counts = labeled.sum(2, keepdim: true);                                            // [B, W, 1]
        var open = labels.Candidates.sub(labels.Labeled);                                      // [B, N, W], 1 where a sample without a label may belong
        var means = Start(embeddings, labels, sums, counts);
        for (int step = 0; step < _steps; step++)
        {
            var heat = log_temperature!.narrow(0, step, 1).exp().mul(logitScale);
            var shares = Responsibilities(embeddings, means, heat, open).transpose(1, 2);       // [B, W, N]
            var weight = log_weight!.narrow(0, step, 1).exp();
            var mass = shares.sum(2, keepdim: true).mul(weight).Add(counts);
            means = shares.bmm(embeddings).mul(weight).Add(sums).div(mass.ClampMin(Tiny));
        }

        return means.MoveToOuterDisposeScope();
    }

    /// <summary>heat · (2 e·p - |p|²), the negative squared distance up to what all classes share: [B, N, F], [B, W, F] → [B, N, W].</summary>
    internal static Tensor Closeness(Tensor embeddings, Tensor means, Tensor heat)
    {
        var norms = means.Square().sum(2).unsqueeze(1);                                         // [B, 1, W]
        return embeddings.bmm(means.transpose(1, 2)).Mul(2).sub(norms).mul(heat);
    }

    // A softmax over the classes that are possible; 0 for all others and for samples with none.
    internal static Tensor Responsibilities(Tensor embeddings, Tensor means, Tensor heat, Tensor open) =>
        Closeness(embeddings, means, heat).Add(open.Sub(1).Mul(Impossible)).softmax(2).mul(open);

    // The means of the labelled samples; a class without any starts at the mean of those that may belong to it.
    private static Tensor Start(Tensor embeddings, SupportLabels labels, Tensor sums, Tensor counts)
    {
        var orphaned = counts.Gt(0.5).to(counts.dtype).neg().Add(1);                            // [B, W, 1]
        var shares = labels.Shares.transpose(1, 2).mul(orphaned);                               // [B, W, N]
        var mass = counts.Add(shares.sum(2, keepdim: true)).ClampMin(Tiny);
        return sums.Add(shares.bmm(embeddings)).div(mass);
    }
}
