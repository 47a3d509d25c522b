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
    private readonly ImageNormalization _normalization;
    private readonly ImageDataSet? _validation;
    private readonly TttTrainingSettings _settings;
    private readonly Device _device;
    private readonly BilinearDownscale? _downscale;

    /// <summary>Owns none of its arguments.</summary>
    public TttTrainable(VisionTransformer model, ImageNormalization normalization, ImageDataSet? validation, TttTrainingSettings settings, Device device)
    {
        _model = model;
        _normalization = normalization;
        _validation = validation;
        _settings = settings;
        _device = device;
        Parameters = [.. ParameterKinds.Of(model, VisionTransformer.NotMatrices, VisionTransformer.NotDecayed).Select(entry => new TrainableParameter(entry.Name, entry.Tensor, entry.Kind))];
        State = ModuleWeights.Of(model);
        var side = model.Shape.ImageSize;
        if (LowerSide(model.Shape, settings) is var lower && lower < side)
        {
            _downscale = new BilinearDownscale(side, lower, device);
        }
    }

    public IReadOnlyList<TrainableParameter> Parameters { get; }

    public IReadOnlyList<(string Name, Tensor Value)> State { get; }

    public double ValidationCost => _validation is null ? 0 : ValidationBatchCost * _validation.Count / _settings.BatchSize;

    /// <summary>The side that the first part of a run is trained at: what the model can take nearest to the wish, or the full side.</summary>
    public static int LowerSide(ModelShape shape, TttTrainingSettings settings)
    {
        var lower = (int)Math.Round(shape.ImageSize * settings.LowResolutionScale / shape.PatchSize) * shape.PatchSize;
        var isPossible = settings.LowResolutionFraction > 0 && lower < shape.ImageSize && !(shape with { ImageSize = lower }).Violations().Any();
        return isPossible ? lower : shape.ImageSize;
    }

    public BatchLoss Loss(ImageBatch batch, StepInfo step)
    {
        using var scope = NewDisposeScope();
        var images = _normalization.Apply(batch.Pixels);
        var plan = BatchMixing.Draw(_settings, step.Step, _model.Shape.ImageSize);
        images = BatchMixing.Mix(images, plan);
        if (_downscale is not null && step.Progress < _settings.LowResolutionFraction)
        {
            images = _downscale.Apply(images);
        }

        var logits = _model.call(images);
        var accuracy = logits.argmax(1).eq(batch.Labels).to(float32).mean();
        return new BatchLoss(
            BatchMixing.Loss(logits, batch.Labels, plan, _settings.LabelSmoothing).MoveToOuterDisposeScope(),
            accuracy.MoveToOuterDisposeScope());
    }

    public void SetTraining(bool training) => _model.train(training);

    public ValidationMetrics? Validate(CancellationToken cancellationToken) =>
        _validation is null ? null : Measure(_model, _normalization, _validation, 2 * _settings.BatchSize, _device, cancellationToken);

    /// <summary>Loss and accuracy over all images of a set; the model must be in evaluation mode.</summary>
    public static ValidationMetrics Measure(VisionTransformer model, ImageNormalization normalization, ImageDataSet images, int batchSize, Device device,
        CancellationToken cancellationToken)
    {
        var (loss, right) = (0.0, 0L);
        foreach (var batch in ImageBatchReader.ReadAll(images, batchSize, device, cancellationToken))
        {
            using (batch)
            {
                using var scope = NewDisposeScope();
                using var detached = no_grad();
                var logits = model.call(normalization.Apply(batch.Pixels));
                loss += nn.functional.cross_entropy(logits, batch.Labels, reduction: nn.Reduction.Sum).item<float>();
                right += logits.argmax(1).eq(batch.Labels).sum().item<long>();
            }
        }

        return new ValidationMetrics(loss / images.Count, (double)right / images.Count, images.Count);
    }

    public void Dispose() => _downscale?.Dispose();
}
