using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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
    private const int Part = 1 << 16;

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
        foreach (var state in _moments)
        {
            if (state.Parameter.Value.grad is not { } gradient) continue;
            state.Steps++;
            var rate = _settings.LearningRate * state.Parameter.LearningRateScale * learningRateScale;
            var (kept, root, step) = (1 - (rate * (state.Parameter.Kind == ParameterKind.Other ? 0 : _settings.WeightDecay)), Math.Sqrt(1 - Math.Pow(_settings.Beta2, state.Steps)),
                -rate / (1 - Math.Pow(_settings.Beta1, state.Steps)));
            if (IsInOnePass(state.Parameter.Value) && IsInOnePass(gradient))
            {
                StepInOnePass(state, gradient, (float)kept, (float)root, (float)step);
            }
            else
            {
                StepByTensors(state, gradient, kept, root, step);
            }
        }
    }

    private static bool IsInOnePass(Tensor tensor) => DirectConvolution.IsOnVectors(tensor) && tensor.is_contiguous();

    private void StepByTensors(Moments state, Tensor gradient, double kept, double root, double step)
    {
        using Scalar beta1 = _settings.Beta1.ToScalar(), beta2 = _settings.Beta2.ToScalar(), rest1 = (1 - _settings.Beta1).ToScalar(), rest2 = (1 - _settings.Beta2).ToScalar();
        using Scalar epsilon = _settings.Epsilon.ToScalar(), one = 1L.ToScalar(), decay = kept.ToScalar(), correction = root.ToScalar(), along = step.ToScalar();
        state.Parameter.Value.mul_(decay);
        state.Mean.mul_(beta1).add_(gradient, rest1);
        state.Square.mul_(beta2).addcmul_(gradient, gradient, rest2);
        state.Parameter.Value.addcdiv_(state.Mean, state.Square.sqrt().div_(correction).add_(epsilon, one), along);
    }

    // The same in one pass over memory, by vectors.
    private unsafe void StepInOnePass(Moments state, Tensor gradient, float kept, float root, float step)
    {
        fixed (float* values = DirectConvolution.Floats(state.Parameter.Value), slopes = DirectConvolution.Floats(gradient), means = DirectConvolution.Floats(state.Mean), squares = DirectConvolution.Floats(state.Square))
        {
            var (value, slope, mean, square) = ((nint)values, (nint)slopes, (nint)means, (nint)squares);
            var count = gradient.numel();
            Parallel.For(0, (count + Part - 1) / Part, new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() }, part =>
            {
                var start = part * Part;
                Move((float*)value + start, (float*)slope + start, (float*)mean + start, (float*)square + start, Math.Min(Part, count - start), kept, root, step);
            });
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Move(float* values, float* slopes, float* means, float* squares, long count, float kept, float root, float step)
    {
        var (beta1, rest1, beta2, rest2, epsilon) = ((float)_settings.Beta1, (float)(1 - _settings.Beta1), (float)_settings.Beta2, (float)(1 - _settings.Beta2), (float)_settings.Epsilon);
        long i = 0;
        for (; i <= count - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            var g = Vector256.Load(slopes + i);
            var mean = Vector256.FusedMultiplyAdd(g, Vector256.Create(rest1), Vector256.Load(means + i) * beta1);
            var square = Vector256.FusedMultiplyAdd(g * g, Vector256.Create(rest2), Vector256.Load(squares + i) * beta2);
            Vector256.Store(mean, means + i);
            Vector256.Store(square, squares + i);
            var moved = mean / ((Vector256.Sqrt(square) / root) + Vector256.Create(epsilon));
            Vector256.Store(Vector256.FusedMultiplyAdd(moved, Vector256.Create(step), Vector256.Load(values + i) * kept), values + i);
        }

        for (; i < count; i++)
        {
            means[i] = float.FusedMultiplyAdd(slopes[i], rest1, means[i] * beta1);
            squares[i] = float.FusedMultiplyAdd(slopes[i] * slopes[i], rest2, squares[i] * beta2);
            values[i] = float.FusedMultiplyAdd(means[i] / ((float.Sqrt(squares[i]) / root) + epsilon), step, values[i] * kept);
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
