using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.FewShot;
using MLExt.Data;

namespace MLExt.Models;

/// <summary>
/// A classifier that was generated from a support set, as a pipeline like that of <c>mlext image-classification</c>: text labels in, for measuring,
/// and text labels out. Owns it.
/// </summary>
internal sealed class GeneratedClassifier : IDisposable
{
    private readonly MLContext _context;

    private GeneratedClassifier(MLContext context, ITransformer pipeline, DataViewSchema schema, FewShotClassifier classifier, TimeSpan elapsed)
    {
        _context = context;
        Pipeline = pipeline;
        Schema = schema;
        Classifier = classifier;
        Elapsed = elapsed;
    }

    /// <summary>The whole pipeline.</summary>
    public ITransformer Pipeline { get; }

    /// <summary>The schema of the rows that it takes.</summary>
    public DataViewSchema Schema { get; }

    /// <summary>The part that was generated.</summary>
    public FewShotClassifier Classifier { get; }

    /// <summary>Time from the image files to the classifier in memory, decoding included.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>Generates a classifier.</summary>
    /// <param name="context">The context of the generator.</param>
    /// <param name="generator">What generates it.</param>
    /// <param name="support">Rows of <see cref="ImageRow"/>; those without a label are unlabelled samples.</param>
    /// <param name="method">How the examples become a classifier; null for what the generator was trained for.</param>
    /// <param name="falseRejectionRate">The share of images of the classes that may be taken for none of them; null where nothing is rejected.</param>
    public static GeneratedClassifier Create(MLContext context, FewShotHyperTransformer generator, IDataView support, FewShotMethod? method = null,
        double? falseRejectionRate = null)
    {
        var keys = context.Transforms.Conversion.MapValueToKey(Columns.Label).Fit(support);
        var clock = Stopwatch.StartNew();
        var defaults = new FewShotClassifierOptions();
        var classifier = generator.CreateClassifier(keys.Transform(support), new FewShotClassifierOptions
        {
            RejectUnknown = falseRejectionRate is not null,
            FalseRejectionRate = falseRejectionRate ?? defaults.FalseRejectionRate,
            KnownScoreColumnName = Columns.KnownScore,
            LabelColumnName = Columns.Label,
            FeatureColumnName = Columns.Image,
            ScoreColumnName = Columns.Score,
            PredictedLabelColumnName = Columns.PredictedLabel,
            Method = method,
        });
        clock.Stop();
        var toText = context.Transforms.Conversion.MapKeyToValue(Columns.PredictedLabel).Fit(classifier.Transform(keys.Transform(support)));
        return new GeneratedClassifier(context, keys.Append(classifier).Append(toText), support.Schema, classifier, clock.Elapsed);
    }

    /// <summary>Writes the model file.</summary>
    public void Save(Stream stream) => _context.Model.Save(Pipeline, Schema, stream);

    /// <inheritdoc/>
    public void Dispose() => Classifier.Dispose();
}
