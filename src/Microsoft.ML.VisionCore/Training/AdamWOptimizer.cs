using Microsoft.ML.VisionCore.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Training;

/// <summary>AdamW with decay on kernels and matrices only.</summary>
/// <remarks>
/// Loshchilov and Hutter, "Decoupled Weight Decay Regularization", arXiv 1711.05101, algorithm 2. Not TorchSharp's: that one hands temporary scalars to
/// native code, and the garbage collector may free such a scalar while the code still reads it ("Expected false to be true", by chance, once in
/// thousands of steps). The scalars here live until the step is done.
/// </remarks>
internal sealed class AdamWOptimizer : IOptimizer
{
    private readonly OptimizerSettings _settings;
    private readonly Moments[] _moments;

    public AdamWOptimizer(IReadOnlyList<TrainableParameter> parameters, OptimizerSettings settings)
    {
        _settings = settings;
        using var scope = NewDisposeScope();
        using var detached = no_grad();
        _moments = [.. parameters.Select(p => new Moments(p, zeros_like(p.Value).DetachFromDisposeScope(), zeros_like(p.Value).DetachFromDisposeScope()))];
    }

    public void Step(double learningRateScale)
    {
        using var scope = NewDisposeScope();
        using var detached = no_grad();
        using Scalar beta1 = _settings.Beta1.ToScalar(), beta2 = _settings.Beta2.ToScalar(), rest1 = (1 - _settings.Beta1).ToScalar(), rest2 = (1 - _settings.Beta2).ToScalar();
        using Scalar epsilon = _settings.Epsilon.ToScalar(), one = 1L.ToScalar();
        foreach (var state in _moments)
        {
            if (state.Parameter.Value.grad is not { } gradient) continue;
            state.Steps++;
            var rate = _settings.LearningRate * state.Parameter.LearningRateScale * learningRateScale;
            using var kept = (1 - (rate * (state.Parameter.Kind == ParameterKind.Other ? 0 : _settings.WeightDecay))).ToScalar();
            using var root = Math.Sqrt(1 - Math.Pow(_settings.Beta2, state.Steps)).ToScalar();
            using var step = (-rate / (1 - Math.Pow(_settings.Beta1, state.Steps))).ToScalar();
            state.Parameter.Value.mul_(kept);
            state.Mean.mul_(beta1).add_(gradient, rest1);
            state.Square.mul_(beta2).addcmul_(gradient, gradient, rest2);
            state.Parameter.Value.addcdiv_(state.Mean, state.Square.sqrt().div_(root).add_(epsilon, one), step);
        }
    }

    public IEnumerable<(string Name, Tensor Value)> Save()
    {
        foreach (var state in _moments)
        {
            yield return ($"adamw.mean.{state.Parameter.Name}", state.Mean);
            yield return ($"adamw.square.{state.Parameter.Name}", state.Square);
            yield return ($"adamw.steps.{state.Parameter.Name}", tensor(new long[] { state.Steps }));
        }
    }

    public void Load(IReadOnlyDictionary<string, Tensor> saved)
    {
        using var detached = no_grad();
        foreach (var state in _moments)
        {
            SavedTensors.CopyTo(saved, $"adamw.mean.{state.Parameter.Name}", state.Mean);
            SavedTensors.CopyTo(saved, $"adamw.square.{state.Parameter.Name}", state.Square);
            state.Steps = SavedTensors.ReadCount(saved, $"adamw.steps.{state.Parameter.Name}");
        }
    }

    public void Dispose()
    {
        foreach (var state in _moments)
        {
            state.Mean.Dispose();
            state.Square.Dispose();
        }
    }

    private sealed class Moments(TrainableParameter parameter, Tensor mean, Tensor square)
    {
        public TrainableParameter Parameter { get; } = parameter;

        public Tensor Mean { get; } = mean;

        public Tensor Square { get; } = square;

        public long Steps { get; set; }
    }
}
