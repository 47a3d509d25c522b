using Google.Protobuf;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Image;
using Microsoft.ML.VisionCore.Onnx;

namespace Microsoft.ML;

/// <summary>Writes trained classifiers as ONNX files, which other runtimes and other languages can run.</summary>
public static class OnnxExport
{
    // What reads and lays out images, features and labels, or names the answer, and computes nothing that a graph would have to.
    private static readonly HashSet<string> Bystanders = new(StringComparer.Ordinal)
    {
        nameof(ImageLoadingTransformer), nameof(ImageResizingTransformer), nameof(ImagePixelExtractingTransformer), nameof(ValueToKeyMappingTransformer),
        nameof(KeyToValueMappingTransformer), nameof(ColumnCopyingTransformer), nameof(ColumnConcatenatingTransformer), "ColumnSelectingTransformer",
    };

    /// <summary>Writes the classifier of this project that a model is, or has among its transformers, as an ONNX graph.</summary>
    /// <param name="catalog">The model operations of a context.</param>
    /// <param name="model">A trained image classifier, a few-shot classifier, or a chain with one of them.</param>
    /// <param name="stream">Receives the file; it stays open.</param>
    /// <param name="part">What of it. The default value is all of it, the only one for all but few-shot classifiers of photographs.</param>
    /// <remarks>
    /// The graph uses the standard operators of version 17. Its input is "image", bytes [N, S, S, C], for images that were stretched to the model's
    /// size S, with three colours in the order red, green, blue or one grey; normalisation is part of the graph. Classifiers of feature vectors have
    /// the input "features", floats [N, F]. Its output is "probabilities", floats [N, Y]. The metadata has "class_names", a JSON array in the order of the
    /// output, and for images "image_size" and "colours". N is any number. Classifiers of photographs that one generator made share their embedding, which is nearly all
    /// of the file: who has several of them, or makes them again and again, writes it once and the heads by themselves.
    /// </remarks>
    /// <exception cref="NotSupportedException">There is no such classifier, more than one, or a transformer that the graph would leave out and that may change what it reads; or it
    /// has no such part.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="part"/> is none of the parts.</exception>
    public static void ExportToOnnx(this ModelOperationsCatalog catalog, ITransformer model, Stream stream, OnnxPart part = OnnxPart.Whole)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(stream);
        if (!Enum.IsDefined(part))
        {
            throw new ArgumentOutOfRangeException(nameof(part), $"part must be one of {string.Join(", ", Enum.GetNames<OnnxPart>())}; it is {part}.");
        }

        Find(model).ToOnnx(part).WriteTo(stream);
    }

    /// <summary>Refuses a part that a classifier does not have.</summary>
    /// <exception cref="NotSupportedException">It is not the whole.</exception>
    internal static void CheckWhole(OnnxPart part)
    {
        if (part != OnnxPart.Whole)
        {
            throw new NotSupportedException($"This classifier has no part {part}: only few-shot classifiers of photographs share their embedding. Export the whole.");
        }
    }

    private static IOnnxExportable Find(ITransformer model)
    {
        ITransformer[] parts = [.. Flatten(model)];
        var classifier = Only<IOnnxExportable>(parts, "ONNX export needs exactly one image classifier or few-shot classifier");
        ITransformer[] others = [.. parts.Where(part => part is not IOnnxExportable && !Bystanders.Contains(part.GetType().Name))];
        return others.Length == 0 ? classifier : throw new NotSupportedException(
            $"The model has transformers that cannot be part of an ONNX graph: {Names(others)}. Export the classifier by itself, and give it what they give.");
    }

    /// <summary>The one transformer of a kind.</summary>
    /// <param name="parts">The transformers of a model.</param>
    /// <param name="needed">What needs one of which kind, with what comes before "in the model".</param>
    /// <exception cref="NotSupportedException">There is none, or more than one.</exception>
    internal static T Only<T>(ITransformer[] parts, string needed)
    {
        T[] found = [.. parts.OfType<T>()];
        return found.Length == 1 ? found[0] : throw new NotSupportedException($"{needed} in the model; it has {found.Length} among ({Names(parts)}).");
    }

    /// <summary>The transformers of a model, those of chains within it one by one.</summary>
    internal static IEnumerable<ITransformer> Flatten(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [model];

    /// <summary>Transformers as messages list them.</summary>
    internal static string Names(IEnumerable<ITransformer> parts) => string.Join(", ", parts.Select(part => part.GetType().Name));
}
