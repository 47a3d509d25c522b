using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.FewShot;

/// <summary>
/// Generates classifiers from small support sets, in one forward pass. As a transformer over rows of which some have a label (the support set) and
/// some have none (the queries), it scores all rows with the classifier that the labelled ones give, task by task where there is a group column.
/// </summary>
public sealed class FewShotHyperTransformer : ITransformer, IDisposable
{
    internal FewShotHyperTransformer(IHostEnvironment environment) => _ = environment;

    /// <summary>False: what a row scores depends on the support rows.</summary>
    public bool IsRowToRowMapper => false;

    /// <summary>How it makes classifiers.</summary>
    public FewShotMethod Method => throw new NotImplementedException();

    /// <summary>The most classes that a classifier can have.</summary>
    public int MaxWays => throw new NotImplementedException();

    /// <summary>The side S in pixels of the square that images are stretched to; 0 for features.</summary>
    public int ImageSize => throw new NotImplementedException();

    /// <summary>Whether images are seen in colour.</summary>
    public bool IsColor => throw new NotImplementedException();

    /// <summary>The length F of feature vectors; 0 for images.</summary>
    public int FeatureLength => throw new NotImplementedException();

    /// <summary>The channels c of the classifiers' convolutions; 0 for features.</summary>
    public int Channels => throw new NotImplementedException();

    /// <summary>How many of the classifiers' convolutions are generated.</summary>
    public int GeneratedConvolutions => throw new NotImplementedException();

    /// <summary>
    /// The generator of classifiers of symbols and handwritten characters that comes with the package, trained on the background set of Omniglot.
    /// </summary>
    /// <param name="mlContext">The context to work in.</param>
    /// <returns>The hyper-transformer, for images of any size in a column named "Features" and labels in a column named "Label".</returns>
    /// <exception cref="ArgumentNullException">There is no context.</exception>
    public static FewShotHyperTransformer LoadPretrained(MLContext mlContext) => throw new NotImplementedException();

    /// <summary>Makes a classifier from a support set.</summary>
    /// <param name="support">The samples: labelled, partially labelled or unlabelled, in any order. It is read once.</param>
    /// <param name="options">The names of columns, and what the classifier keeps; null means the hyper-transformer's column names.</param>
    /// <returns>The classifier, which needs neither the hyper-transformer nor the support set any more.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type than it must be.</exception>
    /// <exception cref="InvalidOperationException">No row has a label; a class has no row; there are more classes than <see cref="MaxWays"/>, or only one.</exception>
    public FewShotClassifier CreateClassifier(IDataView support, FewShotClassifierOptions? options = null) => throw new NotImplementedException();

    /// <summary>The same hyper-transformer with other column names for <see cref="Transform"/>. It shares the weights, and each is disposed on its own.</summary>
    /// <param name="labelColumnName">The name of the label column, a key of type <see cref="uint"/>.</param>
    /// <param name="featureColumnName">The name of the column of images or features.</param>
    /// <param name="groupColumnName">The name of the column that tells tasks apart, text or a key; null where all rows belong to one task.</param>
    /// <param name="candidatesColumnName">The name of the column of candidate classes, a vector of keys; null where there is none.</param>
    /// <param name="scoreColumnName">The name of the column of probabilities that is added.</param>
    /// <param name="predictedLabelColumnName">The name of the column of the most probable class that is added.</param>
    /// <returns>The transformer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column name is empty, or two columns have the same name.</exception>
    public FewShotHyperTransformer WithColumns(
        string labelColumnName = FewShotClassifierOptions.Defaults.LabelColumnName,
        string featureColumnName = FewShotClassifierOptions.Defaults.FeatureColumnName,
        string? groupColumnName = null,
        string? candidatesColumnName = null,
        string scoreColumnName = FewShotClassifierOptions.Defaults.ScoreColumnName,
        string predictedLabelColumnName = FewShotClassifierOptions.Defaults.PredictedLabelColumnName) => throw new NotImplementedException();

    /// <summary>The schema that <see cref="Transform"/> gives for an input schema.</summary>
    /// <param name="inputSchema">The schema of support rows and queries.</param>
    /// <returns>The input's columns, the probabilities and the predicted label.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type than it must be.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => throw new NotImplementedException();

    /// <summary>
    /// Scores rows while they are read. When scores are first asked for, the rows with a label are read and a classifier is generated for each task.
    /// A row without a label and without candidates is a query; it is not used as an unlabelled sample.
    /// </summary>
    /// <param name="input">Support rows and queries, in any order.</param>
    /// <returns>A view of the input with the scores; classes that a task's support rows do not have get probability 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type than it must be.</exception>
    public IDataView Transform(IDataView input) => throw new NotImplementedException();

    /// <summary>Not possible: what a row scores depends on other rows.</summary>
    /// <param name="inputSchema">The schema of the rows.</param>
    /// <returns>Nothing.</returns>
    /// <exception cref="InvalidOperationException">Always; <see cref="CreateClassifier"/> makes a transformer that has a mapper.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotImplementedException();

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotImplementedException();
}
