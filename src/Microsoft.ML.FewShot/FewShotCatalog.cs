using Microsoft.ML.FewShot;
using Microsoft.ML.FewShot.Evaluation;
using Microsoft.ML.VisionCore.Interop;

namespace Microsoft.ML;

/// <summary>Extension methods that create and measure few-shot classifiers.</summary>
public static class FewShotCatalog
{
    /// <summary>
    /// Creates a <see cref="FewShotHyperTransformerTrainer"/>, which learns from many classes to generate classifiers of others.
    /// </summary>
    /// <param name="catalog">The multiclass classification trainers of a context.</param>
    /// <param name="labelColumnName">The name of the label column, a key. The default value is "Label".</param>
    /// <param name="featureColumnName">The name of the column of images (encoded files, <see cref="Data.MLImage"/> or pixels) or features. The default
    /// value is "Features".</param>
    /// <param name="scoreColumnName">The name of the column of probabilities that is added. The default value is "Score".</param>
    /// <param name="predictedLabelColumnName">The name of the column of the most probable class that is added. The default value is "PredictedLabel".</param>
    /// <param name="validationSet">Classes that training measures itself on and never learns from. The default value is null:
    /// a share of the classes is held out instead.</param>
    /// <returns>The trainer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column name is empty, or two columns have the same name.</exception>
    public static FewShotHyperTransformerTrainer FewShotHyperTransformer(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = FewShotHyperTransformerTrainer.Defaults.LabelColumnName,
        string featureColumnName = FewShotHyperTransformerTrainer.Defaults.FeatureColumnName,
        string scoreColumnName = FewShotHyperTransformerTrainer.Defaults.ScoreColumnName,
        string predictedLabelColumnName = FewShotHyperTransformerTrainer.Defaults.PredictedLabelColumnName,
        IDataView? validationSet = null) =>
        new(CatalogEnvironment.Of(catalog), new FewShotHyperTransformerTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ScoreColumnName = scoreColumnName,
            PredictedLabelColumnName = predictedLabelColumnName,
            ValidationSet = validationSet,
        });

    /// <summary>
    /// Creates a <see cref="FewShotHyperTransformerTrainer"/> with advanced options.
    /// </summary>
    /// <param name="catalog">The multiclass classification trainers of a context.</param>
    /// <param name="options">What to train and how; copied, so that later changes have no effect.</param>
    /// <returns>The trainer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Options are out of range; the message names every one of them.</exception>
    public static FewShotHyperTransformerTrainer FewShotHyperTransformer(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        FewShotHyperTransformerTrainer.Options options) => new(CatalogEnvironment.Of(catalog), options);

    /// <summary>
    /// Creates a <see cref="FewShotClassifierEstimator"/>, which makes a classifier of the support set that it is fitted on.
    /// </summary>
    /// <param name="catalog">The multiclass classification trainers of a context.</param>
    /// <param name="generator">The trained hyper-transformer.</param>
    /// <param name="labelColumnName">The name of the label column, text or a key. The default value is "Label".</param>
    /// <param name="featureColumnName">The name of the column of images or features. The default value is "Features".</param>
    /// <param name="scoreColumnName">The name of the column of probabilities that is added. The default value is "Score".</param>
    /// <param name="predictedLabelColumnName">The name of the column of the most probable class that is added. The default value is "PredictedLabel".</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column name is empty, or two columns have the same name.</exception>
    public static FewShotClassifierEstimator FewShotClassifier(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        FewShotHyperTransformer generator,
        string labelColumnName = FewShotClassifierOptions.Defaults.LabelColumnName,
        string featureColumnName = FewShotClassifierOptions.Defaults.FeatureColumnName,
        string scoreColumnName = FewShotClassifierOptions.Defaults.ScoreColumnName,
        string predictedLabelColumnName = FewShotClassifierOptions.Defaults.PredictedLabelColumnName) =>
        new(generator, new FewShotClassifierOptions
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ScoreColumnName = scoreColumnName,
            PredictedLabelColumnName = predictedLabelColumnName,
        });

    /// <summary>
    /// Creates a <see cref="FewShotClassifierEstimator"/> with advanced options.
    /// </summary>
    /// <param name="catalog">The multiclass classification trainers of a context.</param>
    /// <param name="generator">The trained hyper-transformer.</param>
    /// <param name="options">The names of columns, and what the classifier keeps; copied, so that later changes have no effect.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column name is empty, or two columns have the same name.</exception>
    public static FewShotClassifierEstimator FewShotClassifier(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        FewShotHyperTransformer generator,
        FewShotClassifierOptions options) => new(generator, options);

    /// <summary>Measures a hyper-transformer, and other methods beside it, on tasks drawn from classes that it was not trained on.</summary>
    /// <param name="catalog">The multiclass classification catalog of a context.</param>
    /// <param name="generator">The trained hyper-transformer.</param>
    /// <param name="data">Labelled examples of many classes.</param>
    /// <param name="options">The tasks and the baselines; null means 600 tasks of 20 ways, or of as many as the model can have, and 1 shot without baselines.</param>
    /// <param name="others">
    /// Other trained models that solve the same tasks for comparison, each with the method that it was trained for; not owned. So are those compared whose methods train all of a network, such
    /// as <see cref="FewShotMethod.LstmMetaLearner"/>. All take the same column. Null means none.
    /// </param>
    /// <returns>The metrics of the hyper-transformer, then those of the baselines and those of other models in their order, all on the same tasks.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Options are out of range; or a column is missing or of another type than it must be.</exception>
    /// <exception cref="InvalidOperationException">The data has too few classes with enough examples.</exception>
    public static IReadOnlyList<FewShotMetrics> EvaluateFewShot(
        this MulticlassClassificationCatalog catalog, FewShotHyperTransformer generator, IDataView data, FewShotEvaluationOptions? options = null,
        IReadOnlyList<FewShotHyperTransformer>? others = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(data);
        return FewShotEvaluation.Run(generator.Environment, generator.Network, [.. (others ?? []).Select(other => other.Network)], data, (options ?? new FewShotEvaluationOptions()).Copy());
    }
}
