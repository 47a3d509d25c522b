using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Images;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Training;

/// <summary>The embeddings of varied examples, computed once; owns its tensor.</summary>
internal sealed class EmbeddingTable : IDisposable
{
    /// <summary>The examples that are embedded at once.</summary>
    public const int ChunkSize = 256;

    private readonly Dictionary<(int Example, byte Orientation), long> _rows;

    private EmbeddingTable(Tensor embeddings, Dictionary<(int, byte), long> rows)
    {
        Embeddings = embeddings;
        _rows = rows;
    }

    /// <summary>[count, F], without a graph.</summary>
    public Tensor Embeddings { get; }

    /// <summary>Embeds examples; the trunk must be in evaluation mode.</summary>
    /// <param name="trunk">What embeds.</param>
    /// <param name="pool">The examples.</param>
    /// <param name="wanted">Which of them, and how turned; each once.</param>
    /// <param name="scale">How pixels become numbers.</param>
    /// <param name="device">Where the trunk is.</param>
    /// <param name="cancellationToken">Ends the work with an <see cref="OperationCanceledException"/>.</param>
    public static EmbeddingTable Create(Trunk trunk, ExamplePool pool, IReadOnlyCollection<(int Example, byte Orientation)> wanted, ImageNormalization scale,
        Device device, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        using var detached = no_grad();
        var parts = new List<Tensor>();
        foreach (var chunk in wanted.Chunk(ChunkSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var writer = new ExampleWriter(pool, chunk.Length);
            for (var i = 0; i < chunk.Length; i++)
            {
                writer.Write(i, new ExampleDraw(chunk[i].Example, chunk[i].Orientation));
            }

            parts.Add(trunk.call(ExampleScale.ToTensor(writer, pool.Shape, scale, device)).MoveToOuterDisposeScope());
        }

        var rows = wanted.Select((draw, row) => (draw, row)).ToDictionary(pair => pair.draw, pair => (long)pair.row);
        return new EmbeddingTable(cat(parts, 0).DetachFromDisposeScope(), rows);
    }

    /// <summary>[F].</summary>
    public Tensor Mean() => Embeddings.mean([0]);

    /// <summary>The embeddings of draws, [draws, F].</summary>
    public Tensor Gather(IEnumerable<ExampleDraw> draws)
    {
        using var rows = tensor(draws.Select(draw => _rows[(draw.Example, draw.Orientation)]).ToArray(), device: Embeddings.device);
        return Embeddings.index_select(0, rows);
    }

    /// <summary>The tasks of a plan on embeddings.</summary>
    public TaskBatch Tasks(EpisodePlan plan)
    {
        using var examples = Gather(plan.Support.Concat(plan.Query));
        return TaskBatch.Create(examples, plan, Embeddings.device);
    }

    public void Dispose() => Embeddings.Dispose();
}
