using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Torch;
using Microsoft.ML.VisionCore.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Data;

/// <summary>Batches of tasks for training. A background thread draws them and fills arrays; the thread that takes the batches makes the tensors.</summary>
internal sealed class EpisodeSource(EpisodeSampler sampler, ImageNormalization scale, int batchesPerEpoch, Device device, Team? team = null) : IBatchSource<EpisodeBatch>
{
    private const int BatchesAhead = 4;

    public int BatchesPerEpoch => batchesPerEpoch;

    public IEnumerable<EpisodeBatch> ReadEpoch(int epoch, int firstBatch, CancellationToken cancellationToken)
    {
        foreach (var (plan, examples) in LookAhead.Run(Fill(epoch, firstBatch), BatchesAhead, cancellationToken))
        {
            yield return Create(plan, examples, sampler.Pool.Shape, scale, device);
        }
    }

    /// <summary>The tasks of a plan.</summary>
    public static EpisodeBatch Create(EpisodePlan plan, ExamplePool pool, ImageNormalization scale, Device device) =>
        Create(plan, Fill(plan, pool), pool.Shape, scale, device);

    public void Dispose()
    {
    }

    private static EpisodeBatch Create(EpisodePlan plan, ExampleWriter examples, ExampleShape shape, ImageNormalization scale, Device device)
    {
        using var all = ExampleScale.ToTensor(examples, shape, scale, device);
        return EpisodeBatch.Create(all, plan, device);
    }

    private static ExampleWriter Fill(EpisodePlan plan, ExamplePool pool)
    {
        var examples = new ExampleWriter(pool, plan.Support.Length + plan.Query.Length + plan.Unknown.Length);
        var index = 0;
        foreach (var draw in plan.Support.Concat(plan.Query).Concat(plan.Unknown))
        {
            examples.Write(index++, draw);
        }

        return examples;
    }

    private IEnumerable<(EpisodePlan Plan, ExampleWriter Examples)> Fill(int epoch, int firstBatch)
    {
        for (var number = firstBatch; number < batchesPerEpoch; number++)
        {
            var plan = sampler.Draw(epoch, number).Part(team ?? Team.Alone);
            yield return (plan, Fill(plan, sampler.Pool));
        }
    }
}
