using System.Diagnostics;
using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.FewShot;
using Microsoft.ML.Transforms.Image;
using Microsoft.ML.TTT;

namespace MLExtensions.Accuracy;

/// <summary>
/// Photographs: the trainer on its pretrained backbone beside what ML.NET has on the same one and the few-shot generator, on the same images. A quarter of each class is held out
/// by the seed, and no run sees it before it is scored.
/// </summary>
internal sealed class PhotographStudy(string dataset)
{
    private const int HeldOutPart = 4;
    private readonly Photograph[] _photographs = Read(dataset);

    /// <summary>What is measured.</summary>
    internal static IReadOnlyList<string> Contenders { get; } = ["ttt", "no-mixer", "few-shot", "featurizer-lbfgs", "featurizer-sqrt-lbfgs"];

    /// <summary>Trains one contender and scores the held-out images; the seconds are those of both training and reading.</summary>
    /// <param name="contender">One of <see cref="Contenders"/>.</param>
    /// <param name="seed">Decides the split, and everything random.</param>
    /// <param name="perClass">Training images of each class; 0 for all.</param>
    /// <param name="time">The time that the trainer may take.</param>
    internal (double Accuracy, double LogLoss, double Seconds, int Training, int HeldOut) Run(string contender, int seed, int perClass, TimeSpan time)
    {
        var (training, heldOut) = Split(seed, perClass);
        var context = new MLContext(seed);
        var watch = Stopwatch.StartNew();
        var pipeline = context.Transforms.Conversion.MapValueToKey(nameof(Photograph.Label)).Append(Estimator(context, contender, time));
        var model = pipeline.Fit(context.Data.LoadFromEnumerable(training));
        var seconds = watch.Elapsed.TotalSeconds;
        var metrics = context.MulticlassClassification.Evaluate(model.Transform(context.Data.LoadFromEnumerable(heldOut)));
        (model as IDisposable)?.Dispose();
        return (metrics.MicroAccuracy, metrics.LogLoss, seconds, training.Length, heldOut.Length);
    }

    private static IEstimator<ITransformer> Estimator(MLContext context, string contender, TimeSpan time) => contender switch
    {
        "featurizer-lbfgs" => Featurizer(context).Append(context.MulticlassClassification.Trainers.LbfgsMaximumEntropy()),
        "featurizer-sqrt-lbfgs" => Featurizer(context)
            .Append(context.Transforms.CustomMapping<Features, Features>((from, to) => to.Values = Array.ConvertAll(from.Values, MathF.Sqrt), null))
            .Append(context.Transforms.NormalizeLpNorm("Features"))
            .Append(context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(l2Regularization: 0.001f, l1Regularization: 0)),
        "few-shot" => context.MulticlassClassification.Trainers.FewShotClassifier(
            FewShotHyperTransformer.LoadPretrained(context, PretrainedGenerator.Photographs), new FewShotClassifierOptions { FeatureColumnName = nameof(Photograph.File) }),
        _ => context.MulticlassClassification.Trainers.TTTImageClassification(new TTTImageClassificationTrainer.Options
        {
            FeatureColumnName = nameof(Photograph.File),
            Backbone = ImageBackbone.ResNet18,
            TokenMixer = contender == "no-mixer" ? TokenMixer.None : null,
            TrainTime = time,
        }),
    };

    // What ML.NET's users have: the network's last features of an image stretched to 224 pixels.
    private static IEstimator<ITransformer> Featurizer(MLContext context) => context.Transforms.CustomMapping<Encoded, Decoded>(Decode, null)
        .Append(context.Transforms.ResizeImages("Image", 224, 224, resizing: ImageResizingEstimator.ResizingKind.Fill))
        .Append(context.Transforms.ExtractPixels("Pixels", "Image"))
        .Append(context.Transforms.DnnFeaturizeImage("Features", model => model.ModelSelector.ResNet18(context, model.OutputColumn, model.InputColumn), "Pixels"));

    private static void Decode(Encoded from, Decoded to)
    {
        using var stream = new MemoryStream(from.File);
        to.Image = MLImage.CreateFromStream(stream);
    }

    private (Photograph[] Training, Photograph[] HeldOut) Split(int seed, int perClass)
    {
        var (training, heldOut) = (new List<Photograph>(), new List<Photograph>());
        foreach (var one in _photographs.GroupBy(photograph => photograph.Label))
        {
            var shuffled = one.ToArray();
            new Random(seed).Shuffle(shuffled);
            var held = shuffled.Length / HeldOutPart;
            heldOut.AddRange(shuffled[..held]);
            training.AddRange(shuffled[held..].Take(perClass == 0 ? int.MaxValue : perClass));
        }

        return ([.. training], [.. heldOut]);
    }

    private static Photograph[] Read(string path)
    {
        using var zip = ZipImages.Open(path);
        return [.. zip.Entries.Where(entry => entry.Length > 0).OrderBy(entry => entry.FullName, StringComparer.Ordinal).Select(Photograph.Of)];
    }

    internal class Encoded
    {
        public byte[] File { get; set; } = [];
    }

    internal sealed class Photograph : Encoded
    {
        public string Label { get; set; } = "";

        internal static Photograph Of(ZipArchiveEntry entry)
        {
            using var stream = entry.Open();
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return new Photograph { File = bytes.ToArray(), Label = Path.GetDirectoryName(entry.FullName)! };
        }
    }

    private sealed class Decoded
    {
        [ImageType(224, 224)]
        public MLImage? Image { get; set; }
    }

    private sealed class Features
    {
        [VectorType(512)]
        [ColumnName("Features")]
        public float[] Values { get; set; } = [];
    }
}
