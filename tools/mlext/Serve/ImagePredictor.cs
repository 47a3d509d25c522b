using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.VisionCore.Images;
using MLExt.Data;
using MLExt.Models;
using MLExt.Serve.Contract;
using MLExt.Serve.Http;

namespace MLExt.Serve;

/// <summary>A model that answers one image at a time. For one thread; does not own the model.</summary>
internal sealed class ImagePredictor : IDisposable
{
    private readonly PredictionEngine<ImageRow, Prediction> _engine;
    private readonly IReadOnlyList<string> _classes;

    /// <summary>Prepares a model.</summary>
    /// <param name="context">The context of the model.</param>
    /// <param name="model">The model.</param>
    public ImagePredictor(MLContext context, LoadedModel model)
    {
        _engine = context.Model.CreatePredictionEngine<ImageRow, Prediction>(model.ForImageRows(), new PredictionEngineOptions { OwnsTransformer = false, IgnoreMissingColumns = true });
        _classes = model.Classes;
    }

    /// <summary>Says what an image shows.</summary>
    /// <param name="image">The bytes of the file.</param>
    /// <exception cref="ProblemException">It cannot be decoded.</exception>
    public PredictionAnswer Predict(byte[] image)
    {
        var clock = Stopwatch.StartNew();
        var prediction = _engine.Predict(new ImageRow("", () => image));
        clock.Stop();
        if (!prediction.IsScored)
        {
            throw ProblemException.BadRequest($"The image cannot be decoded: {EncodedImage.FindFault(image) ?? "the model has no answer for it"}.");
        }

        return new PredictionAnswer(
            prediction.Label,
            [.. prediction.Best(_classes, _classes.Count).Select(best => new LabelProbability(best.Name, best.Probability))],
            prediction.Known,
            Math.Round(clock.Elapsed.TotalMilliseconds, 3));
    }

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();
}
