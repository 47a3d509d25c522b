using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Training;
using Microsoft.ML.VisionCore.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Training;

/// <summary>The generator of the logits layer as the training loop sees it, on embeddings of a finished backbone: its scalars alone, or all of it.</summary>
internal sealed class GeneratorTrainable : ITrainable<EpisodeBatch>
{
    private readonly LogitsGenerator _generator;
    private readonly bool _isCorrected;
    private readonly (ValidationEpisodes Episodes, EmbeddingTable Table)? _validation;
    private readonly int _tasksPerBatch;

    /// <summary>Owns none of its arguments.</summary>
    /// <param name="generator">What is trained.</param>
    /// <param name="isCorrected">Whether the encoder is trained too; otherwise it is left out.</param>
    /// <param name="scalarLearningRateScale">The factor on the rate of temperatures and weights.</param>
    /// <param name="tasksPerBatch">For the cost of a validation.</param>
    /// <param name="validation">The held-out tasks and their embeddings; null where nothing is held out.</param>
    public GeneratorTrainable(LogitsGenerator generator, bool isCorrected, double scalarLearningRateScale, int tasksPerBatch, (ValidationEpisodes Episodes, EmbeddingTable Table)? validation)
    {
        (_generator, _isCorrected, _tasksPerBatch, _validation) = (generator, isCorrected, tasksPerBatch, validation);
        Parameters =
        [
            .. FewShotParameters.Of(generator)
                .Select(entry => (Entry: entry, IsScalar: LogitsGenerator.IsScalar(entry.Name)))
                .Where(one => isCorrected || one.IsScalar)
                .Select(one => new TrainableParameter(one.Entry.Name, one.Entry.Tensor, one.Entry.Kind, one.IsScalar ? scalarLearningRateScale : 1)),
        ];
        State = ModuleWeights.Of(generator);
    }

    public IReadOnlyList<TrainableParameter> Parameters { get; }

    public IReadOnlyList<(string Name, Tensor Value)> State { get; }

    public double ValidationCost => _validation is { } held ? held.Episodes.TaskCount / (3.0 * _tasksPerBatch) : 0;

    public BatchLoss Loss(EpisodeBatch batch, StepInfo step)
    {
        using var scope = NewDisposeScope();
        var (loss, accuracy) = EpisodeLoss.Of(Logits(batch), batch.QueryLabels);
        return new BatchLoss(loss.MoveToOuterDisposeScope(), accuracy.MoveToOuterDisposeScope(), batch.Share);
    }

    public void SetTraining(bool training) => _generator.train(training);

    public ValidationMetrics? Validate(CancellationToken cancellationToken) =>
        _validation is { } held ? held.Episodes.MeasureEmbedded(held.Table, Logits, cancellationToken) : null;

    private Tensor Logits(EpisodeBatch batch)
    {
        var (weight, bias) = _generator.Generate(batch.Support, new SupportLabels(batch.Candidates, batch.SlotRows), null, _isCorrected);
        return LogitsGenerator.Logits(batch.Query, weight, bias);
    }
}
