using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Torch;
using Microsoft.ML.VisionCore.Training;
using Microsoft.ML.VisionCore.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Training;

/// <summary>A vision transformer as the training loop sees it.</summary>
internal sealed class TttTrainable : ITrainable<ImageBatch>, IDisposable
{
    /// <summary>A forward pass is a third of a training step, but at full resolution where training may not be.</summary>
    private const double ValidationBatchCost = 0.6;

    private readonly VisionTransformer _model;
    private readonly ITrainingImages _images;
    private readonly TttTrainingSettings _settings;
    private readonly BilinearDownscale? _lower, _full;

    /// <summary>Owns none of its arguments.</summary>
    public TttTrainable(VisionTransformer model, ITrainingImages images, TttTrainingSettings settings, Device device)
    {
        _model = model;
        _images = images;
        _settings = settings;
        Parameters = [.. ParameterKinds.Of(model, VisionTransformer.NotMatrices, VisionTransformer.NotDecayed)
            .Select(entry => new TrainableParameter(entry.Name, entry.Tensor, entry.Kind, VisionTransformer.IsPretrained(entry.Name) ? settings.PretrainedRateScale : 1))];
        State = ModuleWeights.Of(model);
        if (images.Side == model.Shape.ImageSize)
        {
            (_lower, _full) = (To(settings.LowResolutionScale), To(settings.FullResolutionScale));
        }

        BilinearDownscale? To(double scale) => TrainingSide(model.Shape, scale) is var to && to < images.Side ? new BilinearDownscale(images.Side, to, device) : null;
    }

    public IReadOnlyList<TrainableParameter> Parameters { get; }

    public IReadOnlyList<(string Name, Tensor Value)> State { get; }

    public double ValidationCost => ValidationBatchCost * _images.ValidationCount / _settings.BatchSize;

    /// <summary>The side to train at for a share of the side that images are scored at: what the model can take nearest to it, or that side.</summary>
    public static int TrainingSide(ModelShape shape, double scale)
    {
        var side = (int)Math.Round(shape.ImageSize * scale / shape.PatchSize) * shape.PatchSize;
        return side < shape.ImageSize && !(shape with { ImageSize = side }).Violations().Any() ? side : shape.ImageSize;
    }

    public BatchLoss Loss(ImageBatch batch, StepInfo step)
    {
        using var scope = NewDisposeScope();
        var plan = BatchMixing.Draw(_settings, step.Step, _images.Side);
        var images = BatchMixing.Mix(_images.Prepare(batch), plan, batch.HasPredecessor);
        var downscale = step.Progress < _settings.LowResolutionFraction ? _lower : _full;
        images = downscale?.Apply(images) ?? images;
        var logits = _images.Logits(images);
        var accuracy = logits.argmax(1).eq(BatchMixing.Own(batch.Labels, batch.HasPredecessor)).to(float32).mean();
        return new BatchLoss(
            BatchMixing.Loss(logits, batch.Labels, plan, _settings.LabelSmoothing, batch.HasPredecessor).MoveToOuterDisposeScope(),
            accuracy.MoveToOuterDisposeScope(),
            batch.Share);
    }

    public void SetTraining(bool training) => _model.train(training);

    public ValidationMetrics? Validate(CancellationToken cancellationToken) =>
        _images.ValidationCount == 0 ? null : Measure(_images, 2 * _settings.BatchSize, cancellationToken, _settings.Loop.Team);

    /// <summary>Loss and accuracy over all validation images; the model must be in evaluation mode.</summary>
    /// <param name="images">The images.</param>
    /// <param name="batchSize">How many at once.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="team">Whose processes do it together; null for this one alone.</param>
    public static ValidationMetrics Measure(ITrainingImages images, int batchSize, CancellationToken cancellationToken, Team? team = null)
    {
        var (loss, right) = (0.0, 0L);
        foreach (var batch in images.ReadValidation(batchSize, cancellationToken, team ?? Team.Alone))
        {
            using (batch)
            {
                using var scope = NewDisposeScope();
                using var detached = no_grad();
                var logits = images.Logits(images.Prepare(batch));
                loss += nn.functional.cross_entropy(logits, batch.Labels, reduction: nn.Reduction.Sum).item<float>();
                right += logits.argmax(1).eq(batch.Labels).sum().item<long>();
            }
        }

        var sums = (team ?? Team.Alone).Sum(loss, right);
        return new ValidationMetrics(sums[0] / images.ValidationCount, sums[1] / images.ValidationCount, images.ValidationCount);
    }

    public void Dispose()
    {
        _lower?.Dispose();
        _full?.Dispose();
    }
}
