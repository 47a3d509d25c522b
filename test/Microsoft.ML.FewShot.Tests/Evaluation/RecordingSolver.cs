using MLExtensions.Testing;
using Microsoft.ML.FewShot.Baselines;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Tests.Evaluation;

/// <summary>Keeps what it is asked, and answers right in the first tasks and with class 0 in the others; with NaN, where the scale is.</summary>
internal sealed class RecordingSolver(int rightTasks = 0, float scale = 1) : ITaskSolver
{
    /// <summary>The support of every task, [N, F], row by row.</summary>
    internal List<double[]> Supports { get; } = [];

    /// <summary>The queries of every task.</summary>
    internal List<double[]> Queries { get; } = [];

    public Tensor Logits(EpisodeBatch batch)
    {
        Supports.Add(TensorAssert.ToArray(batch.Support));
        Queries.Add(TensorAssert.ToArray(batch.Query));
        var right = batch.QueryLabels.unsqueeze(2).eq(TensorArithmetic.Arange(batch.Candidates.shape[2])).to(float32);
        return (Supports.Count <= rightTasks ? right : right.Mul(0)).Mul(scale);
    }

    public GeneratedLayers Solve(Tensor support, Tensor candidates) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
