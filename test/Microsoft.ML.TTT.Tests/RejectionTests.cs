using Microsoft.ML.Data;
using MLExtensions.Testing;

namespace Microsoft.ML.TTT.Tests;

[TestClass]
public class RejectionTests
{
    private readonly MLContext _context = new(seed: 1);

    private IDataView Data => DrawnImages.Keyed(_context, DrawnImages.Pictures(60));

    [TestMethod]
    public void ARejectingTrainerKeepsTheContract()
    {
        var trainer = Trainer(options => options.KnownScoreColumnName = "Sure");
        using var model = (TTTImageClassificationTransformer)new EstimatorContract(_context, trainer).Check(Data, [], rowTolerance: 1e-3);
        Assert.IsTrue(model.RejectsUnknown);
        Assert.AreEqual(NumberDataViewType.Single, model.GetOutputSchema(Data.Schema)["Sure"].Type);
    }

    [TestMethod]
    public void AnImageIsRejectedExactlyWhereItsScoreIsBelowAHalfAndTheProbabilitiesStay()
    {
        using var plain = DrawnImages.Trainer(_context).Fit(Data);
        using var rejecting = Trainer(options => options.FalseRejectionRate = 0.4).Fit(Data);
        Assert.IsFalse(plain.RejectsUnknown);
        Assert.IsNull(plain.Transform(Data).Schema.GetColumnOrNull("KnownScore"));
        Assert.AreEqual(DrawnImages.Bits(plain.Transform(Data)), DrawnImages.Bits(rejecting.Transform(Data)));
        var rows = Rows(rejecting);
        foreach (var row in rows)
        {
            Assert.IsTrue(row.KnownScore is > 0 and <= 1);
            Assert.AreEqual(row.KnownScore < 0.5f ? 0u : (uint)Array.IndexOf(row.Score, row.Score.Max()) + 1, row.PredictedLabel);
        }

        Assert.IsTrue(rows.Any(row => row.PredictedLabel == 0) && rows.Any(row => row.PredictedLabel != 0));
        // The surer of a class, the surer that it is one of them.
        float[] known = [.. rows.OrderBy(row => row.Score.Max()).Select(row => row.KnownScore)];
        CollectionAssert.AreEqual(known.Order().ToArray(), known);
    }

    [TestMethod]
    public void TheShareOfRejectedValidationImagesIsTheOneAskedFor()
    {
        var validation = DrawnImages.Keyed(_context, DrawnImages.Pictures(100, seed: 5));
        using var model = Trainer(options => options.FalseRejectionRate = 0.2).Fit(Data, validation);
        var rejected = model.Transform(validation).GetColumn<uint>("PredictedLabel").Count(label => label == 0);
        // Of 100, those above the ⌈0.8 · 101⌉th.
        Assert.IsInRange(18, 20, rejected);
    }

    [TestMethod]
    public void ALoadedModelRejectsWithTheSameBits()
    {
        using var model = Trainer().Fit(Data);
        using var stream = new MemoryStream();
        _context.Model.Save(model, Data.Schema, stream);
        stream.Position = 0;
        using var loaded = (TTTImageClassificationTransformer)new MLContext().Model.Load(stream, out _);
        Assert.IsTrue(loaded.RejectsUnknown);
        CollectionAssert.AreEqual(Known(model), Known(loaded));
    }

    [TestMethod]
    public void WithoutAValidationSetTheTrainingImagesServeAndAWarningSaysWhatThatIsWorth()
    {
        var warnings = new List<string>();
        _context.Log += (_, log) =>
        {
            if (log.Kind == Runtime.ChannelMessageKind.Warning)
            {
                warnings.Add(log.RawMessage);
            }
        };
        using var model = Trainer(options => options.ValidationSetFraction = 0).Fit(Data);
        Assert.IsTrue(model.RejectsUnknown);
        Assert.IsTrue(warnings.Any(warning => warning.StartsWith("There is no validation set", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void TheProbabilitiesFitTheValidationSetBetterThanBefore()
    {
        var messages = new List<string>();
        _context.Log += (_, log) => messages.Add(log.RawMessage);
        using var model = DrawnImages.Trainer(_context, options => options.Epoch = 6).Fit(Data, DrawnImages.Keyed(_context, DrawnImages.Pictures(60, seed: 5)));
        Assert.AreEqual(1, messages.Count(message => message.StartsWith("Probabilities are calibrated on 60 validation images: temperature ", StringComparison.Ordinal)));
        messages.Clear();
        using var other = DrawnImages.Trainer(_context, options => options.ValidationSetFraction = 0).Fit(Data);
        Assert.IsFalse(messages.Any(message => message.StartsWith("Probabilities are calibrated", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void AnImageThatCannotBeReadHasNoScoreAndNoLabel()
    {
        using var model = Trainer().Fit(Data);
        var row = _context.Data.CreateEnumerable<Row>(model.Transform(_context.Data.LoadFromEnumerable([new DrawnImages.Picture()])), reuseRowObject: false).Single();
        Assert.IsTrue(float.IsNaN(row.KnownScore) && row.PredictedLabel == 0 && row.Score.All(float.IsNaN));
    }

    [TestMethod]
    public void EvaluatorsMeasureTheProbabilitiesAsBefore()
    {
        using var model = Trainer().Fit(Data);
        Assert.IsTrue(double.IsFinite(_context.MulticlassClassification.Evaluate(model.Transform(Data)).LogLoss));
    }

    [TestMethod]
    public void TheKnownScoreIsAnOutputOfOnnxFiles()
    {
        using var model = Trainer().Fit(Data);
        using var runtime = new OnnxRunner();
        var random = new Random(3);
        byte[][] drawn = [.. Enumerable.Range(0, 6).Select(i => TinyImages.Draw(i % 3, DrawnImages.Side, random))];
        byte[] planes = [.. drawn.SelectMany(rgba => Enumerable.Range(0, 3).SelectMany(colour => rgba.Where((_, i) => i % 4 == colour)))];
        var (probabilities, known) = runtime.RunRejecting(model, planes, 3, DrawnImages.Side);
        var pictures = _context.Data.LoadFromEnumerable(drawn.Select(rgba =>
        {
            using var folder = new TemporaryFolder();
            TinyImages.Save(folder["image.png"], rgba, DrawnImages.Side);
            return new DrawnImages.Picture { Features = File.ReadAllBytes(folder["image.png"]) };
        }).ToArray());
        var scored = model.Transform(pictures);
        OnnxRunner.AreAlike(scored.GetColumn<float[]>("Score").ToArray(), probabilities);
        ScoreAssert.AreClose([[.. scored.GetColumn<float>("KnownScore")]], [known], 1e-3f);
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(1.0)]
    public void AShareOfFalseRejectionsOutOfRangeIsRefused(double rate)
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Trainer(options => options.FalseRejectionRate = rate));
        StringAssert.Contains(error.Message, "FalseRejectionRate must be above 0 and below 1");
        error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Trainer(options => options.KnownScoreColumnName = "Score"));
        StringAssert.Contains(error.Message, "KnownScoreColumnName");
    }

    private TTTImageClassificationTrainer Trainer(Action<TTTImageClassificationTrainer.Options>? change = null) => DrawnImages.Trainer(_context, options =>
    {
        options.RejectUnknown = true;
        change?.Invoke(options);
    });

    private Row[] Rows(ITransformer model) => [.. _context.Data.CreateEnumerable<Row>(model.Transform(Data), reuseRowObject: false)];

    private float[] Known(ITransformer model) => [.. model.Transform(Data).GetColumn<float>("KnownScore")];

    private sealed class Row
    {
        public float[] Score { get; set; } = [];

        public uint PredictedLabel { get; set; }

        public float KnownScore { get; set; }
    }
}
