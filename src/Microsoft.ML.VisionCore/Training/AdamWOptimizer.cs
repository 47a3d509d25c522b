using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Training;

/// <summary>AdamW with decay on kernels and matrices only.</summary>
internal sealed class AdamWOptimizer : IOptimizer
{
    private readonly AdamW _adam;
    private readonly string[] _names;
    private readonly double[] _rates;

    public AdamWOptimizer(IReadOnlyList<TrainableParameter> parameters, OptimizerSettings settings)
    {
        var groups = parameters
            .GroupBy(p => (IsPlain: p.Kind == ParameterKind.Other, p.LearningRateScale))
            .OrderBy(group => group.Key.IsPlain)
            .Select(group => (group.Key, Members: group.ToArray()))
            .ToArray();
        _names = [.. groups.SelectMany(group => group.Members).Select(p => p.Name)];
        _rates = [.. groups.Select(group => settings.LearningRate * group.Key.LearningRateScale)];
        _adam = optim.AdamW(
            groups.Select((group, number) => Group(group.Members, settings, _rates[number], group.Key.IsPlain ? 0 : settings.WeightDecay)).ToArray(),
            settings.LearningRate, settings.Beta1, settings.Beta2, settings.Epsilon);
    }

    public void Step(double learningRateScale)
    {
        foreach (var (group, rate) in _adam.ParamGroups.Zip(_rates))
        {
            group.LearningRate = rate * learningRateScale;
        }

        _adam.step();
    }

    public IEnumerable<(string Name, Tensor Value)> Save()
    {
        foreach (var (name, state) in States())
        {
            yield return ($"adamw.mean.{name}", state.exp_avg);
            yield return ($"adamw.square.{name}", state.exp_avg_sq);
            yield return ($"adamw.steps.{name}", tensor(new long[] { state.step }));
        }
    }

    public void Load(IReadOnlyDictionary<string, Tensor> saved)
    {
        using var detached = no_grad();
        foreach (var (name, state) in States())
        {
            SavedTensors.CopyTo(saved, $"adamw.mean.{name}", state.exp_avg);
            SavedTensors.CopyTo(saved, $"adamw.square.{name}", state.exp_avg_sq);
            state.step = SavedTensors.ReadCount(saved, $"adamw.steps.{name}");
        }
    }

    public void Dispose() => _adam.Dispose();

    private static AdamW.ParamGroup Group(IEnumerable<TrainableParameter> parameters, OptimizerSettings settings, double rate, double decay) =>
        new([.. parameters.Select(p => p.Value)], rate, settings.Beta1, settings.Beta2, settings.Epsilon, decay);

    private IEnumerable<(string Name, AdamW.State State)> States() => _names.Zip(_adam.state_dict().State.Cast<AdamW.State>());
}
