using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.Transforms.Image;
using Microsoft.ML.TTT;

namespace MLExtensions.Benchmarks.Pairs;

/// <summary>What users do with a folder of JPEG files, through ML.NET's own calls.</summary>
internal sealed class PhotographWork(string folder)
{
    private const int Side = 64, BatchSize = 64, Epochs = 3, FeaturizedSide = 224, OnBackbone = 64;

    private readonly MLContext _context = new(1);
    private readonly Photograph[] _photographs = [.. Directory.EnumerateFiles(folder, "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(file => new Photograph { File = file, Image = File.ReadAllBytes(file), Label = Path.GetFileName(Path.GetDirectoryName(file)!) })];

    /// <summary>A training of the default model, all images of which are read from their files.</summary>
    /// <param name="inMemory">Whether their pixels are kept in memory; otherwise in a temporary file, as those are that do not fit.</param>
    internal Func<double> Train(bool inMemory = true)
    {
        var data = _context.Data.LoadFromEnumerable(_photographs.Select(photograph => new PhotographFile { File = photograph.File, Label = photograph.Label }).ToArray());
        var pipeline = _context.Transforms.LoadRawImageBytes("Image", imageFolder: null, nameof(PhotographFile.File)).Append(Trainer(onBackbone: false, inMemory));
        pipeline.Fit(data).Dispose();
        return () =>
        {
            var watch = Stopwatch.StartNew();
            pipeline.Fit(data).Dispose();
            return watch.Elapsed.TotalSeconds;
        };
    }

    /// <summary>A pass of the default model over images of 32 pixels, PNG files in memory, of which 16 are drawn.</summary>
    internal static Func<double> Pass(int count)
    {
        const int side = 32, classes = 10;
        var (random, context, place) = (new Random(1), new MLContext(1), Directory.CreateTempSubdirectory());
        var files = Enumerable.Range(0, 16).Select(number =>
        {
            var (pixels, file) = (new byte[4 * side * side], Path.Combine(place.FullName, $"{number}.png"));
            random.NextBytes(pixels);
            using var image = MLImage.CreateFromPixels(side, side, MLPixelFormat.Rgba32, pixels);
            image.Save(file);
            return File.ReadAllBytes(file);
        }).ToArray();
        place.Delete(recursive: true);
        var data = context.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(row => new Photograph { Image = files[row % files.Length], Label = $"{row % classes}" }));
        var trainer = context.Transforms.Conversion.MapValueToKey("Label").Append(context.MulticlassClassification.Trainers.TTTImageClassification(
            new TTTImageClassificationTrainer.Options { FeatureColumnName = "Image", ImageSize = side, BatchSize = 64, Epoch = 1, ValidationSetFraction = null }));
        return () =>
        {
            var watch = Stopwatch.StartNew();
            trainer.Fit(data).Dispose();
            return watch.Elapsed.TotalSeconds;
        };
    }

    /// <summary>The scores of all photographs, whose files lie in memory; for one of them.</summary>
    internal Func<double> Score(bool onBackbone)
    {
        var some = Some(onBackbone);
        var scored = Model(onBackbone).Transform(_context.Data.LoadFromEnumerable(some));
        return PerPhotograph(() => Read(scored, "Score"), some.Length);
    }

    /// <summary>The same by ONNX Runtime, from the model's file and from pixels: who uses that decodes with something else.</summary>
    internal Func<double> ScoreInOnnxRuntime(bool onBackbone, int threads)
    {
        using var file = new MemoryStream();
        _context.Model.ExportToOnnx(Model(onBackbone), file);
        using var options = new SessionOptions { IntraOpNumThreads = threads };
        var session = new InferenceSession(file.ToArray(), options);
        var side = int.Parse(session.ModelMetadata.CustomMetadataMap["image_size"], CultureInfo.InvariantCulture);
        var pixels = new byte[BatchSize * side * side * 3];
        new Random(1).NextBytes(pixels);
        NamedOnnxValue[] input = [NamedOnnxValue.CreateFromTensor("image", new DenseTensor<byte>(pixels, [BatchSize, side, side, 3]))];
        return PerPhotograph(() => session.Run(input, ["probabilities"]).Dispose(), BatchSize);
    }

    /// <summary>One photograph after another through a prediction engine.</summary>
    internal Action Predict()
    {
        var engine = _context.Model.CreatePredictionEngine<Photograph, Prediction>(Model(onBackbone: false));
        var next = 0;
        return () => engine.Predict(_photographs[next++ % _photographs.Length]);
    }

    /// <summary>The features that ML.NET's own transformer has of all photographs, for one of them.</summary>
    internal Func<double> Featurize()
    {
        var pipeline = _context.Transforms.CustomMapping<Photograph, Decoded>(Decode, null)
            .Append(_context.Transforms.ResizeImages("Picture", FeaturizedSide, FeaturizedSide, resizing: ImageResizingEstimator.ResizingKind.Fill))
            .Append(_context.Transforms.ExtractPixels("Pixels", "Picture"))
            .Append(_context.Transforms.DnnFeaturizeImage("Features", model => model.ModelSelector.ResNet18(_context, model.OutputColumn, model.InputColumn), "Pixels"));
        var some = Some(onBackbone: true);
        var data = _context.Data.LoadFromEnumerable(some);
        var features = pipeline.Fit(data).Transform(data);
        return PerPhotograph(() => Read(features, "Features"), some.Length);
    }

    // Every fourth where each takes long: all classes are among them.
    private Photograph[] Some(bool onBackbone) => onBackbone ? [.. _photographs.Where((_, number) => number % (_photographs.Length / OnBackbone) == 0)] : _photographs;

    private static Func<double> PerPhotograph(Action all, int count)
    {
        var seconds = OurSide.Repeated(all);
        return () => seconds() / count;
    }

    private static void Read(IDataView data, string name)
    {
        var column = data.Schema[name];
        using var cursor = data.GetRowCursor([column]);
        var getter = cursor.GetGetter<VBuffer<float>>(column);
        VBuffer<float> values = default;
        while (cursor.MoveNext())
        {
            getter(ref values);
        }
    }

    private ITransformer Model(bool onBackbone) =>
        Trainer(onBackbone).Fit(_context.Data.LoadFromEnumerable(Some(onBackbone)));

    private EstimatorChain<TTTImageClassificationTransformer> Trainer(bool onBackbone, bool inMemory = true) => _context.Transforms.Conversion.MapValueToKey("Label")
        .Append(_context.MulticlassClassification.Trainers.TTTImageClassification(new TTTImageClassificationTrainer.Options
        {
            FeatureColumnName = "Image",
            Backbone = onBackbone ? ImageBackbone.ResNet18 : ImageBackbone.None,
            ImageSize = onBackbone ? null : Side,
            BatchSize = BatchSize,
            Epoch = onBackbone ? 1 : Epochs,
            ValidationSetFraction = null,
            Recipe = { Optimizer = TTTImageClassificationTrainer.OptimizerAlgorithm.AdamW, LowResolutionFraction = 0, TestTimeAugmentation = false, PixelCacheBytes = inMemory ? TTTImageClassificationTrainer.Defaults.PixelCacheBytes : 0 },
        }));

    private static void Decode(Photograph from, Decoded to)
    {
        using var stream = new MemoryStream(from.Image);
        to.Picture = MLImage.CreateFromStream(stream);
    }

    private sealed class PhotographFile
    {
        public required string File { get; init; }

        public required string Label { get; init; }
    }

    private sealed class Photograph
    {
        [NoColumn]
        public string File { get; set; } = "";

        public byte[] Image { get; set; } = [];

        public string Label { get; set; } = "";
    }

    private sealed class Decoded
    {
        [ImageType(FeaturizedSide, FeaturizedSide)]
        public MLImage? Picture { get; set; }
    }

    private sealed class Prediction
    {
        public float[] Score { get; set; } = [];
    }
}
