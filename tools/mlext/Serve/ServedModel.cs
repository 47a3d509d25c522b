using Microsoft.ML;
using MLExt.Models;
using MLExt.Serve.Contract;

namespace MLExt.Serve;

/// <summary>The model of <c>POST /api/predict</c>. Its methods run on the <see cref="ModelThread"/>.</summary>
internal sealed class ServedModel : IDisposable
{
    private readonly LoadedModel _model;
    private readonly ImagePredictor _predictor;

    /// <summary>Loads the model.</summary>
    /// <param name="context">The context to work in.</param>
    /// <param name="file">The model file.</param>
    /// <exception cref="CommandException">It is missing, no model, or no model for image files.</exception>
    public ServedModel(MLContext context, string file)
    {
        _model = LoadedModel.Load(context, file);
        _predictor = new ImagePredictor(context, _model);
        Description = new ModelAnswer(Path.GetFileName(file), _model.Classes);
    }

    /// <summary>What the model is.</summary>
    public ModelAnswer Description { get; }

    /// <summary>Says what an image shows.</summary>
    public PredictionAnswer Predict(byte[] image) => _predictor.Predict(image);

    /// <inheritdoc/>
    public void Dispose()
    {
        _predictor.Dispose();
        _model.Dispose();
    }
}
