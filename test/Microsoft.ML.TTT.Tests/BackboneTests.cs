using Microsoft.ML.Data;
using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Torch;
using MLExtensions.Testing;
using static TorchSharp.torch;
using Metrics = Microsoft.ML.TTT.TTTImageClassificationTrainer.ImageClassificationMetrics;
using Options = Microsoft.ML.TTT.TTTImageClassificationTrainer.Options;

namespace Microsoft.ML.TTT.Tests;

/// <summary>The transformer on a pretrained backbone.</summary>
[TestClass]
public sealed class BackboneTests
{
    private static readonly DrawnImages.Picture[] Pictures = DrawnImages.Pictures(24);
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public void ATrainedClassifierKnowsPicturesItNeverSawAndScoresTheSameAfterLoading(int tunedStages)
    {
        using var model = Fit(tunedStages);
        var test = DrawnImages.Keyed(_context, DrawnImages.Pictures(24, seed: 2));
        var metrics = _context.MulticlassClassification.Evaluate(model.Transform(test));
        Assert.IsGreaterThan(0.8, metrics.MicroAccuracy);

        using var folder = new TemporaryFolder();
        _context.Model.Save(model, test.Schema, folder["model.zip"]);
        var loaded = new MLContext().Model.Load(folder["model.zip"], out _);
        Assert.AreEqual(DrawnImages.Bits(model.Transform(test)), DrawnImages.Bits(loaded.Transform(test)));
        (loaded as IDisposable)?.Dispose();

        // The stages that are not trained are the package's, and not saved: they alone would be 11 MB, and all of them 64.
        var megabytes = new FileInfo(folder["model.zip"]).Length / 1e6;
        Assert.IsLessThan(tunedStages == 0 ? 3 : 50, megabytes);
    }

    [TestMethod]
    public void EqualSeedsGiveEqualScoresWhereverTheFeaturesLie()
    {
        using var inMemory = Fit(1);
        using var inAFile = Fit(1, options => options.Recipe.PixelCacheBytes = 100_000);
        using var other = Fit(1, options => options.Seed = 2);
        var test = DrawnImages.Keyed(_context, DrawnImages.Pictures(6, seed: 2));
        Assert.AreEqual(DrawnImages.Bits(inMemory.Transform(test)), DrawnImages.Bits(inAFile.Transform(test)));
        Assert.AreNotEqual(DrawnImages.Bits(inMemory.Transform(test)), DrawnImages.Bits(other.Transform(test)));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(2)]
    public void FeaturesGiveTheLogitsOfThePixelsTheyCameFrom(int tunedStages)
    {
        using var scope = NewDisposeScope();
        using var detached = no_grad();
        using var model = new VisionTransformer(ModelShape.OnResNet18(96, 5) with { TunedStages = tunedStages }, seed: 1);
        model.eval();
        // A new model says the same of everything.
        using var generator = new Generator(1);
        model.get_parameter("head.weight")!.copy_(randn([5, model.Shape.Width], generator: generator));
        var images = rand([3, 3, 96, 96], generator: generator).Mul(255);
        TensorAssert.AreClose(model.call(images), model.FromFeatures(model.Backbone!.Features(images)), 1e-5, "logits");
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(4)]
    public void OnnxRuntimeAnswersAsTheModelDoesWithoutThePackage(int tunedStages)
    {
        using var model = Fit(tunedStages);
        var asked = DrawnImages.Pictures(6, seed: 3);
        var expected = model.Transform(_context.Data.LoadFromEnumerable(asked)).GetColumn<float[]>("Score").ToArray();
        Assert.IsGreaterThan(0.01f, expected.Max(scores => scores[0]) - expected.Min(scores => scores[0]), "the model says the same of all pictures");

        using var runtime = new OnnxRunner();
        OnnxRunner.AreAlike(expected, runtime.RunImages(model, [.. asked.SelectMany(picture => Planes(picture, 64))], colours: 3, 64));
    }

    [TestMethod]
    public void ThePhaseBeforeTheTrainingTellsHowFarItIs()
    {
        var reports = new List<Metrics>();
        using var model = Fit(0, options => options.MetricsCallback = reports.Add);
        var before = reports.TakeWhile(report => report.Bottleneck is not null).ToArray();
        Assert.AreEqual(24, before[^1].Bottleneck!.Index);
        Assert.IsTrue(before.All(report => report.Train.Epoch == 0 && report.Bottleneck!.Total == 24));
        CollectionAssert.AreEqual(before.Select(report => report.Bottleneck!.Index).Order().ToArray(), before.Select(report => report.Bottleneck!.Index).ToArray());
        Assert.IsTrue(reports.Skip(before.Length).All(report => report.Train.Epoch > 0 && report.Bottleneck is null));
        Assert.AreEqual("Features: 24 of 24 images", before[^1].ToString());
    }

    [TestMethod]
    public void TheTrainingCanBeStoppedBeforeItBegins()
    {
        using var stop = new CancellationTokenSource();
        Assert.ThrowsExactly<OperationCanceledException>(() => Fit(0, options =>
        {
            options.CancellationToken = stop.Token;
            options.MetricsCallback = _ => stop.Cancel();
        }));
    }

    [TestMethod]
    public void NoTensorIsLeftBehind()
    {
        Fit(1).Dispose();
        TensorLedger.Leaves(0, () => Fit(1).Dispose());
    }

    [TestMethod]
    public void AutoTakesItForPhotographsAlone()
    {
        using var drawings = Fit(0, options => (options.Backbone, options.ImageSize) = (ImageBackbone.Auto, null));
        Assert.AreEqual(ImageBackbone.None, drawings.Backbone);

        var data = _context.Data.LoadFromEnumerable(Enumerable.Range(0, 8).Select(i => new Photograph { Label = (uint)(i % 2), Features = Colors(i) }));
        TTTImageClassificationTransformer FitPhotographs(int? side) => DrawnImages.Trainer(_context, options =>
            (options.Backbone, options.ImageSize, options.Epoch) = (ImageBackbone.Auto, side, 1)).Fit(data);
        using var photographs = FitPhotographs(null);
        Assert.AreEqual((ImageBackbone.ResNet18, 256), (photographs.Backbone, photographs.ImageSize));
        using var small = FitPhotographs(32);
        Assert.AreEqual(ImageBackbone.None, small.Backbone);
    }

    [TestMethod]
    public void SizesThatTheBackboneCannotTakeAreRefused()
    {
        var exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => DrawnImages.Trainer(_context, options => (options.Backbone, options.ImageSize) = (ImageBackbone.ResNet18, 48)));
        Assert.Contains("On ResNet18, ImageSize must be at least 64", exception.Message);
        Assert.Contains("ImageSize must be a multiple of the pixels between two places of the backbone; 48 is no multiple of 32.", exception.Message);
        exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => DrawnImages.Trainer(_context, options => options.Model.TunedStages = 5));
        Assert.Contains("Model.TunedStages must be in [0, 4]; it is 5.", exception.Message);
    }

    private static byte[] Planes(DrawnImages.Picture picture, int side)
    {
        var planes = new byte[3 * side * side];
        Assert.IsNull(new ImageDecoder(side).Decode(picture.Features, planes));
        return planes;
    }

    private static float[] Colors(int start) => [.. Enumerable.Range(0, 3 * 64 * 64).Select(i => (float)((i * 7 / 64) + (start * 40)) % 256)];

    private sealed class Photograph
    {
        [KeyType(2)]
        public uint Label { get; set; }

        [VectorType(3, 64, 64)]
        public float[] Features { get; set; } = [];
    }

    private TTTImageClassificationTransformer Fit(int tunedStages, Action<Options>? change = null) => DrawnImages.Trainer(_context, options =>
    {
        (options.Backbone, options.ImageSize, options.Epoch) = (ImageBackbone.ResNet18, 64, 6);
        options.Model.TunedStages = tunedStages;
        change?.Invoke(options);
    }).Fit(DrawnImages.Keyed(_context, Pictures));
}
