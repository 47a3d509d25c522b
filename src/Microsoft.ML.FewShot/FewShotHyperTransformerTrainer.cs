using Microsoft.ML.Runtime;

namespace Microsoft.ML.FewShot;

/// <summary>
/// The <see cref="IEstimator{TTransformer}"/> that trains a <see cref="FewShotHyperTransformer"/> on many classes, so that it can generate
/// classifiers of classes it has never seen from a handful of examples.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this trainer, use `mlContext.MulticlassClassification.Trainers.FewShotHyperTransformer`.
///
/// ### Input columns
/// The label column is a key of type `uint`: the base classes, the more of them the better. The feature column holds images (encoded files as a vector
/// of bytes of unknown size, `MLImage`, or a known-size vector of `float` pixels) or features (a one-dimensional known-size vector of `float`).
///
/// ### Trainer characteristics
/// |  |  |
/// | -- | -- |
/// | Machine learning task | Few-shot multiclass classification |
/// | Is normalization required? | No |
/// | Is caching required? | No |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.FewShot, and TorchSharp-cpu, TorchSharp-cuda-windows or TorchSharp-cuda-linux |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed partial class FewShotHyperTransformerTrainer : IEstimator<FewShotHyperTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly Options _options;

    internal FewShotHyperTransformerTrainer(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(options);
        _environment = environment;
        _options = options.Copy();
    }

    /// <summary>Trains on base classes.</summary>
    /// <param name="input">The training set.</param>
    /// <returns>The trained hyper-transformer, with the weights that did best on classes held out.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type than it must be.</exception>
    /// <exception cref="InvalidOperationException">There are too few classes with enough examples; the loss was not a number before any weights had
    /// been validated; a GPU was demanded and there is none.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled before its first step.</exception>
    public FewShotHyperTransformer Fit(IDataView input) => Fit(input, null);

    /// <summary>Trains on base classes and measures itself on others.</summary>
    /// <param name="trainData">The training set.</param>
    /// <param name="validationData">
    /// Classes that training never learns from; null means <see cref="Options.ValidationSet"/>, or else a share of the training classes.
    /// </param>
    /// <returns>The trained hyper-transformer, with the weights that did best on the validation classes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type than it must be.</exception>
    /// <exception cref="InvalidOperationException">There are too few classes with enough examples; the loss was not a number before any weights had
    /// been validated; a GPU was demanded and there is none.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled before its first step.</exception>
    public FewShotHyperTransformer Fit(IDataView trainData, IDataView? validationData)
    {
        _ = (_environment, _options, trainData, validationData);
        throw new NotImplementedException();
    }

    /// <summary>The shape of the schema that the trained hyper-transformer will give.</summary>
    /// <param name="inputSchema">The shape of the training set's schema.</param>
    /// <returns>The input's columns, the probabilities and the predicted label.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type than it must be.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => throw new NotImplementedException();
}
