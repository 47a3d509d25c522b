using Microsoft.ML.FewShot.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Evaluation;

/// <summary>A way from support sets to answers.</summary>
internal interface ITaskSolver
{
    /// <summary>The logits of a batch's queries, [B, Q, W], without a graph.</summary>
    Tensor Logits(TaskBatch batch);
}
