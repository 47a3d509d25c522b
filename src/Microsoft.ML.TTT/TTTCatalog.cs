using Microsoft.ML.Data;
using Microsoft.ML.TTT;
using Microsoft.ML.VisionCore.Interop;

namespace Microsoft.ML;

/// <summary>Extension methods that create test-time-training image classifiers, and look into them.</summary>
public static class TTTCatalog
{
    /// <summary>
    /// Creates a <see cref="TTTImageClassificationTrainer"/>, which trains a vision transformer with test-time-training layers to classify images.
    /// </summary>
    /// <param name="catalog">The multiclass classification trainers of a context.</param>
    /// <param name="labelColumnName">The name of the label column, a key. The default value is "Label".</param>
    /// <param name="featureColumnName">The name of the image column: encoded files (a vector of bytes of unknown size), <see cref="MLImage"/>,
    /// or a known-size vector of pixels. The default value is "Features".</param>
    /// <param name="scoreColumnName">The name of the column of probabilities that is added. The default value is "Score".</param>
    /// <param name="predictedLabelColumnName">The name of the column of the most probable class that is added. The default value is "PredictedLabel".</param>
    /// <param name="validationSet">Images that training measures itself on and never learns from. The default value is null:
    /// a share of the training set is held out instead.</param>
    /// <returns>The trainer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column name is empty, or two columns have the same name.</exception>
    public static TTTImageClassificationTrainer TTTImageClassification(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = TTTImageClassificationTrainer.Defaults.LabelColumnName,
        string featureColumnName = TTTImageClassificationTrainer.Defaults.FeatureColumnName,
        string scoreColumnName = TTTImageClassificationTrainer.Defaults.ScoreColumnName,
        string predictedLabelColumnName = TTTImageClassificationTrainer.Defaults.PredictedLabelColumnName,
        IDataView? validationSet = null) =>
        new(CatalogEnvironment.Of(catalog), new TTTImageClassificationTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ScoreColumnName = scoreColumnName,
            PredictedLabelColumnName = predictedLabelColumnName,
            ValidationSet = validationSet,
        });

    /// <summary>
    /// Creates a <see cref="TTTImageClassificationTrainer"/> with advanced options.
    /// </summary>
    /// <param name="catalog">The multiclass classification trainers of a context.</param>
    /// <param name="options">What to train and how; copied, so that later changes have no effect.</param>
    /// <returns>The trainer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Options are out of range; the message names every one of them.</exception>
    public static TTTImageClassificationTrainer TTTImageClassification(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        TTTImageClassificationTrainer.Options options) => new(CatalogEnvironment.Of(catalog), options);

    /// <summary>Shows the inner loop of a classifier at work: what its token mixers learn from one image, token by token and step by step.</summary>
    /// <param name="catalog">The model operations of a context.</param>
    /// <param name="model">A trained image classifier, or a chain with one.</param>
    /// <param name="imageFile">The bytes of an image file: JPEG, PNG, GIF, BMP or WebP. It is scored as it is, without its mirror image.</param>
    /// <returns>A map for each head of each block whose mixer learns in steps (<see cref="TokenMixer.TttLinear"/>, <see cref="TokenMixer.TttMlp"/> and <see cref="TokenMixer.ViT3"/>),
    /// in the order of blocks and heads.</returns>
    /// <exception cref="ArgumentException">The file cannot be decoded.</exception>
    /// <exception cref="NotSupportedException">There is no image classifier in the model or more than one, or it has no such mixer.</exception>
    /// <exception cref="ObjectDisposedException">The classifier has been disposed of.</exception>
    public static IReadOnlyList<InnerLossMap> InnerLoss(this ModelOperationsCatalog catalog, ITransformer model, ReadOnlySpan<byte> imageFile)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        return OnnxExport.Only<TTTImageClassificationTransformer>([.. OnnxExport.Flatten(model)], $"Inner losses need exactly one {nameof(TTTImageClassificationTransformer)}").InnerLoss(imageFile);
    }
}
