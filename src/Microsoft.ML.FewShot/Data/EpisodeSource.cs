using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Data;

/// <summary>Batches of tasks for training. A background thread draws them and fills arrays; the thread that takes the batches makes the tensors.</summary>
internal sealed class EpisodeSource(EpisodeSampler sampler, ImageNormalization scale, int batchesPerEpoch, Device device) : IBatchSource<TaskBatch>
{
    private const int BatchesAhead = 4;

    public int BatchesPerEpoch => batchesPerEpoch;

    public IEnumerable<TaskBatch> ReadEpoch(int epoch, int firstBatch, CancellationToken cancellationToken)
    {
        foreach (var (plan, examples) in LookAhead.Run(Fill(epoch, firstBatch), BatchesAhead, cancellationToken))
        {
            yield return Create(plan, examples);
        }
    }

    /// <summary>The batch of that number in that epoch.</summary>
    public TaskBatch Read(int epoch, int number)
    {
        var (plan, examples) = Fill(sampler.Draw(epoch, number));
        return Create(plan, examples);
    }

    public void Dispose()
    {
    }

    private TaskBatch Create(EpisodePlan plan, ExampleWriter examples)
    {
        using var all = ExampleScale.ToTensor(examples, sampler.Pool.Shape, scale, device);
        return TaskBatch.Create(all, plan, device);
    }

    private IEnumerable<(EpisodePlan Plan, ExampleWriter Examples)> Fill(int epoch, int firstBatch)
    {
        for (var number = firstBatch; number < batchesPerEpoch; number++)
        {
            yield return Fill(sampler.Draw(epoch, number));
        }
    }

    private (EpisodePlan Plan, ExampleWriter Examples) Fill(EpisodePlan plan)
    {
        var examples = new ExampleWriter(sampler.Pool, plan.Support.Length + plan.Query.Length);
        var index = 0;
        foreach (var draw in plan.Support.Concat(plan.Query))
        {
            examples.Write(index++, draw.Example, draw.Orientation, draw.Affine);
        }

        return (plan, examples);
    }
}
