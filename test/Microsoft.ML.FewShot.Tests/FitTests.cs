using MLExtensions.Testing;

namespace Microsoft.ML.FewShot.Tests;

[TestClass]
public class FitTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void EqualSeedsGiveEqualWeights()
    {
        var data = Symbols.Keyed(_context, Symbols.Draw(8, 3));
        using var first = Symbols.Trainer(_context).Fit(data);
        using var second = Symbols.Trainer(_context).Fit(data);
        using var other = Symbols.Trainer(_context, options => options.Seed = 2).Fit(data);
        Assert.AreEqual(Answers(first), Answers(second));
        Assert.AreNotEqual(Answers(first), Answers(other));
    }

    [TestMethod]
    public void ProgressRisesThroughTheStagesAndValidationIsTold()
    {
        var told = new List<FewShotTrainingMetrics>();
        var trainer = Symbols.Trainer(_context, options => (options.MetricsCallback, options.ValidationClassFraction) = (told.Add, 0.25f));
        using var generator = trainer.Fit(Symbols.Keyed(_context, Symbols.Draw(12, 4)));
        CollectionAssert.AreEqual(new[] { "embedding", "clusters", "generator" }, told.Select(metrics => metrics.Stage).Distinct().ToArray());
        CollectionAssert.AreEqual(told.Select(metrics => metrics.Progress).Order().ToArray(), told.Select(metrics => metrics.Progress).ToArray());
        Assert.AreEqual(1, told[^1].Progress, 1e-9);
        Assert.IsTrue(told.Any(metrics => metrics.ValidationAccuracy is >= 0 and <= 1));
        Assert.IsTrue(told.All(metrics => metrics.SkippedRows == 0));
    }

    [TestMethod]
    public void WhereTooFewClassesAreHeldOutToValidateThatIsTold()
    {
        Assert.AreEqual("Nothing is validated, and the last weights are kept: of 12 classes 1 is held out (ValidationClassFraction), and a validation needs 2 with at least 2 images. "
            + "More classes would help.", Warnings(0.05f).Single());
        Assert.IsEmpty(Warnings(0.25f));
        Assert.IsEmpty(Warnings(0));

        static List<string> Warnings(float fraction)
        {
            var context = new MLContext(seed: 1);
            var warnings = new List<string>();
            context.Log += (_, message) => warnings.AddRange(message.Kind == Runtime.ChannelMessageKind.Warning ? [message.RawMessage] : []);
            Symbols.Trainer(context, options => options.ValidationClassFraction = fraction).Fit(Symbols.Keyed(context, Symbols.Draw(12, 4))).Dispose();
            return warnings;
        }
    }

    [TestMethod]
    public void ACancelledTrainingGivesAModel()
    {
        using var stop = new CancellationTokenSource();
        var trainer = Symbols.Trainer(_context, options =>
        {
            options.Effort = 1000;
            options.CancellationToken = stop.Token;
            options.MetricsCallback = metrics => Cancel(metrics.Step);
        });
        using var generator = trainer.Fit(Symbols.Keyed(_context, Symbols.Draw(8, 3)));
        Assert.AreEqual(12 * 4, Answers(generator).Split(' ').Length);

        void Cancel(long step)
        {
            if (step > 0)
            {
                stop.Cancel();
            }
        }
    }

    [TestMethod]
    public void ACancelledTrainingStopsWithinOneBatchAndKeepsTheBestWeights()
    {
        using var stop = new CancellationTokenSource();
        var lines = new List<string>();
        _context.Log += (_, log) => lines.Add(log.RawMessage);
        var last = 0L;
        using var generator = Symbols.Trainer(_context, options =>
        {
            options.Effort = 1000;
            options.ValidationClassFraction = 0.25f;
            options.CancellationToken = stop.Token;
            options.MetricsCallback = metrics =>
            {
                if (metrics.ValidationAccuracy is not null)
                {
                    last = metrics.Step;
                    stop.Cancel();
                }
            };
        }).Fit(Symbols.Keyed(_context, Symbols.Draw(12, 4)));
        Assert.AreEqual(50, last);
        Assert.IsTrue(lines.Exists(line => line.Contains("Training was cancelled after step 50; the weights of epoch 1 are kept.", StringComparison.Ordinal)), string.Join('\n', lines.TakeLast(20)));
    }

    [TestMethod]
    public void TrainTimeIsKept()
    {
        var start = TimeProvider.System.GetTimestamp();
        using var generator = Symbols.Trainer(_context, options => options.TrainTime = TimeSpan.FromSeconds(2)).Fit(Symbols.Keyed(_context, Symbols.Draw(8, 3)));
        var elapsed = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        Assert.IsInRange(1.0, 20.0, elapsed);
    }

    [TestMethod]
    public void ColorIsSeenWhereThereIsAny()
    {
        using var grey = Symbols.Trainer(_context).Fit(Symbols.Keyed(_context, Symbols.Draw(8, 2)));
        Assert.IsFalse(grey.IsColor);
        var rows = Symbols.Draw(8, 2);
        for (var i = 0; i < rows.Length; i += 2)
        {
            rows[i].Features = TinyImages.Encode(i % 4, 16, new Random(i));
        }

        using var color = Symbols.Trainer(_context).Fit(Symbols.Keyed(_context, rows));
        Assert.IsTrue(color.IsColor);
        using var asked = Symbols.Trainer(_context, options => options.IsColor = false).Fit(Symbols.Keyed(_context, rows));
        Assert.IsFalse(asked.IsColor);
    }

    [TestMethod]
    public void AValidationSetOfOtherFeaturesIsRefused()
    {
        var training = _context.Data.LoadFromEnumerable(FeatureRow.Draw(Symbols.MaxWays, 2));
        var exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Symbols.Trainer(_context).Fit(training, Symbols.Keyed(_context, Symbols.Draw(3, 2))));
        Assert.StartsWith("The validation set has images, the training set vectors of length 12; both must be alike.", exception.Message);
    }

    [TestMethod]
    public void AGpuThatIsNotThereIsAnErrorUnlessTheCpuMayStandIn()
    {
        var data = Symbols.Keyed(_context, Symbols.Draw(Symbols.MaxWays, 2));
        var exception = Assert.ThrowsExactly<InvalidOperationException>(() => Symbols.Trainer(_context, options => options.GpuDeviceId = 99).Fit(data));
        Assert.StartsWith("GpuDeviceId is 99, but torch sees", exception.Message);
        using var model = Symbols.Trainer(_context, options => (options.GpuDeviceId, options.FallbackToCpu) = (99, true)).Fit(data);
    }

    private string Answers(FewShotHyperTransformer generator)
    {
        using var classifier = generator.CreateClassifier(_context.Data.LoadFromEnumerable(Symbols.Draw(4, 2, seed: 2)), Symbols.Named());
        return Symbols.Bits(classifier.Transform(_context.Data.LoadFromEnumerable(Symbols.Draw(4, 3, seed: 2))));
    }
}
