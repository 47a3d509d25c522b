using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Training;

/// <summary>The embeddings of varied examples as support and as queries, computed once; owns its tensors.</summary>
internal sealed class EmbeddingTable : IDisposable
{
    /// <summary>The examples that are embedded at once.</summary>
    public const int ChunkSize = 256;

    private readonly Dictionary<(int Example, byte Orientation), long> _rows;
    private readonly Tensor _support, _query;       // [count, F], without a graph; the same tensor where both have the same views

    private EmbeddingTable(Tensor support, Tensor query, Dictionary<(int, byte), long> rows) => (_support, _query, _rows) = (support, query, rows);

    /// <summary>How often each example goes through the backbone, with views.</summary>
    public static int Passes(FewShotShape shape) => 1 + Math.Max(shape.UsedSupportViews, shape.UsedQueryViews);

    /// <summary>Embeds examples, with the views that a finished classifier's support and queries have; the backbone must be in evaluation mode.</summary>
    /// <param name="backbone">What embeds.</param>
    /// <param name="pool">The examples.</param>
    /// <param name="wanted">Which of them, and how turned; each once.</param>
    /// <param name="scale">How pixels become numbers.</param>
    /// <param name="device">Where the backbone is.</param>
    /// <param name="hasViews">Whether views count; without them an embedding is that of the image alone.</param>
    /// <param name="cancellationToken">Ends the work with an <see cref="OperationCanceledException"/>.</param>
    /// <param name="team">Whose processes embed some each, and have all in the end; null for this one alone.</param>
    public static EmbeddingTable Create(Backbone backbone, ExamplePool pool, IReadOnlyCollection<(int Example, byte Orientation)> wanted, ImageNormalization scale,
        Device device, bool hasViews, CancellationToken cancellationToken, Team? team = null)
    {
        team ??= Team.Alone;
        using var scope = NewDisposeScope();
        using var detached = no_grad();
        var (supportViews, queryViews) = hasViews ? (backbone.Shape.UsedSupportViews, backbone.Shape.UsedQueryViews) : (0, 0);
        var (support, query) = (new List<Tensor>(), new List<Tensor>());
        foreach (var (number, chunk) in wanted.Chunk(ChunkSize).Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var (known, asked) = team.Owns(number) ? Embed(chunk) : (Nothing(chunk.Length), Nothing(chunk.Length));
            support.Add(known.MoveToOuterDisposeScope());
            if (queryViews != supportViews)
            {
                query.Add(asked.MoveToOuterDisposeScope());
            }
        }

        // The sum of what each process has is all.
        var rows = wanted.Select((draw, row) => (draw, row)).ToDictionary(pair => pair.draw, pair => (long)pair.row);
        var all = team.Sum(cat(support, 0)).DetachFromDisposeScope();
        return new EmbeddingTable(all, query.Count > 0 ? team.Sum(cat(query, 0)).DetachFromDisposeScope() : all, rows);

        Tensor Nothing(int count) => zeros([count, backbone.Shape.EmbeddingLength], float32, device);

        (Tensor Known, Tensor Asked) Embed((int Example, byte Orientation)[] chunk)
        {
            var writer = new ExampleWriter(pool, chunk.Length);
            for (var i = 0; i < chunk.Length; i++)
            {
                writer.Write(i, new ExampleDraw(chunk[i].Example, chunk[i].Orientation));
            }

            var images = ExampleScale.ToTensor(writer, pool.Shape, scale, device);
            return ShiftedViews.Means(backbone.call(images), images, supportViews, queryViews, backbone.call);
        }
    }

    /// <summary>The mean of the support embeddings, [F].</summary>
    public Tensor Mean() => _support.mean([0]);

    /// <summary>The tasks of a plan on embeddings.</summary>
    public EpisodeBatch Episodes(EpisodePlan plan)
    {
        using var scope = NewDisposeScope();
        return EpisodeBatch.Create(cat([Gather(_support, plan.Support), Gather(_query, plan.Query)], 0), plan, _support.device);
    }

    public void Dispose()
    {
        _support.Dispose();
        _query.Dispose();
    }

    // The embeddings of draws, [draws, F]
    private Tensor Gather(Tensor embeddings, ExampleDraw[] draws) =>
        embeddings.index_select(0, tensor(draws.Select(draw => _rows[(draw.Example, draw.Orientation)]).ToArray(), device: embeddings.device));
}
