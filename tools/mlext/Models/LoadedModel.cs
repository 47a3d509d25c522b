using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.FewShot;
using Microsoft.ML.TTT;
using MLExt.Commands;
using MLExt.Data;

namespace MLExt.Models;

/// <summary>A saved pipeline that takes the bytes of an image file and gives scores.</summary>
internal sealed class LoadedModel : IDisposable
{
    private readonly MLContext _context;
    private readonly string _imageColumn;

    private LoadedModel(MLContext context, ITransformer transformer, string imageColumn, DataViewSchema output)
    {
        _context = context;
        _imageColumn = imageColumn;
        Transformer = transformer;
        Classes = NamesOf(output);
    }

    /// <summary>The whole pipeline.</summary>
    public ITransformer Transformer { get; }

    /// <summary>Class names in the order of the scores.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Loads a model file.</summary>
    /// <exception cref="CommandException">It is missing, no model, or no model for image files.</exception>
    public static LoadedModel Load(MLContext context, string file)
    {
        var transformer = Read(context, file, out var input);
        try
        {
            return Of(context, transformer, input, file);
        }
        catch
        {
            (transformer as IDisposable)?.Dispose();
            throw;
        }
    }

    /// <summary>Loads a file that holds any model.</summary>
    /// <param name="context">The context to load into.</param>
    /// <param name="file">The file.</param>
    /// <param name="input">The schema of the model's input, where the file has it.</param>
    /// <exception cref="CommandException">The file is missing, or no model.</exception>
    public static ITransformer Read(MLContext context, string file, out DataViewSchema? input)
    {
        if (!File.Exists(file))
        {
            throw new CommandException(HyperTransformerFile.IsName(file)
                ? $"'{file}' generates classifiers and is none itself; 'mlext few-shot adapt' makes one with it."
                : Directory.Exists(file) ? $"'{file}' is a folder; expected a model file." : $"There is no model file '{file}'.");
        }

        try
        {
            return context.Model.LoadVerified(file, out input);
        }
        catch (FormatException e)
        {
            throw new CommandException(e.Message, inner: e);
        }
        catch (Exception e) when (e is IOException and not FileNotFoundException or UnauthorizedAccessException)
        {
            throw new CommandException($"'{file}' cannot be read: {e.Message}", inner: e);
        }
    }

    /// <summary>Scores images.</summary>
    /// <param name="images">Rows of <see cref="ImageRow"/>.</param>
    /// <returns>The same rows with the model's columns.</returns>
    public IDataView Score(IDataView images) => ForImageRows().Transform(images);

    /// <summary>Whether its answers can be explained: those of this project's image classifiers can.</summary>
    public bool CanExplain
    {
        get
        {
            try
            {
                Explain(_context.Data.LoadFromEnumerable(Array.Empty<ImageRow>()));
                return true;
            }
            catch (CommandException)
            {
                return false;
            }
        }
    }

    /// <summary>Scores images, and says what spoke for each answer.</summary>
    /// <param name="images">Rows of <see cref="ImageRow"/>.</param>
    /// <returns>An answer a row, computed as it is asked for.</returns>
    /// <exception cref="CommandException">The model is none whose answers can be explained.</exception>
    public IEnumerable<ExplainedPrediction> Explain(IDataView images)
    {
        try
        {
            return _context.Data.CreateEnumerable<ExplainedPrediction>(_context.Model.Explain(ForImageRows(), images), reuseRowObject: false, ignoreMissingColumns: true);
        }
        catch (NotSupportedException e)
        {
            throw new CommandException($"The model's answers cannot be explained: {e.Message}", inner: e);
        }
    }

    /// <summary>Draws what spoke for the answer for an image over it.</summary>
    /// <param name="image">The bytes of the image file.</param>
    /// <returns>A PNG file; null where the image cannot be decoded, and where it is none of the classes.</returns>
    /// <exception cref="CommandException">The model is none whose answers can be explained.</exception>
    public byte[]? Overlay(byte[] image) =>
        Explain(_context.Data.LoadFromEnumerable([new ImageRow("", () => image)])).Single().Overlay(image);

    /// <summary>Whether a token mixer of the model learns in steps.</summary>
    public bool LearnsInSteps => OnnxExport.Flatten(Transformer).OfType<TTTImageClassificationTransformer>().Any(classifier => classifier.LearnsInSteps);

    /// <summary>What the model's token mixers learn from an image.</summary>
    /// <param name="image">The bytes of the image file.</param>
    /// <exception cref="ArgumentException">It cannot be decoded.</exception>
    /// <exception cref="CommandException">The model has none that learn in steps.</exception>
    public IReadOnlyList<InnerLossMap> InnerLoss(byte[] image)
    {
        try
        {
            return _context.Model.InnerLoss(Transformer, image);
        }
        catch (NotSupportedException e)
        {
            throw new CommandException(LibraryMessages.Translate(e.Message), inner: e);
        }
    }

    /// <summary>The pipeline for rows of <see cref="ImageRow"/>, whatever it calls its image column. Owned by this object.</summary>
    public ITransformer ForImageRows()
    {
        if (_imageColumn == Columns.Image)
        {
            return Transformer;
        }

        var none = _context.Data.LoadFromEnumerable(Array.Empty<ImageRow>());
        return _context.Transforms.CopyColumns(_imageColumn, Columns.Image).Fit(none).Append(Transformer);
    }

    /// <inheritdoc/>
    public void Dispose() => (Transformer as IDisposable)?.Dispose();

    /// <summary>Checks a pipeline in memory.</summary>
    /// <param name="context">The context of the pipeline.</param>
    /// <param name="transformer">The pipeline; owned from now on unless it is refused.</param>
    /// <param name="input">The schema of the rows that it takes.</param>
    /// <param name="file">What messages call it.</param>
    /// <exception cref="CommandException">It is no classifier of image files.</exception>
    public static LoadedModel Of(MLContext context, ITransformer transformer, DataViewSchema? input, string file)
    {
        if (transformer is FewShotHyperTransformer)
        {
            throw new CommandException($"'{file}' generates classifiers and is none itself; 'mlext few-shot adapt' makes one with it.");
        }

        var images = input?.Where(c => c.Type is VectorDataViewType { ItemType: NumberDataViewType item } && item == NumberDataViewType.Byte).ToArray() ?? [];
        if (images.Length != 1)
        {
            throw new CommandException(
                $"'{file}' is a model, but not one for image files: expected one input column of bytes, found {images.Length} "
                + $"among ({string.Join(", ", input?.Select(c => $"{c.Name}: {c.Type}") ?? [])}).");
        }

        var output = transformer.GetOutputSchema(input);
        if (output.GetColumnOrNull(Columns.Score)?.Type is not VectorDataViewType { IsKnownSize: true }
            || output.GetColumnOrNull(Columns.PredictedLabel)?.Type is not TextDataViewType)
        {
            throw new CommandException(
                $"'{file}' is a model, but not a classifier: expected the columns {Columns.Score} (vector) and {Columns.PredictedLabel} (text), "
                + $"found ({string.Join(", ", output.Select(c => $"{c.Name}: {c.Type}"))}).");
        }

        return new LoadedModel(context, transformer, images[0].Name, output);
    }

    /// <summary>Class names in the order of the scores.</summary>
    internal static string[] NamesOf(DataViewSchema output)
    {
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        output[Columns.Score].GetSlotNames(ref names);
        return [.. names.DenseValues().Select(n => n.ToString())];
    }
}
