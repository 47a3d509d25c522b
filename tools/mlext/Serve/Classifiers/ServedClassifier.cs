using Microsoft.ML;
using MLExt.Models;
using MLExt.Serve.Contract;

namespace MLExt.Serve.Classifiers;

/// <summary>A classifier that answers. Its methods run on the <see cref="ModelThread"/>.</summary>
/// <param name="context">The context of the classifier.</param>
/// <param name="pipeline">The classifier; owned.</param>
/// <param name="schema">The schema of the rows that it takes.</param>
internal sealed class ServedClassifier(MLContext context, ITransformer pipeline, DataViewSchema schema) : IDisposable
{
    private readonly Lazy<ImagePredictor> _predictor = new(() => new ImagePredictor(context, LoadedModel.Of(context, pipeline, schema, "classifier")));

    /// <summary>Loads a model file.</summary>
    /// <param name="context">The context to load into.</param>
    /// <param name="file">The bytes of the file.</param>
    public static ServedClassifier Load(MLContext context, byte[] file)
    {
        using var stream = new MemoryStream(file, writable: false);
        var pipeline = context.Model.LoadVerified(stream, out var schema);
        return new ServedClassifier(context, pipeline, schema!);
    }

    /// <summary>Says what an image shows.</summary>
    public PredictionAnswer Predict(byte[] image) => _predictor.Value.Predict(image);

    /// <summary>Draws what spoke for the answer for an image over it.</summary>
    public byte[] Explain(byte[] image) => _predictor.Value.Explain(image);

    /// <summary>Writes a part of the classifier as an ONNX graph.</summary>
    /// <exception cref="NotSupportedException">It has no such part.</exception>
    public void ToOnnx(OnnxPart part, Stream onnx) => context.Model.ExportToOnnx(pipeline, onnx, part);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_predictor.IsValueCreated)
        {
            _predictor.Value.Dispose();
        }

        (pipeline as IDisposable)?.Dispose();
    }
}
