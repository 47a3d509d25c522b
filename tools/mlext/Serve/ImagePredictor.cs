using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.VisionCore.Images;
using MLExt.Commands;
using MLExt.Data;
using MLExt.Models;
using MLExt.Serve.Contract;
using MLExt.Serve.Http;

namespace MLExt.Serve;

/// <summary>A model that answers one image at a time. For one thread; does not own the model.</summary>
internal sealed class ImagePredictor : IDisposable
{
    private readonly PredictionEngine<ImageRow, Prediction> _engine;
    private readonly LoadedModel _model;

    /// <summary>Prepares a model.</summary>
    /// <param name="context">The context of the model.</param>
    /// <param name="model">The model.</param>
    public ImagePredictor(MLContext context, LoadedModel model)
    {
        _engine = context.Model.CreatePredictionEngine<ImageRow, Prediction>(model.ForImageRows(), new PredictionEngineOptions { OwnsTransformer = false, IgnoreMissingColumns = true });
        _model = model;
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
            throw Undecodable(image);
        }

        return new PredictionAnswer(
            prediction.Label,
            [.. prediction.Best(_model.Classes, _model.Classes.Count).Select(best => new LabelProbability(best.Name, best.Probability))],
            prediction.Known,
            Math.Round(clock.Elapsed.TotalMilliseconds, 3));
    }

    /// <summary>Draws what spoke for the answer for an image over it.</summary>
    /// <param name="image">The bytes of the file.</param>
    /// <returns>A PNG file.</returns>
    /// <exception cref="ProblemException">It cannot be decoded, or is none of the classes.</exception>
    public byte[] Explain(byte[] image) => _model.Overlay(image) ?? throw (EncodedImage.FindFault(image) is null
        ? ProblemException.BadRequest("Nothing spoke for a class: the image is none of them, or there is only one.") : Undecodable(image));

    /// <summary>What the model's token mixers learn from an image.</summary>
    /// <param name="image">The bytes of the file.</param>
    /// <exception cref="ProblemException">It cannot be decoded.</exception>
    /// <exception cref="CommandException">The model has none that learn in steps.</exception>
    public IReadOnlyList<InnerLossAnswer> InnerLoss(byte[] image)
    {
        try
        {
            return [.. _model.InnerLoss(image).Select(map => new InnerLossAnswer(map.Block, MixerNames.Of(map.TokenMixer), map.Head,
                [.. Enumerable.Range(0, map.Steps + 1).Select(step => (double)map.MeanAfter(step))], ModelExplanation.DrawContributions(image, map.Reduction())))];
        }
        catch (ArgumentException)
        {
            throw Undecodable(image);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();

    private static ProblemException Undecodable(byte[] image) =>
        ProblemException.BadRequest($"The image cannot be decoded: {EncodedImage.FindFault(image) ?? "the model has no answer for it"}.");
}
