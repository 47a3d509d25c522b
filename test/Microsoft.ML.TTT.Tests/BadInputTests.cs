using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLExtensions.Testing;

namespace Microsoft.ML.TTT.Tests;

[TestClass]
public class BadInputTests
{
    private readonly MLContext _context = new();

    [TestMethod]
    public void EmptyDataIsRefused() => Refused("The training set is empty.", []);

    [TestMethod]
    public void DataWithoutAnyGoodImageIsRefused()
    {
        var pictures = DrawnImages.Pictures(6);
        Array.ForEach(pictures, picture => picture.Features = [1, 2, 3]);
        Refused("The training set has no row with a label and an image that can be read in column 'Features'; 6 rows were skipped. First: row 0: 3 bytes are not an image", pictures);
    }

    [TestMethod]
    public void DataOfOneClassIsRefusedAndTheClassIsNamed()
    {
        var pictures = DrawnImages.Pictures(6, classes: 2);
        for (var i = 1; i < pictures.Length; i += 2)
        {
            pictures[i].Features = [];
        }

        Refused("The training set has images of one class only, 'blue-diagonal' (3 images); at least 2 classes are needed.", pictures);
    }

    [TestMethod]
    public void SomeBadImagesAreSkippedAndCountedInOneWarning()
    {
        var warnings = Warnings();
        var pictures = DrawnImages.Pictures(40);
        (pictures[3].Features, pictures[20].Features) = ([], [1, 2, 3]);
        using var model = DrawnImages.Trainer(_context, options => options.Epoch = 1).Fit(DrawnImages.Keyed(_context, pictures));
        Assert.HasCount(1, warnings);
        Assert.Contains("2", warnings[0]);
    }

    [TestMethod]
    public void ABadImageHasNoScoreAndItsNeighboursKeepTheirs()
    {
        using var trained = new TrainedModel();
        var pictures = DrawnImages.Pictures(9);
        var whole = trained.Transformer.Transform(_context.Data.LoadFromEnumerable(pictures)).GetColumn<float[]>("Score").ToArray();
        pictures[4].Features = [1, 2, 3];
        var scored = trained.Transformer.Transform(_context.Data.LoadFromEnumerable(pictures));
        var (scores, labels) = (scored.GetColumn<float[]>("Score").ToArray(), scored.GetColumn<uint>("PredictedLabel").ToArray());
        for (var i = 0; i < pictures.Length; i++)
        {
            Assert.AreEqual(i == 4, labels[i] == 0);
            for (var k = 0; k < 3; k++)
            {
                Assert.AreEqual(i == 4 ? float.NaN : whole[i][k], scores[i][k], 1e-5f);
            }
        }

        using var engine = _context.Model.CreatePredictionEngine<DrawnImages.Picture, Prediction>(trained.Transformer);
        Assert.IsFalse(float.IsNaN(engine.Predict(pictures[3]).Score[0]));
        var bad = engine.Predict(pictures[4]);
        Assert.AreEqual(0u, bad.PredictedLabel);
        Assert.IsTrue(bad.Score.All(float.IsNaN));
        Assert.AreNotEqual(0u, engine.Predict(pictures[5]).PredictedLabel);
    }

    [TestMethod]
    public void ImagesOfAnySizeAreLearnedAndScored()
    {
        var random = new Random(4);
        var pictures = DrawnImages.Pictures(24);
        for (var i = 0; i < pictures.Length; i += 2)
        {
            pictures[i].Features = TinyImages.Encode(i % 3, 8 + (5 * i), random, i % 4 == 0 ? ".png" : ".jpg");
        }

        using var model = DrawnImages.Trainer(_context, options => (options.Epoch, options.ImageSize) = (1, null)).Fit(DrawnImages.Keyed(_context, pictures));
        Assert.AreEqual(32, model.ImageSize);
        Assert.IsTrue(model.Transform(_context.Data.LoadFromEnumerable(pictures)).GetColumn<uint>("PredictedLabel").All(label => label is >= 1 and <= 3));
    }

    [TestMethod]
    public void AValidationSetOfOtherClassesIsRefused()
    {
        var train = DrawnImages.Keyed(_context, DrawnImages.Pictures(12));
        var exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => DrawnImages.Trainer(_context).Fit(train, DrawnImages.Keyed(_context, DrawnImages.Pictures(12, classes: 2))));
        Assert.Contains("The validation set has 2 classes in column 'Label', the training set has 3.", exception.Message);

        var reordered = DrawnImages.Keyed(_context, DrawnImages.Pictures(12).Skip(1));
        exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => DrawnImages.Trainer(_context).Fit(train, reordered));
        Assert.Contains("Class 1 is 'green-level' in the validation set and 'blue-diagonal' in the training set.", exception.Message);
    }

    [TestMethod]
    public void AValidationSetWithoutTheColumnsIsRefusedByItsName()
    {
        var train = DrawnImages.Keyed(_context, DrawnImages.Pictures(12));
        var exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => DrawnImages.Trainer(_context).Fit(train, _context.Data.LoadFromEnumerable(DrawnImages.Pictures(3))));
        Assert.Contains("label (validation set) column 'Label'", exception.Message);
    }

    [TestMethod]
    public void AGpuThatIsNotThereIsAnErrorUnlessTheCpuMayStandIn()
    {
        const int noSuchDevice = 99;
        var data = DrawnImages.Keyed(_context, DrawnImages.Pictures(20));
        var exception = Assert.ThrowsExactly<InvalidOperationException>(() => DrawnImages.Trainer(_context, options => options.GpuDeviceId = noSuchDevice).Fit(data));
        Assert.StartsWith("GpuDeviceId is 99, but torch sees", exception.Message);

        _context.GpuDeviceId = noSuchDevice;
        Assert.ThrowsExactly<InvalidOperationException>(() => DrawnImages.Trainer(_context).Fit(data));
        _context.FallbackToCpu = true;
        using var model = DrawnImages.Trainer(_context, options => options.Epoch = 1).Fit(data);
        Assert.ThrowsExactly<InvalidOperationException>(() => DrawnImages.Trainer(_context, options => options.FallbackToCpu = false).Fit(data));
    }

    [TestMethod]
    public void ACheckpointThatCannotBeWrittenIsFoundBeforeTraining()
    {
        using var folder = new TemporaryFolder();
        var told = 0;
        var trainer = DrawnImages.Trainer(_context, options => (options.CheckpointPath, options.MetricsCallback) = (folder["no", "such", "folder"], _ => told++));
        Assert.Contains("cannot be written", Assert.ThrowsExactly<IOException>(() => trainer.Fit(DrawnImages.Keyed(_context, DrawnImages.Pictures(20)))).Message);
        Assert.AreEqual(0, told);
    }

    [TestMethod]
    public void ALossThatIsNoNumberStopsTrainingAndTheStepIsNamed()
    {
        // A step size that only a test would choose: the second loss overflows.
        var trainer = DrawnImages.Trainer(_context, options =>
        {
            options.TokenMixer = TokenMixer.TttMlp;
            options.InnerLoop.DecoderNorm = false;
            (options.InnerLoop.Steps, options.InnerLoop.StepSize) = (16, 10);
            (options.Recipe.Optimizer, options.LearningRate, options.Recipe.WarmUpFraction) = (TTTImageClassificationTrainer.OptimizerAlgorithm.AdamW, 1, 0);
        });
        var exception = Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Fit(DrawnImages.Keyed(_context, DrawnImages.Pictures(60))));
        Assert.MatchesRegex(@"^The training loss was \S+ at step \d+ \(epoch 1, ", exception.Message);
    }

    private void Refused(string message, DrawnImages.Picture[] pictures)
    {
        // The key type comes from drawn pictures, so that it is there even where the data is empty.
        var named = _context.Data.LoadFromEnumerable(DrawnImages.Pictures(3));
        var keys = _context.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(named);
        var exception = Assert.ThrowsExactly<InvalidOperationException>(() => DrawnImages.Trainer(_context).Fit(keys.Transform(_context.Data.LoadFromEnumerable(pictures))));
        Assert.StartsWith(message, exception.Message);
    }

    private List<string> Warnings()
    {
        var warnings = new List<string>();
        _context.Log += (_, log) =>
        {
            if (log.Kind == ChannelMessageKind.Warning)
            {
                warnings.Add(log.RawMessage);
            }
        };
        return warnings;
    }

    private sealed class Prediction
    {
        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];
    }
}
