using System.Globalization;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Training;

/// <summary>The memory that a training, or the making of a classifier, needs at least.</summary>
/// <remarks>What is not counted: features of maps and images, the optimizer's second memory, the embedded examples, and the copy of the best weights.</remarks>
internal static class FewShotMemory
{
    private const string Remedy = "A smaller Channels, ImageSize, MaxWays, MaxShots, MaxUnlabeled or encoder, or more Poolings, needs less.";

    // Of the width, in a block of an encoder: what both normalisations give, queries, keys and values, what attention gives, and the feed-forward part's hidden layer.
    private const int KeptOfToken = 8;

    // Matrices of the width in such a block: four of attention, and twice two of the feed-forward part; in the paper's design that is as wide as the tokens.
    private const int Matrices = 8, PaperMatrices = 6;

    /// <summary>The estimate for the weights of a model alone, before any data is read.</summary>
    public static LeastMemory OfWeights(FewShotShape shape) => new(sizeof(float) * (BackboneWeights(shape) + GeneratorWeights(shape)), 0, Remedy);

    /// <summary>Refuses a training that cannot fit into this machine, by the stage that needs most.</summary>
    /// <param name="shape">The model.</param>
    /// <param name="settings">Suited to the model and its data.</param>
    /// <param name="stages">The stages.</param>
    /// <param name="training">The classes to learn from.</param>
    /// <param name="device">Where is trained.</param>
    /// <exception cref="InvalidOperationException">More is needed; the message says how much.</exception>
    public static void Check(FewShotShape shape, FewShotTrainingSettings settings, IEnumerable<FewShotStage> stages, ExamplePool training, Device device)
    {
        foreach (var stage in stages)
        {
            var (memory, what) = Of(shape, settings, stage, training.WithAtLeast(settings.ExamplesPerClass).Classes.Count);
            memory.Check(device, what);
        }
    }

    /// <summary>The estimate for a stage, and what its batches are.</summary>
    /// <param name="shape">The model.</param>
    /// <param name="settings">Suited to the model and its data.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="classes">The classes with enough examples for a batch of the backbone's stage.</param>
    public static (LeastMemory Memory, string What) Of(FewShotShape shape, FewShotTrainingSettings settings, FewShotStage stage, int classes)
    {
        var (backbone, generator) = (BackboneWeights(shape), GeneratorWeights(shape));
        var tasks = stage == FewShotStage.Together ? settings.Episodes : settings.EmbeddedEpisodes;
        var examples = Math.Min(settings.ClassesPerBatch, classes) * settings.ExamplesPerClass;
        var (weights, kept, what) = stage switch
        {
            FewShotStage.Backbone => ((LeastMemory.CopiesOfWeights * backbone) + generator, examples * Maps(shape), string.Create(CultureInfo.InvariantCulture, $"a batch of {examples:N0} examples")),
            // The generator's stages begin with embeddings.
            FewShotStage.Clusters => (backbone + generator, 0, Name(tasks)),
            FewShotStage.Logits => (backbone + (LeastMemory.CopiesOfWeights * generator), Tokens(shape, tasks), Name(tasks)),
            _ => (LeastMemory.CopiesOfWeights * (backbone + generator), (tasks.MeanExamples * Maps(shape)) + Tokens(shape, tasks), Name(tasks)),
        };
        return (new LeastMemory(sizeof(float) * weights, sizeof(float) * kept, Remedy), what);
    }

    /// <summary>Refuses a support set that cannot fit into this machine: its samples go through the network together.</summary>
    /// <param name="shape">The model.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="device">Where the classifier is made.</param>
    /// <exception cref="InvalidOperationException">More is needed; the message says how much.</exception>
    public static void CheckSupport(FewShotShape shape, int samples, Device device) =>
        OfSupport(shape, samples).Check(device, string.Create(CultureInfo.InvariantCulture, $"{samples:N0} samples"), "Making a classifier");

    /// <summary>The estimate for a support set: the samples as numbers, and what the first convolution makes of them.</summary>
    public static LeastMemory OfSupport(FewShotShape shape, int samples)
    {
        double example = shape.IsImages ? (double)shape.Colors * shape.ImageSize * shape.ImageSize : shape.FeatureLength;
        double map = shape is { IsImages: true, Embedding: null } ? shape.Channels * Math.Pow(shape.ImageSize, 2) : 0;
        return OfWeights(shape) with { BatchBytes = sizeof(float) * samples * (example + map), Remedy = "Fewer samples of each class need less." };
    }

    private static string Name(EpisodeSettings tasks) => $"a batch of {tasks.BatchSize} tasks of {tasks.Ways} classes with {tasks.Shots} labelled and {tasks.Unlabeled} unlabelled examples of each";

    private static double BackboneWeights(FewShotShape shape)
    {
        if (shape.Embedding is not null)
        {
            return 0;
        }

        var hasOwn = shape.AddLearnedWeights || shape.GeneratedLayers == 0;
        return shape.IsImages
            ? Enumerable.Range(0, shape.Convolutions).Where(layer => hasOwn || !shape.IsGenerated(layer)).Sum(layer => 9.0 * shape.InputChannels(layer) * shape.Channels)
                + ((double)shape.MetricRank * shape.TargetLength)
            : hasOwn ? (double)shape.FeatureLength * shape.HiddenUnits : 0;
    }

    private static double GeneratorWeights(FewShotShape shape) => shape.ContextLength > 0 ? shape.ContextLength * BackboneWeights(shape) : shape.EncoderLayers == 0 ? 0
        : GeneratedKernels(shape).Sum(slice => SliceWeights(shape, 0, slice))
            + SliceWeights(shape, shape.Design == FewShotDesign.Paper ? 0 : 2.0 * shape.EmbeddingLength, shape.EmbeddingLength);

    // Of what reads samples and class slots, the encoder, and what writes the slices.
    private static double SliceWeights(FewShotShape shape, double inputs, double slice)
    {
        var width = Width(shape, slice);
        return shape.Design == FewShotDesign.Paper ? PaperMatrices * shape.EncoderLayers * width * width : width * (inputs + slice + (Matrices * shape.EncoderLayers * width));
    }

    private static double Width(FewShotShape shape, double slice) => shape.Design == FewShotDesign.Paper ? shape.LabelWidth + slice : shape.EncoderWidth;

    // The numbers of a slice, for each layer below the logits that is generated.
    private static IEnumerable<double> GeneratedKernels(FewShotShape shape) => Enumerable.Range(0, shape.Layers).Where(shape.IsGenerated)
        .Select(layer => shape.IsImages ? 9.0 * shape.InputChannels(layer) : shape.FeatureLength + 1.0);

    // What is kept of an example for the gradient: every convolution's map before and after its pooling.
    private static double Maps(FewShotShape shape) => !shape.IsImages ? shape.FeatureLength + shape.HiddenUnits
        : shape.Channels * Enumerable.Range(0, shape.Convolutions).Sum(layer => Math.Pow(shape.SideAfter(layer), 2) + Math.Pow(shape.SideAfter(layer + 1), 2));

    // What the encoders keep of a batch of middling tasks: tokens of the samples and of what is generated, and attention between any two.
    private static double Tokens(FewShotShape shape, EpisodeSettings tasks)
    {
        if (shape.EncoderLayers == 0)
        {
            return 0;
        }

        var ways = Middle(tasks.Ways);
        var samples = ways * (Middle(tasks.Shots) + Middle(tasks.Unlabeled));
        return tasks.BatchSize * (Encoder(ways, shape.EmbeddingLength) + GeneratedKernels(shape).Sum(slice => Encoder(shape.IsImages ? shape.Channels : shape.HiddenUnits, slice)));

        // Of the last block only the slices' places come out.
        double Encoder(double places, double slice) =>
            (shape.EncoderLayers - 1) * ((KeptOfToken * (places + samples) * Width(shape, slice)) + (shape.EncoderHeads * Math.Pow(places + samples, 2)));
    }

    private static double Middle(IntRange range) => (range.Low + range.High) / 2.0;
}
