using Microsoft.ML.FewShot.Baselines.Models;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.FewShot.Training;
using Microsoft.ML.VisionCore.Seeding;
using Microsoft.ML.VisionCore.Training;
using Microsoft.ML.VisionCore.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Baselines;

/// <summary>A <see cref="MetaLearner"/> as the training loop sees it: the cross-entropy of the queries.</summary>
/// <param name="model">What is trained; not owned.</param>
/// <param name="validation">Null where nothing is held out; not owned.</param>
/// <param name="batchSize">The examples of a batch, for the cost of a validation.</param>
/// <param name="seed">Of what the model draws.</param>
internal sealed class MetaLearnerTrainable(MetaLearner model, ValidationEpisodes? validation, int batchSize, int seed) : ITrainable<EpisodeBatch>
{
    public IReadOnlyList<TrainableParameter> Parameters { get; } =
    [
        .. FewShotParameters.Of(model).Where(entry => entry.Tensor.requires_grad).Select(entry => new TrainableParameter(entry.Name, entry.Tensor, entry.Kind)),
    ];

    public IReadOnlyList<(string Name, Tensor Value)> State { get; } = ModuleWeights.Of(model);

    public double ValidationCost => validation is null ? 0 : (double)validation.ExampleCount / (3 * batchSize);

    public BatchLoss Loss(EpisodeBatch batch, StepInfo step)
    {
        using var scope = NewDisposeScope();
        var scores = model.Logits(batch.Support, batch.Candidates, batch.Query, batch.SlotRows, draws: new TaskDraws(SeededRandom.Create(seed, RandomPurpose.Context, step.Step), batch.Place.First, batch.Place.Total));
        scores = scores.view(-1, scores.size(2));      // [B·Q, W]
        var labels = batch.QueryLabels.reshape(-1);
        var accuracy = scores.detach().argmax(1).eq(labels).to(float32).mean();
        return new BatchLoss(nn.functional.cross_entropy(scores, labels).MoveToOuterDisposeScope(), accuracy.MoveToOuterDisposeScope(), batch.Share);
    }

    public void SetTraining(bool training) => model.train(training);

    public ValidationMetrics? Validate(CancellationToken cancellationToken) => validation?.Measure(batch => cat([.. Enumerable.Range(0, (int)batch.Support.size(0)).Chunk(MetaLearnerTraining.TasksPerBatch).Select(tasks =>
    {
        // In pieces, for a task may take a second, and as much memory as in training.
        cancellationToken.ThrowIfCancellationRequested();
        return model.Logits(Of(batch.Support), Of(batch.Candidates), Of(batch.Query), null);

        Tensor Of(Tensor all) => all.narrow(0, tasks[0], tasks.Length);
    })]), cancellationToken);
}
