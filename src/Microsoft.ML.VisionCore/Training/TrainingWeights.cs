using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Training;

/// <summary>The tensors of a run: the live weights, the best so far, their moving average, the optimiser's memory. Owns all but the live ones.</summary>
internal sealed class TrainingWeights : IDisposable
{
    private readonly double _averageDecay;

    public TrainingWeights(IReadOnlyList<(string Name, Tensor Value)> live, IReadOnlyList<TrainableParameter> parameters, TrainingSettings settings)
    {
        Live = live;
        Parameters = parameters;
        Optimizer = Optimizers.Create(parameters, settings.Optimizer);
        if (settings.AverageDecay is { } decay)
        {
            _averageDecay = decay;
            Average = new WeightsCopy(live);
        }
    }

    public IReadOnlyList<(string Name, Tensor Value)> Live { get; }

    public IReadOnlyList<TrainableParameter> Parameters { get; }

    public IOptimizer Optimizer { get; }

    public WeightsCopy? Best { get; private set; }

    public WeightsCopy? Average { get; }

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
    public void FollowAverage(long steps) => Average?.Follow(1 - Math.Min(_averageDecay, (1.0 + steps) / (10 + steps)));

    /// <summary>Runs <paramref name="action"/> with the weights that count: the average where there is one.</summary>
    public T WithAverage<T>(Func<T> action)
    {
        if (Average is null)
        {
            return action();
        }

        using var trained = new WeightsCopy(Live);
        Average.Restore();
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
        Average?.Dispose();
    }
}
