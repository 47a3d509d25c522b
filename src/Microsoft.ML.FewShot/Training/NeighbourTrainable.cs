using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Torch;
using Microsoft.ML.VisionCore.Training;
using Microsoft.ML.VisionCore.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Training;

/// <summary>The trunk as the training loop sees it: trained so that examples of one class lie together.</summary>
internal sealed class NeighbourTrainable : ITrainable<ClassBatch>, IDisposable
{
    private readonly Trunk _trunk;
    private readonly ValidationTasks? _validation;
    private readonly int _batchSize;
    private readonly Parameter _logScale;

    /// <summary>Owns neither the trunk nor the tasks.</summary>
    /// <param name="trunk">What is trained.</param>
    /// <param name="validation">Null where nothing is held out.</param>
    /// <param name="batchSize">The examples of a batch, for the cost of a validation.</param>
    /// <param name="device">Where the trunk is.</param>
    public NeighbourTrainable(Trunk trunk, ValidationTasks? validation, int batchSize, Device device)
    {
        _trunk = trunk;
        _validation = validation;
        _batchSize = batchSize;
        _logScale = new Parameter(zeros([1], device: device));
        _logScale.DetachFromDisposeScope();
        Parameters =
        [
            .. ParameterKinds.Of(trunk).Select(entry => new TrainableParameter(entry.Name, entry.Tensor, entry.Kind)),
            new TrainableParameter(ScaleName, _logScale, ParameterKind.Other),
        ];
        State = [.. ModuleWeights.Of(trunk), (ScaleName, _logScale)];
    }

    public IReadOnlyList<TrainableParameter> Parameters { get; }

    public IReadOnlyList<(string Name, Tensor Value)> State { get; }

    public double ValidationCost => _validation is null ? 0 : (double)_validation.ExampleCount / (3 * _batchSize);

    /// <summary>The learned scale of squared distances.</summary>
    public double Scale => _trunk.Shape.StartSharpness * Math.Exp(_logScale.item<float>());

    private static string ScaleName => "neighbours.log_scale";

    public BatchLoss Loss(ClassBatch batch, StepInfo step)
    {
        using var scope = NewDisposeScope();
        var (loss, accuracy) = NeighbourLoss.Of(_trunk.call(batch.Examples), batch.Drawings, _logScale.exp().mul(_trunk.Shape.StartSharpness));
        return new BatchLoss(loss.MoveToOuterDisposeScope(), accuracy.MoveToOuterDisposeScope());
    }

    public void SetTraining(bool training) => _trunk.train(training);

    public ValidationMetrics? Validate(CancellationToken cancellationToken) => _validation?.MeasureClassMeans(_trunk, Scale, cancellationToken);

    public void Dispose() => _logScale.Dispose();
}
