using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Training;
using Microsoft.ML.VisionCore.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Training;

/// <summary>The whole model as the training loop sees it, on tasks of images or vectors.</summary>
internal sealed class EpisodeTrainable : ITrainable<EpisodeBatch>
{
    private readonly HyperTransformerModel _model;
    private readonly ValidationEpisodes? _validation;
    private readonly int _examplesPerBatch;

    /// <summary>Owns none of its arguments.</summary>
    /// <param name="model">What is trained.</param>
    /// <param name="generatorLearningRateScale">The factor on the rate of all parameters outside the backbone.</param>
    /// <param name="examplesPerBatch">For the cost of a validation.</param>
    /// <param name="validation">Null where nothing is held out.</param>
    public EpisodeTrainable(HyperTransformerModel model, double generatorLearningRateScale, int examplesPerBatch, ValidationEpisodes? validation)
    {
        (_model, _examplesPerBatch, _validation) = (model, examplesPerBatch, validation);
        var backbone = FewShotParameters.Of(model.Backbone).Select(entry => entry.Tensor).ToHashSet();
        Parameters =
        [
            .. FewShotParameters.Of(model).Select(entry =>
                new TrainableParameter(entry.Name, entry.Tensor, entry.Kind, backbone.Contains(entry.Tensor) ? 1 : generatorLearningRateScale)),
        ];
        State = ModuleWeights.Of(model);
    }

    public IReadOnlyList<TrainableParameter> Parameters { get; }

    public IReadOnlyList<(string Name, Tensor Value)> State { get; }

    public double ValidationCost => _validation is null ? 0 : _validation.ExampleDrawCount / (3.0 * _examplesPerBatch);

    public BatchLoss Loss(EpisodeBatch batch, StepInfo step)
    {
        using var scope = NewDisposeScope();
        var (loss, accuracy) = EpisodeLoss.Of(_model.Logits(batch.Support, batch.Candidates, batch.Query, batch.SlotRows), batch.QueryLabels);
        return new BatchLoss(loss.MoveToOuterDisposeScope(), accuracy.MoveToOuterDisposeScope(), batch.Share);
    }

    public void SetTraining(bool training) => _model.train(training);

    public ValidationMetrics? Validate(CancellationToken cancellationToken) =>
        _validation?.Measure(batch => _model.Logits(batch.Support, batch.Candidates, batch.Query, batch.SlotRows), cancellationToken);
}
