using Microsoft.ML;
using MLExt.Data;
using MLExt.Models;
using MLExt.Serve.Contract;
using MLExt.Training;

namespace MLExt.Serve.Trainings;

/// <summary>What a training gave, ready to be used. Owns the model.</summary>
internal sealed class TrainedImageModel : IDisposable
{
    private readonly MLContext _context;
    private readonly ImageTrainingResult _result;
    private readonly Lazy<ImagePredictor> _predictor;

    private TrainedImageModel(MLContext context, ImageTrainingResult result, string file, ImageTrainingData data, ImageEvaluation? evaluation)
    {
        _context = context;
        _result = result;
        File = file;
        Data = data;
        Evaluation = evaluation;
        Model = LoadedModel.Of(context, result.Model, result.Schema, Path.GetFileName(file));
        _predictor = new(() => new ImagePredictor(context, Model));
    }

    /// <summary>The model file.</summary>
    public string File { get; }

    /// <summary>Class names in the order of the scores.</summary>
    public IReadOnlyList<string> Classes => Model.Classes;

    /// <summary>The model itself, for the <see cref="ModelThread"/>.</summary>
    public LoadedModel Model { get; }

    /// <summary>The images that it was trained and measured on; to be read only while the data set is held.</summary>
    public ImageTrainingData Data { get; }

    /// <summary>Its answers for the images held back; null where there were none.</summary>
    public ImageEvaluation? Evaluation { get; }

    /// <summary>Writes the model file and measures.</summary>
    /// <param name="context">The context of the training.</param>
    /// <param name="result">The model; owned from now on.</param>
    /// <param name="data">The images.</param>
    /// <param name="file">The model file to write.</param>
    /// <param name="measures">Whether to measure at all.</param>
    /// <exception cref="CommandException">The file could not be written; nothing is left of it.</exception>
    public static TrainedImageModel Finish(MLContext context, ImageTrainingResult result, ImageTrainingData data, string file, bool measures)
    {
        try
        {
            using var output = new OutputFile(file);
            output.Write(path => context.Model.Save(result.Model, result.Schema, path));
            return new TrainedImageModel(context, result, file, data, measures ? Measure(context, result.Model, data.Validation) : null);
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    /// <summary>Says what an image shows. Runs on the <see cref="ModelThread"/>.</summary>
    public PredictionAnswer Predict(byte[] image) => _predictor.Value.Predict(image);

    /// <summary>Draws what spoke for the answer for an image over it. Runs on the <see cref="ModelThread"/>.</summary>
    public byte[] Explain(byte[] image) => _predictor.Value.Explain(image);

    /// <summary>What the token mixers learn from an image. Runs on the <see cref="ModelThread"/>.</summary>
    public IReadOnlyList<InnerLossAnswer> InnerLoss(byte[] image) => _predictor.Value.InnerLoss(image);

    /// <summary>Writes the model as an ONNX graph. Runs on the <see cref="ModelThread"/>.</summary>
    public void ToOnnx(Stream onnx) => _context.Model.ExportToOnnx(_result.Model, onnx);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_predictor.IsValueCreated)
        {
            _predictor.Value.Dispose();
        }

        _result.Dispose();
    }

    private static ImageEvaluation? Measure(MLContext context, ITransformer model, ImageSet validation)
    {
        if (validation.Count == 0)
        {
            return null;
        }

        var scored = model.Transform(validation.ToDataView(context));
        return ImageEvaluation.Measure(context, scored, validation, LoadedModel.NamesOf(scored.Schema));
    }
}
