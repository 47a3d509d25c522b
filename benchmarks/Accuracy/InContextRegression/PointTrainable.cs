using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Torch;
using Microsoft.ML.VisionCore.Training;
using MLExtensions.Accuracy.InContextRegression.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MLExtensions.Accuracy.InContextRegression;

/// <summary>Plugs the classifier into the training loop: cross-entropy on the hidden pixels.</summary>
internal sealed class PointTrainable(PointClassifier model, IReadOnlyList<PointBatch> validation) : ITrainable<PointBatch>
{
    public IReadOnlyList<TrainableParameter> Parameters { get; } =
        [.. ParameterKinds.Of(model, VisionTransformer.NotMatrices, VisionTransformer.NotDecayed).Select(entry => new TrainableParameter(entry.Name, entry.Tensor, entry.Kind))];

    public IReadOnlyList<(string Name, Tensor Value)> State => [.. Parameters.Select(parameter => (parameter.Name, (Tensor)parameter.Value))];

    public double ValidationCost => 0;

    public BatchLoss Loss(PointBatch batch, StepInfo step)
    {
        var logits = model.call(batch.Pixels).view(-1, 2).index_select(0, batch.Hidden);
        return new BatchLoss(functional.cross_entropy(logits, batch.Labels), Hits(logits, batch.Labels));
    }

    public void SetTraining(bool training) => model.train(training);

    public ValidationMetrics? Validate(CancellationToken cancellationToken)
    {
        using var none = no_grad();
        double loss = 0, accuracy = 0;
        foreach (var batch in validation)
        {
            using var scope = NewDisposeScope();
            var measured = Loss(batch, default);
            loss += measured.Loss.item<float>() / validation.Count;
            accuracy += measured.Accuracy.item<float>() / validation.Count;
        }

        return new ValidationMetrics(loss, accuracy, validation.Sum(batch => batch.Labels.shape[0]));
    }

    private static Tensor Hits(Tensor logits, Tensor labels) => logits.detach().argmax(1).eq(labels).to(ScalarType.Float32).mean();
}
