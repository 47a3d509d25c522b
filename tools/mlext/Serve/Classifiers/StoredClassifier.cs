using Microsoft.ML;
using MLExt.Models;
using MLExt.Serve.Contract;

namespace MLExt.Serve.Classifiers;

/// <summary>A generated classifier that the app keeps. Owns it.</summary>
/// <param name="context">The context of the classifier.</param>
/// <param name="id">What its address ends with.</param>
/// <param name="generated">The classifier; owned.</param>
/// <param name="file">The model file.</param>
/// <param name="classes">Its classes, with the number of labelled images.</param>
/// <param name="unlabelled">The number of unlabelled images.</param>
/// <param name="generator">What generated it.</param>
internal sealed class StoredClassifier(
    MLContext context, string id, GeneratedClassifier generated, byte[] file, IReadOnlyList<ClassCount> classes, int unlabelled,
    GeneratorAnswer generator) : IDisposable
{
    private readonly Lazy<ImagePredictor> _predictor = new(() =>
        new ImagePredictor(context, LoadedModel.Of(context, generated.Pipeline, generated.Schema, "classifier")));

    /// <summary>What its address ends with.</summary>
    public string Id => id;

    /// <summary>The model file.</summary>
    public byte[] File => file;

    /// <summary>What is said of it.</summary>
    public ClassifierAnswer Describe() => new(
        Id, InOrderOfScores(), unlabelled, Math.Round(generated.Elapsed.TotalMilliseconds, 3), file.Length, generator.Name, generator.ImageSize, generator.Colours,
        generated.Classifier.SharesEmbedding);

    /// <summary>Says what an image shows. Runs on the <see cref="ModelThread"/>.</summary>
    public PredictionAnswer Predict(byte[] image) => _predictor.Value.Predict(image);

    /// <summary>Draws what spoke for the answer for an image over it. Runs on the <see cref="ModelThread"/>.</summary>
    public byte[] Explain(byte[] image) => _predictor.Value.Explain(image);

    /// <summary>Disposes of the classifier. Runs on the <see cref="ModelThread"/>.</summary>
    public void Dispose()
    {
        if (_predictor.IsValueCreated)
        {
            _predictor.Value.Dispose();
        }

        generated.Dispose();
    }

    /// <summary>Writes a part of the classifier as an ONNX graph. Runs on the <see cref="ModelThread"/>.</summary>
    /// <exception cref="NotSupportedException">It has no such part.</exception>
    public void ToOnnx(OnnxPart part, Stream onnx) => context.Model.ExportToOnnx(generated.Pipeline, onnx, part);

    private ClassCount[] InOrderOfScores()
    {
        var counts = classes.ToDictionary(c => c.Name, StringComparer.Ordinal);
        return [.. generated.Classifier.Classes.Select(name => counts[name])];
    }
}
