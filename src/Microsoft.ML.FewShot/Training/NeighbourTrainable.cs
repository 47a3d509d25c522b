using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Torch;
using Microsoft.ML.VisionCore.Training;
using Microsoft.ML.VisionCore.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Training;

/// <summary>The backbone as the training loop sees it: trained so that examples of one class lie together.</summary>
internal sealed class NeighbourTrainable : ITrainable<ClassBatch>, IDisposable
{
    private readonly Backbone _backbone;
    private readonly ValidationEpisodes? _validation;
    private readonly int _batchSize;
    private readonly Parameter _logScale;
    private readonly Team _team;

    /// <summary>Owns neither the backbone nor the tasks.</summary>
    /// <param name="backbone">What is trained.</param>
    /// <param name="validation">Null where nothing is held out.</param>
    /// <param name="batchSize">The examples of a batch, for the cost of a validation.</param>
    /// <param name="device">Where the backbone is.</param>
    /// <param name="team">Who divides the classes of a batch; null for this process alone.</param>
    public NeighbourTrainable(Backbone backbone, ValidationEpisodes? validation, int batchSize, Device device, Team? team = null)
    {
        _team = team ?? Team.Alone;
        _backbone = backbone;
        _validation = validation;
        _batchSize = batchSize;
        _logScale = new Parameter(zeros([1], float32, device));
        _logScale.DetachFromDisposeScope();
        Parameters =
        [
            .. FewShotParameters.Of(backbone).Select(entry => new TrainableParameter(entry.Name, entry.Tensor, entry.Kind)),
            new TrainableParameter(ScaleName, _logScale, ParameterKind.Other),
        ];
        State = [.. ModuleWeights.Of(backbone), (ScaleName, _logScale)];
    }

    public IReadOnlyList<TrainableParameter> Parameters { get; }

    public IReadOnlyList<(string Name, Tensor Value)> State { get; }

    public double ValidationCost => _validation is null ? 0 : (double)_validation.ExampleCount / (3 * _batchSize);

    /// <summary>The learned scale of squared distances.</summary>
    public double Scale => _backbone.Shape.StartLogitScale * Math.Exp(_logScale.item<float>());

    private static string ScaleName => "neighbours.log_scale";

    public BatchLoss Loss(ClassBatch batch, StepInfo step)
    {
        using var scope = NewDisposeScope();
        var embedded = _backbone.call(batch.Examples);
        if (_team.IsInStep)
        {
            // Everybody has the loss of all examples, for each finds its neighbours among all.
            embedded = _team.Gather(embedded, batch.Place.First * batch.ExamplesPerClass, batch.Place.Total * batch.ExamplesPerClass);
        }

        var (loss, accuracy) = NeighbourLoss.Of(embedded, batch.ExamplesPerClass, _logScale.exp().Mul(_backbone.Shape.StartLogitScale));
        return new BatchLoss(loss.MoveToOuterDisposeScope(), accuracy.MoveToOuterDisposeScope(), 1.0 / _team.Size);
    }

    public void SetTraining(bool training) => _backbone.train(training);

    public ValidationMetrics? Validate(CancellationToken cancellationToken) => _validation?.MeasureClassMeans(_backbone, Scale, cancellationToken);

    public void Dispose() => _logScale.Dispose();
}
