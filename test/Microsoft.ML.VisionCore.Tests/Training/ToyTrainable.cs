using Microsoft.ML.VisionCore.Torch;
using Microsoft.ML.VisionCore.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Tests.Training;

/// <summary>Learns the linear map x -> 2x + 1 on four numbers; also counts its batches in a buffer, as batch normalisation does.</summary>
internal sealed class ToyTrainable : ITrainable<ToyBatch>, IDisposable
{
    private readonly Parameter _weight = new(zeros(4, 4));
    private readonly Parameter _bias = new(zeros(4));
    private readonly Tensor _seen = zeros(1, dtype: int64);
    private readonly Queue<double>? _scores;

    /// <param name="scores">The accuracies that validations give, in turn; null means that they measure.</param>
    public ToyTrainable(IEnumerable<double>? scores = null) => _scores = scores is null ? null : new(scores);

    public IReadOnlyList<TrainableParameter> Parameters => [new("weight", _weight, ParameterKind.Matrix), new("bias", _bias, ParameterKind.Other)];

    public IReadOnlyList<(string Name, Tensor Value)> State => [("bias", _bias), ("seen", _seen), ("weight", _weight)];

    public bool HasValidation { get; init; } = true;

    /// <summary>The examples of a validation.</summary>
    public long ValidationCount { get; init; } = 1_000_000;

    /// <summary>The step (from 0) whose loss is NaN.</summary>
    public long PoisonedStep { get; init; } = -1;

    public double ValidationCost { get; init; } = 1;

    public bool IsTraining { get; private set; } = true;

    public List<StepInfo> Steps { get; } = [];

    /// <summary>The weights when each validation was made.</summary>
    public List<float[]> Validated { get; } = [];

    public Action<CancellationToken> Validating { get; init; } = _ => { };

    public float[] Weights => [.. _weight.data<float>().ToArray(), .. _bias.data<float>().ToArray(), _seen.item<long>()];

    public BatchLoss Loss(ToyBatch batch, StepInfo step)
    {
        using var scope = NewDisposeScope();
        Steps.Add(step);
        _seen.sub_(tensor(-1L));
        var loss = Error(batch.Inputs);
        return new BatchLoss((step.Step == PoisonedStep ? loss.Mul(double.NaN) : loss).MoveToOuterDisposeScope(), zeros([]).MoveToOuterDisposeScope());
    }

    public void SetTraining(bool training) => IsTraining = training;

    public ValidationMetrics? Validate(CancellationToken cancellationToken)
    {
        Assert.IsFalse(IsTraining, "Validation runs in evaluation mode.");
        Validating(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (!HasValidation)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        using var detached = no_grad();
        Validated.Add(Weights);
        var loss = Error(eye(4)).item<float>();
        return new ValidationMetrics(loss, _scores?.Dequeue() ?? 1 / (1 + loss), ValidationCount);
    }

    public void Dispose()
    {
        _weight.Dispose();
        _bias.Dispose();
        _seen.Dispose();
    }

    private Tensor Error(Tensor inputs) => inputs.matmul(_weight.t()).Add(_bias).sub(inputs.Mul(2).Add(1)).Square().mean();
}
