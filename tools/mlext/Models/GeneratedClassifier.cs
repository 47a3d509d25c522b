using Microsoft.ML;
using Microsoft.ML.FewShot;

namespace MLExt.Models;

/// <summary>
/// A classifier that was generated from a support set, as a pipeline like that of <c>mlext image-classification</c>: text labels in, for measuring,
/// and text labels out. Owns it.
/// </summary>
internal sealed class GeneratedClassifier : IDisposable
{
    private readonly MLContext _context;

    /// <summary>Takes over what was generated.</summary>
    public GeneratedClassifier(MLContext context, ITransformer pipeline, DataViewSchema schema, FewShotHyperTransformer generator, FewShotClassifier classifier, TimeSpan elapsed)
    {
        _context = context;
        Pipeline = pipeline;
        Schema = schema;
        Generator = generator;
        Classifier = classifier;
        Elapsed = elapsed;
    }

    /// <summary>The whole pipeline.</summary>
    public ITransformer Pipeline { get; }

    /// <summary>The schema of the rows that it takes.</summary>
    public DataViewSchema Schema { get; }

    /// <summary>What generated it; not owned.</summary>
    public FewShotHyperTransformer Generator { get; }

    /// <summary>The part that was generated.</summary>
    public FewShotClassifier Classifier { get; }

    /// <summary>Time from the image files to the classifier in memory: decoding, the choice of a generator where there are several, and generating.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>Writes the model file.</summary>
    public void Save(Stream stream) => _context.Model.Save(Pipeline, Schema, stream);

    /// <inheritdoc/>
    public void Dispose() => Classifier.Dispose();
}
