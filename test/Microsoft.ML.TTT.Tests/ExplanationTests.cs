using Microsoft.ML.Data;
using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Images;
using MLExtensions.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Tests;

[TestClass]
public class ExplanationTests
{
    private const int ObjectSide = 16;
    private const int PictureSide = 48;

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(TokenMixer.TttLinear, ImageBackbone.None)]
    [DataRow(TokenMixer.SoftmaxAttention, ImageBackbone.None)]
    [DataRow(TokenMixer.TttLinear, ImageBackbone.ResNet18)]
    public void ThePlacesAddUpToWhatTheProbabilitiesSay(TokenMixer mixer, ImageBackbone backbone)
    {
        var data = DrawnImages.Keyed(_context, DrawnImages.Pictures(24));
        using var model = DrawnImages.Trainer(_context, options =>
        {
            (options.TokenMixer, options.Backbone, options.ImageSize) = (mixer, backbone, backbone == ImageBackbone.None ? DrawnImages.Side : 64);
            options.Model.TunedStages = backbone == ImageBackbone.None ? null : 0;
            options.Recipe.TestTimeAugmentation = false;
            (options.Epoch, options.LearningRate) = (6, 0.01f);
        }).Fit(data);

        // What the average picture says is the same for all images.
        double[] averages = [.. TinyImages.ClassNames.Take(3).SelectMany((name, index) => Explain(model, data, name).Select(row => Advantage(row, index) - Sum(row)))];
        Assert.HasCount(3 * 24, averages);
        for (var i = 0; i < averages.Length; i++)
        {
            Assert.AreEqual(averages[i / 24 * 24], averages[i], 1e-4);
        }

        foreach (var row in Explain(model, data))
        {
            Assert.HasCount(backbone == ImageBackbone.None ? 16 : 4, row.FeatureContributions);
            var index = (int)row.PredictedLabel - 1;
            Assert.AreEqual(averages[index * 24], Advantage(row, index) - Sum(row), 1e-4);
        }

        Assert.IsGreaterThan(1e-2f, Explain(model, data).Max(row => row.FeatureContributions.Max() - row.FeatureContributions.Min()), "all places say the same");
    }

    [TestMethod]
    public void AMirroringModelGivesTheMeanOfTheTwoMapsMirroredBack()
    {
        var normalization = new ImageNormalization([100, 100, 100], [50, 50, 50]);
        using var single = new TttImageScorer(Network(), normalization, isMirroring: false, CPU);
        using var mirroring = new TttImageScorer(Network(), normalization, isMirroring: true, CPU);
        var pixels = new byte[single.RowBytes];
        new Random(1).NextBytes(pixels);
        float[] image = Map(single, pixels), mirrored = Map(single, Mirrored(pixels, DrawnImages.Side)), mean = Map(mirroring, pixels);
        for (var place = 0; place < mean.Length; place++)
        {
            var opposite = (place / 4 * 4) + 3 - (place % 4);
            Assert.AreEqual((image[place] + mirrored[opposite]) / 2, mean[place], 1e-6f);
        }

        Assert.IsGreaterThan(1e-3f, image.Zip(mean).Max(pair => Math.Abs(pair.First - pair.Second)), "the mirror image says the same");
    }

    [TestMethod]
    [DataRow(TokenMixer.TttLinear)]
    [DataRow(TokenMixer.SoftmaxAttention)]
    public void TheMassLiesOnTheObject(TokenMixer mixer)
    {
        var random = new Random(1);
        using var model = DrawnImages.Trainer(_context, options =>
        {
            (options.ImageSize, options.Epoch, options.LearningRate, options.TokenMixer) = (PictureSide, 12, 0.005f, mixer);
            options.ValidationSetFraction = null;
        }).Fit(DrawnImages.Keyed(_context, Enumerable.Range(0, 180).Select(i => Pasted(i % 3, random).Picture)));

        var test = Enumerable.Range(0, 30).Select(i => Pasted(i % 3, random)).ToArray();
        var explained = Explain(model, _context.Data.LoadFromEnumerable(test.Select(one => one.Picture)));
        Assert.IsGreaterThan(0.9, explained.Where((row, i) => row.PredictedLabel == (i % 3) + 1).Count() / (double)test.Length);
        var mass = explained.Zip(test, (row, one) => MassOn(row.FeatureContributions, one.X, one.Y)).ToArray();
        Assert.IsGreaterThan(0.6, mass.Average(), "of what speaks for the class, on an object of 0.11 of the area");
    }

    [TestMethod]
    public void NoTensorIsLeftBehind()
    {
        using var trained = new TrainedModel();
        void ExplainAll() => Explain(trained.Transformer, trained.Data);
        ExplainAll();
        TensorLedger.Leaves(0, ExplainAll);
    }

    [TestMethod]
    public void ARowWithoutAnImageHasNumbersOfNoMeaningAndTheOthersTheirOwn()
    {
        using var trained = new TrainedModel();
        var good = DrawnImages.Pictures(1)[0];
        var data = trained.Context.Data.LoadFromEnumerable<DrawnImages.Picture>([good, new() { Features = [] }, new() { Features = [1, 2, 3] }, good]);
        foreach (var className in (string?[])[null, "red-upright"])
        {
            var maps = trained.Context.Model.Explain(trained.Transformer, data, className).GetColumn<float[]>(ModelExplanation.ColumnName).ToArray();
            Assert.IsTrue(maps[0].All(float.IsFinite));
            Assert.IsTrue(maps[1].Concat(maps[2]).All(float.IsNaN));
            CollectionAssert.AreEqual(maps[0], maps[3]);
        }
    }

    [TestMethod]
    public void TheColumnIsAddedToThoseOfTheScores()
    {
        using var trained = new TrainedModel();
        var (view, scored) = (trained.Context.Model.Explain(trained.Transformer, trained.Data), trained.Transformer.Transform(trained.Data));
        CollectionAssert.AreEqual(scored.Schema.Select(column => column.Name).Append("FeatureContributions").ToArray(), view.Schema.Select(column => column.Name).ToArray());
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 4, 4), view.Schema["FeatureContributions"].Type);
        Assert.AreEqual(DrawnImages.Bits(scored), DrawnImages.Bits(view));
        Assert.IsTrue(view.Schema["Score"].HasSlotNames());
        var all = view.GetColumn<float[]>("FeatureContributions").SelectMany(map => map).ToArray();
        Parallel.For(0, 3, _ => CollectionAssert.AreEqual(all, view.GetColumn<float[]>("FeatureContributions").SelectMany(map => map).ToArray()));
        using var cursor = view.GetRowCursor([view.Schema["Score"]]);
        Assert.IsTrue(cursor.MoveNext());
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<VBuffer<float>>(view.Schema["FeatureContributions"]));
    }

    [TestMethod]
    public void AChainIsExplainedWithWhatComesBeforeAndAfter()
    {
        var data = _context.Data.LoadFromEnumerable(DrawnImages.Pictures(24));
        var chain = _context.Transforms.Conversion.MapValueToKey("Label", "Name").Append(DrawnImages.Trainer(_context))
            .Append(_context.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(data);
        var view = _context.Model.Explain(chain, data);
        CollectionAssert.AreEqual(chain.Transform(data).GetColumn<string>("PredictedLabel").ToArray(), view.GetColumn<string>("PredictedLabel").ToArray());
        Assert.IsTrue(view.GetColumn<float[]>("FeatureContributions").All(map => map.All(float.IsFinite)));

        var exception = Assert.ThrowsExactly<ArgumentException>(() => _context.Model.Explain(chain, data, "tulip"));
        Assert.Contains("The model has no class 'tulip'; it has 'blue-diagonal', 'green-level', 'red-upright'.", exception.Message);
        var none = Assert.ThrowsExactly<NotSupportedException>(() => _context.Model.Explain(chain.First(), data));
        Assert.Contains("it has 0 among (ValueToKeyMappingTransformer)", none.Message);
        chain.Dispose();
    }

    private Explained[] Explain(TTTImageClassificationTransformer model, IDataView data, string? className = null) =>
        [.. _context.Data.CreateEnumerable<Explained>(_context.Model.Explain(model, data, className), reuseRowObject: false)];

    // A class's logit less the mean of all.
    private static double Advantage(Explained row, int index) => Math.Log(row.Score[index]) - row.Score.Average(probability => Math.Log(probability));

    private static double Sum(Explained row) => row.FeatureContributions.Sum(value => (double)value);

    // The share of what spoke for the class that lies on places whose middle is on the object.
    private static double MassOn(float[] map, int x, int y)
    {
        var side = (int)Math.Sqrt(map.Length);
        var step = PictureSide / side;
        bool IsOn(int place, int start) => (place * step) + (step / 2) is var middle && middle >= start && middle < start + ObjectSide;
        var positive = map.Select((value, place) => (value: Math.Max(0, value), isOn: IsOn(place % side, x) && IsOn(place / side, y))).ToArray();
        return positive.Where(one => one.isOn).Sum(one => one.value) / positive.Sum(one => one.value);
    }

    // One of three striped and coloured squares somewhere on a texture that tells nothing.
    private static (DrawnImages.Picture Picture, int X, int Y) Pasted(int label, Random random)
    {
        var (x0, y0, phase) = (random.Next(PictureSide - ObjectSide + 1), random.Next(PictureSide - ObjectSide + 1), random.Next(8));
        var png = PngFile.Encode(PictureSide, PictureSide, (x, y) =>
        {
            var grain = (byte)random.Next(40);
            var ground = (byte)(80 + grain + (40 * ((x + (2 * y) + phase) / 6 % 2)));
            var (dx, dy) = (x - x0, y - y0);
            if (dx is < 0 or >= ObjectSide || dy is < 0 or >= ObjectSide)
            {
                return (ground, ground, ground);
            }

            var stripe = (byte)((label switch { 0 => dx, 1 => dy, _ => dx + dy }) / 3 % 2 * 120);
            return label switch { 0 => ((byte)(200 + grain), stripe, grain), 1 => (grain, (byte)(200 + grain), stripe), _ => (stripe, grain, (byte)(200 + grain)) };
        });
        return (new DrawnImages.Picture { Name = TinyImages.ClassNames[label], Features = png }, x0, y0);
    }

    private static VisionTransformer Network()
    {
        var network = new VisionTransformer(ModelShape.Compact(DrawnImages.Side, 3) with { Width = 24, Heads = 2, Depth = 1, MixerBlocks = [0] }, seed: 3);
        using var mode = no_grad();
        using var generator = new Generator(1);
        network.get_parameter("head.weight")!.copy_(randn([3, 24], generator: generator));
        return network;
    }

    private static float[] Map(TttImageScorer scorer, byte[] pixels)
    {
        var map = new float[16];
        scorer.Explain(pixels, 1, map);
        return map;
    }

    private static byte[] Mirrored(byte[] planes, int side) => [.. planes.Chunk(side).SelectMany(row => row.Reverse())];

    private sealed class Explained
    {
        public float[] Score { get; set; } = [];

        public uint PredictedLabel { get; set; }

        public float[] FeatureContributions { get; set; } = [];
    }
}
