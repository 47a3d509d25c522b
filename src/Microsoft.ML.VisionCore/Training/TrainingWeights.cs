using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Training;

/// <summary>The tensors of a run: the live weights, the best so far, their moving average (EMA), the optimiser's memory. Owns all but the live ones.</summary>
internal sealed class TrainingWeights : IDisposable
{
    private readonly double _emaDecay;

    public TrainingWeights(IReadOnlyList<(string Name, Tensor Value)> live, IReadOnlyList<TrainableParameter> parameters, TrainingSettings settings)
    {
        Live = live;
        Parameters = parameters;
        Optimizer = Optimizers.Create(parameters, settings.Optimizer);
        if (settings.EmaDecay is { } decay)
        {
            _emaDecay = decay;
            Ema = new WeightsCopy(live);
        }
    }

    public IReadOnlyList<(string Name, Tensor Value)> Live { get; }

    public IReadOnlyList<TrainableParameter> Parameters { get; }

    public IOptimizer Optimizer { get; }

    public WeightsCopy? Best { get; private set; }

    /// <summary>The exponential moving average of the live weights, where one is kept.</summary>
    public WeightsCopy? Ema { get; }

    /// <summary>Remembers the live weights as the best.</summary>
    public void TakeBest()
    {
        if (Best is null)
        {
            Best = new WeightsCopy(Live);
        }
        else
        {
            Best.Take();
        }
    }

    /// <summary>Moves the average towards the live weights, faster in the first steps, when it would otherwise remember the initial values.</summary>
    public void UpdateEma(long steps) => Ema?.MoveTowardsLive(1 - Math.Min(_emaDecay, (1.0 + steps) / (10 + steps)));

    /// <summary>Runs <paramref name="action"/> with the weights that count: the average where there is one.</summary>
    public T WithEma<T>(Func<T> action)
    {
        if (Ema is null)
        {
            return action();
        }

        using var trained = new WeightsCopy(Live);
        Ema.Restore();
        try
        {
            return action();
        }
        finally
        {
            trained.Restore();
        }
    }

    /// <summary>Puts the means over a team's processes in the place of everything that they have changed each for itself.</summary>
    public void Average(Team team)
    {
        using var scope = NewDisposeScope();
        var memory = Optimizer.Save().ToArray();
        team.Average([.. Live.Select(pair => pair.Value), .. Ema?.Tensors.Select(pair => pair.Value) ?? [], .. memory.Select(pair => pair.Value)]);
    }

    public void ClearGradients()
    {
        foreach (var parameter in Parameters)
        {
            parameter.Value.grad = null;
        }
    }

    public void Dispose()
    {
        Optimizer.Dispose();
        Best?.Dispose();
        Ema?.Dispose();
    }
}

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
                own.Mul_(1 - share).Add_(live, alpha: share);
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
