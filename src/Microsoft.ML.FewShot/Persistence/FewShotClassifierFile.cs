using Microsoft.ML.FewShot.Classifiers;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Interop;
using Microsoft.ML.VisionCore.Persistence;
using Microsoft.ML.VisionCore.Scoring;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Persistence;

/// <summary>Writes and reads a generated classifier inside the file that ML.NET makes of a model.</summary>
/// <remarks>
/// *** Binary format ***
/// Config.json: UTF-8 JSON, a <see cref="ClassifierConfiguration"/>
/// Weights.safetensors: the tensors of the network by name
/// Support.safetensors, where samples are kept:
///   features: the images, uint8 [N, C, S, S], or features, float32 [N, F]
///   candidates: uint8 [N, W]: 1 for the outputs of the network that may be a sample's class
/// </remarks>
internal static class FewShotClassifierFile
{
    /// <summary>By which ML.NET finds the type that a file holds.</summary>
    public const string LoaderSignature = "FewShotClassifier";

    private const string SupportName = "Support.safetensors";
    private const string What = "few-shot classifier";

    private static VersionInfo Version => new(
        modelSignature: "FEWSHOTC",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderAssemblyName: typeof(FewShotClassifierFile).Assembly.FullName,
        loaderSignature: LoaderSignature);

    public static void Write(ModelSaveContext context, FewShotClassifierModel model, ClassifierScorer scorer)
    {
        var config = new ClassifierConfiguration(ColumnPart.Of(model.Columns), model.Labels.Count, KeyValuePart.Of(model.Labels), ClassesOf(scorer.Slots),
            model.Method, NormalizationPart.Of(scorer.Scale), scorer.Network.Shape, model.Support is not null, model.Samples,
            model.FalseRejectionRate);
        ModelFile.Write(context, Version, config, scorer.Network);
        if (model.Support is { } support)
        {
            ModelStreams.Write(context, SupportName, stream => SupportTensors.Write(support, stream));
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">The file is damaged, of another kind or from a newer version.</exception>
    public static (FewShotClassifierModel Model, ClassifierScorer Scorer) Read(ModelLoadContext context, Device device)
    {
        var config = ModelFile.ReadConfiguration<ClassifierConfiguration>(context, Version, What);
        var (columns, shape, classes) = (config.Columns.ToColumns(What), config.Shape, config.Slots);
        ModelJson.Check(shape.Violations(), What, "shape");
        var scale = NormalizationPart.ToNormalization(config.Normalization, shape.ImageSize > 0, shape.Colors, What);
        var labels = KeyValuePart.ToLabels(config.KeyValues, config.Classes, What, shape.RejectsUnknown ? 1 : ClassLabels.LeastCount);
        var isPossible = classes.Length == shape.Classes && classes.Distinct().Count() == classes.Length && classes.All(number => number >= 0 && number < labels.Count);
        ModelJson.Check(isPossible ? [] : [$"The network has {shape.Classes} outputs, 'slots' has {classes.Length}, and the label has {labels.Count} classes."], What, "slots");

        ModelJson.Check(shape.RejectsUnknown == columns.Added.Known is not null && shape.RejectsUnknown == config.FalseRejectionRate is not null ? []
            : ["A classifier that rejects has a column of known scores and a rate, and no other has."], What, "knownScore");

        using var mode = new TorchMode(gradients: false);
        var network = ModelFile.ReadNetwork(context, What, () => new TargetNetwork(shape));
        try
        {
            var scorer = new ClassifierScorer(network, scale, SlotsOf(classes, labels.Count), device);
            var support = config.Support ? ModelStreams.Read(context, SupportName, What, stream => SupportTensors.Read(stream, scorer.Shape, labels, classes)) : null;
            return (new FewShotClassifierModel(columns, labels, config.Method, support, config.Samples, config.FalseRejectionRate), scorer);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private static int[] ClassesOf(IReadOnlyList<int> slots)
    {
        var classes = new int[slots.Count(slot => slot >= 0)];
        for (var number = 0; number < slots.Count; number++)
        {
            if (slots[number] >= 0)
            {
                classes[slots[number]] = number;
            }
        }

        return classes;
    }

    private static int[] SlotsOf(int[] classes, int count)
    {
        var slots = new int[count];
        Array.Fill(slots, -1);
        for (var slot = 0; slot < classes.Length; slot++)
        {
            slots[classes[slot]] = slot;
        }

        return slots;
    }
}
