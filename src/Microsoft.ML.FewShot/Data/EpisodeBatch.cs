using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Data;

/// <summary>A batch of tasks on the device; owns its tensors.</summary>
internal sealed class EpisodeBatch : IDisposable
{
    private EpisodeBatch(Tensor support, Tensor query, Tensor unknown, EpisodePlan plan, Device device)
    {
        Support = support.DetachFromDisposeScope();
        Query = query.DetachFromDisposeScope();
        Unknown = unknown.DetachFromDisposeScope();
        Candidates = tensor(plan.Candidates, [plan.BatchSize, plan.Samples, plan.Ways], device: device).DetachFromDisposeScope();
        QueryLabels = tensor(plan.QueryLabels(), device: device).view(plan.BatchSize, plan.Ways * plan.Queries).DetachFromDisposeScope();
        Place = plan.Place;
        SlotRows = plan.SlotRows is { } rows ? tensor(rows, device: device).view(plan.BatchSize, plan.Ways).DetachFromDisposeScope() : null;
    }

    /// <summary>What the support samples are: normalised images [B, N, C, S, S], vectors or embeddings [B, N, F].</summary>
    public Tensor Support { get; }

    /// <summary>[B, N, W]: 1 where a sample may belong to a class.</summary>
    public Tensor Candidates { get; }

    /// <summary>As <see cref="Support"/>, [B, Q, ...].</summary>
    public Tensor Query { get; }

    /// <summary>Queries of classes that the tasks have not, [B, U, ...].</summary>
    public Tensor Unknown { get; }

    /// <summary>The slot of each query's class, int64 [B, Q].</summary>
    public Tensor QueryLabels { get; }

    /// <summary>The rows of the label tables, int64 [B, W]; null means the first ones.</summary>
    public Tensor? SlotRows { get; }

    /// <summary>Where these tasks lie among those of all processes of a team, and how many those are.</summary>
    public (int First, int Total) Place { get; }

    /// <summary>The share of these tasks among those of all processes.</summary>
    public double Share => (double)Support.size(0) / Place.Total;

    /// <summary>Takes over the examples of a plan: first all support samples, then all queries, then those of other classes, [B·N + B·Q + B·U, ...].</summary>
    public static EpisodeBatch Create(Tensor examples, EpisodePlan plan, Device device)
    {
        using var scope = NewDisposeScope();
        var dimensions = examples.shape[1..];
        var support = examples.narrow(0, 0, plan.Support.Length).reshape([plan.BatchSize, plan.Samples, .. dimensions]);
        var query = examples.narrow(0, plan.Support.Length, plan.Query.Length).reshape([plan.BatchSize, plan.Ways * plan.Queries, .. dimensions]);
        var unknown = examples.narrow(0, plan.Support.Length + plan.Query.Length, plan.Unknown.Length).reshape([plan.BatchSize, plan.Unknown.Length / plan.BatchSize, .. dimensions]);
        return new EpisodeBatch(support, query, unknown, plan, device);
    }

    public void Dispose()
    {
        Support.Dispose();
        Query.Dispose();
        Unknown.Dispose();
        Candidates.Dispose();
        QueryLabels.Dispose();
        SlotRows?.Dispose();
    }
}
