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
