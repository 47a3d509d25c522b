using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Baselines;

/// <summary>A way from support sets to classifiers. It owns nothing that it was given.</summary>
internal interface ITaskSolver : IDisposable
{
    /// <summary>The logits of a batch's queries, [B, Q, W], without a graph.</summary>
    Tensor Logits(EpisodeBatch batch);

    /// <summary>The classifiers of B tasks, without a graph.</summary>
    /// <param name="support">[B, N, C, S, S], or [B, N, length] for feature vectors.</param>
    /// <param name="candidates">[B, N, W]: 1 where a sample may belong to a class.</param>
    GeneratedLayers Solve(Tensor support, Tensor candidates);
}
