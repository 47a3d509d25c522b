using Microsoft.ML;

namespace MLExt.Training;

/// <summary>What a training run gave. Owns the model.</summary>
/// <param name="model">The pipeline from image files and text labels to probabilities and a text label.</param>
/// <param name="schema">The schema of the rows that it takes.</param>
/// <param name="isStopped">Whether the run was stopped by hand; the model is then the best so far.</param>
internal sealed class ImageTrainingResult(ITransformer model, DataViewSchema schema, bool isStopped) : IDisposable
{
    /// <summary>The pipeline from image files and text labels to probabilities and a text label.</summary>
    public ITransformer Model => model;

    /// <summary>The schema of the rows that it takes.</summary>
    public DataViewSchema Schema => schema;

    /// <summary>Whether the run was stopped by hand; the model is then the best so far.</summary>
    public bool IsStopped => isStopped;

    /// <inheritdoc/>
    public void Dispose() => (model as IDisposable)?.Dispose();
}
