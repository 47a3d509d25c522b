using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class MulticlassClassificationCatalog
{
    /// <summary>Compares scores with labels.</summary>
    /// <param name="data">Scored data.</param>
    /// <param name="labelColumnName">A key, or a float that counts the classes from 0.</param>
    /// <param name="scoreColumnName">A vector of two or more probabilities.</param>
    /// <param name="predictedLabelColumnName">Must exist; its values are not used.</param>
    /// <param name="topKPredictionCount">If positive, the top-k accuracies up to this k are measured too.</param>
    public MulticlassClassificationMetrics Evaluate(
        IDataView data,
        string labelColumnName = DefaultColumnNames.Label,
        string scoreColumnName = DefaultColumnNames.Score,
        string predictedLabelColumnName = DefaultColumnNames.PredictedLabel,
        int topKPredictionCount = 0)
    {
        Environment.CheckValue(data, nameof(data));
        Environment.CheckNonEmpty(labelColumnName, nameof(labelColumnName));
        Environment.CheckNonEmpty(scoreColumnName, nameof(scoreColumnName));
        Environment.CheckNonEmpty(predictedLabelColumnName, nameof(predictedLabelColumnName));
        Environment.CheckUserArg(topKPredictionCount >= 0, nameof(topKPredictionCount), "Must be non-negative");
        return new MulticlassClassificationEvaluator(Environment, topKPredictionCount).Evaluate(data, labelColumnName, scoreColumnName, predictedLabelColumnName);
    }

    /// <summary>Splits the data into folds; for each fits the estimator on the others and evaluates on it.</summary>
    /// <param name="data">All the data.</param>
    /// <param name="estimator">What is fitted.</param>
    /// <param name="numberOfFolds">At least 2.</param>
    /// <param name="labelColumnName">The label that is evaluated against.</param>
    /// <param name="samplingKeyColumnName">Rows that are equal in this column stay in one fold.</param>
    /// <param name="seed">Seed of the split; if null that of the context.</param>
    public IReadOnlyList<CrossValidationResult<MulticlassClassificationMetrics>> CrossValidate(
        IDataView data,
        IEstimator<ITransformer> estimator,
        int numberOfFolds = 5,
        string labelColumnName = DefaultColumnNames.Label,
        string samplingKeyColumnName = null,
        int? seed = null)
    {
        Environment.CheckNonEmpty(labelColumnName, nameof(labelColumnName));
        return CrossValidateTrain(data, estimator, numberOfFolds, samplingKeyColumnName, seed, scores => Evaluate(scores, labelColumnName));
    }
}
