using Microsoft.ML.Runtime;

namespace Microsoft.ML.FewShot;

/// <summary>The <see cref="IEstimator{TTransformer}"/> whose <see cref="Fit"/> takes a support set and lets a hyper-transformer make the classifier.</summary>
/// <remarks>To create it, use <c>mlContext.MulticlassClassification.Trainers.FewShotClassifier</c>. The hyper-transformer must not be disposed before it is fitted.</remarks>
public sealed class FewShotClassifierEstimator : IEstimator<FewShotClassifier>
{
    internal FewShotClassifierEstimator(IHostEnvironment environment, FewShotHyperTransformer generator, FewShotClassifierOptions options) =>
        _ = (environment, generator, options);

    /// <summary>Makes a classifier from a support set.</summary>
    /// <param name="input">The samples: labelled, partially labelled or unlabelled, in any order.</param>
    /// <returns>The classifier.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type than it must be.</exception>
    /// <exception cref="InvalidOperationException">No row has a label; a class has no row; there are more classes than the hyper-transformer can tell apart.</exception>
    public FewShotClassifier Fit(IDataView input) => throw new NotImplementedException();

    /// <summary>The shape of the schema that the classifier will give.</summary>
    /// <param name="inputSchema">The shape of the support set's schema.</param>
    /// <returns>The input's columns, the probabilities and the predicted label.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type than it must be.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => throw new NotImplementedException();
}
