using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Training;

/// <summary>A second set of a model's weights, on the same device; it owns its tensors.</summary>
internal sealed class WeightsCopy : IDisposable
{
    private readonly IReadOnlyList<(string Name, Tensor Value)> _live;

    /// <summary>Copies the present values of <paramref name="live"/>.</summary>
    public WeightsCopy(IReadOnlyList<(string Name, Tensor Value)> live)
    {
        _live = live;
        using var scope = NewDisposeScope();
        using var detached = no_grad();
        Tensors = [.. live.Select(pair => (pair.Name, pair.Value.detach().clone().DetachFromDisposeScope()))];
    }

    public IReadOnlyList<(string Name, Tensor Value)> Tensors { get; }

    /// <summary>Takes over the present values.</summary>
    public void Take() => Copy(_live, Tensors);

    /// <summary>Puts the copied values back.</summary>
    public void Restore() => Copy(Tensors, _live);

    /// <summary>A moving average: each value goes <paramref name="share"/> of the way to the present one; counters are taken over.</summary>
    public void MoveTowardsLive(double share)
    {
        using var scope = NewDisposeScope();
        using var detached = no_grad();
        for (var i = 0; i < _live.Count; i++)
        {
            var (live, own) = (_live[i].Value, Tensors[i].Value);
            if (own.is_floating_point())
            {
                own.mul_(1 - share).add_(live, alpha: share);
            }
            else
            {
                own.copy_(live);
            }
        }
    }

    public void Dispose()
    {
        foreach (var (_, value) in Tensors)
        {
            value.Dispose();
        }
    }

    private static void Copy(IReadOnlyList<(string Name, Tensor Value)> from, IReadOnlyList<(string Name, Tensor Value)> to)
    {
        using var scope = NewDisposeScope();
        using var detached = no_grad();
        for (var i = 0; i < from.Count; i++)
        {
            to[i].Value.copy_(from[i].Value);
        }
    }
}
