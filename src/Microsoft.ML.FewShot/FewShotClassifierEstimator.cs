using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Support;

namespace Microsoft.ML.FewShot;

/// <summary>The <see cref="IEstimator{TTransformer}"/> whose <see cref="Fit"/> takes a support set and lets a hyper-transformer make the classifier.</summary>
/// <remarks>To create it, use <c>mlContext.MulticlassClassification.Trainers.FewShotClassifier</c>. The hyper-transformer must not be disposed before it is fitted.</remarks>
public sealed class FewShotClassifierEstimator : IEstimator<FewShotClassifier>
{
    private readonly FewShotHyperTransformer _generator;
    private readonly FewShotClassifierOptions _options;

    internal FewShotClassifierEstimator(FewShotHyperTransformer generator, FewShotClassifierOptions options)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(options);
        _generator = generator;
        _options = options.Copy();
        generator.Check(FewShotColumns.Of(_options), _options.Method, _options, nameof(options));
    }

    /// <summary>Makes a classifier from a support set.</summary>
    /// <param name="input">The samples: labelled, partially labelled or unlabelled, in any order.</param>
    /// <returns>The classifier.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type than it must be.</exception>
    /// <exception cref="InvalidOperationException">No row has a label; a class has no row; there are more classes than the hyper-transformer can tell apart, or only one
    /// without <see cref="FewShotClassifierOptions.RejectUnknown"/>; or the machine has less memory than so many samples need at least.</exception>
    public FewShotClassifier Fit(IDataView input) => _generator.CreateClassifier(input, _options);

    /// <summary>The shape of the schema that the classifier will give.</summary>
    /// <param name="inputSchema">The shape of the support set's schema.</param>
    /// <returns>The input's columns, the probabilities and the predicted label; with <see cref="FewShotClassifierOptions.RejectUnknown"/> also the score of being known.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type than it must be.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var columns = FewShotColumns.Of(_options);
        FewShotFeatures.Check(inputSchema, columns.Feature, _generator.Network.Example);
        return columns.Added.AddTo(inputSchema, LabelColumns.Check(inputSchema, columns.Label, columns.Candidates));
    }
}
