using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Training;

namespace Microsoft.ML.VisionCore.Tests.Training;

/// <summary>Runs with a budget, on a clock that moves a second a batch and half a minute a validation.</summary>
[TestClass]
public sealed class TimeBudgetTests
{
    private readonly ManualClock _clock = new();

    [TestMethod]
    [DataRow(600)]
    [DataRow(100)]
    [DataRow(3600)]
    public void TheRunEndsWithItsBudget(int seconds)
    {
        var result = Run(Settings(seconds), batchesPerEpoch: 50, out var toy);

        Assert.AreEqual(StopReason.TimeBudget, result.Reason);
        Assert.IsLessThanOrEqualTo(seconds * 1.02, result.Elapsed.TotalSeconds);
        Assert.IsGreaterThan(seconds * 0.95, result.Elapsed.TotalSeconds);
        Assert.AreEqual(result.Steps, toy.Steps.Count);
    }

    [TestMethod]
    public void TheTimeBeforeTheLoopAndTheReserveCount()
    {
        var start = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromSeconds(100));
        var settings = Settings(1000) with { BudgetStart = start, BudgetReserve = TimeSpan.FromSeconds(200) };
        var result = Run(settings, batchesPerEpoch: 50, out _);

        Assert.AreEqual(700, result.Elapsed.TotalSeconds, 10);
    }

    [TestMethod]
    public void TimeIsLeftForWhatTakesAsLongAsValidations()
    {
        var result = Run(Settings(1000) with { ValidationsAfter = 2 }, batchesPerEpoch: 50, out _);

        Assert.AreEqual(1000 - (2 * 30 * 1.05), result.Elapsed.TotalSeconds, 10);
    }

    [TestMethod]
    public void TheScheduleReachesItsEndWhenTheTimeIsUp()
    {
        var settings = Settings(1000);
        Run(settings, batchesPerEpoch: 200, out var toy);

        Assert.IsLessThan(0.01, toy.Steps[0].Progress);
        Assert.IsGreaterThan(0.98, toy.Steps[^1].Progress);
        for (var i = 1; i < toy.Steps.Count; i++)
        {
            Assert.IsGreaterThanOrEqualTo(toy.Steps[i - 1].Progress, toy.Steps[i].Progress);
        }
    }

    [TestMethod]
    public void ValidationsTakeNoMoreThanTheirShare()
    {
        Run(Settings(3600) with { ValidationShare = 0.05 }, batchesPerEpoch: 10, out var toy);

        Assert.IsLessThanOrEqualTo((3600 * 0.05 / 30) + 1, toy.Validated.Count);
        Assert.IsGreaterThan(3, toy.Validated.Count);
    }

    [TestMethod]
    public void TheTimesOfTrainingAndOfValidationAddUp()
    {
        var result = Run(new TrainingSettings { Epochs = 3, Clock = _clock }, batchesPerEpoch: 10, out _);

        Assert.AreEqual(TimeSpan.FromSeconds(3 * 30), result.ValidationTime);
        Assert.AreEqual(TimeSpan.FromSeconds(3 * 10), result.TrainingTime);
        Assert.AreEqual(TimeSpan.FromSeconds(3 * 40), result.Elapsed);
    }

    [TestMethod]
    public void ABudgetThatIsAlreadySpentStillMakesOneStep()
    {
        var start = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromSeconds(100));
        var result = Run(Settings(50) with { BudgetStart = start }, batchesPerEpoch: 5, out _);

        Assert.AreEqual(1, result.Steps);
        Assert.IsNotNull(result.Best);
    }

    [TestMethod]
    public void AValidationThatTakesHalfTheTimeAgainIsGivenUpAndThePresentWeightsAreKept()
    {
        using var log = new TestLog();
        using var trainable = new ToyTrainable { Validating = cancel => cancel.WaitHandle.WaitOne(), ValidationCost = 0 };
        var settings = new TrainingSettings { TimeBudget = TimeSpan.FromMilliseconds(100) };
        var result = new TrainingLoop<ToyBatch>(trainable, new ToyBatchSource(1000), settings, log.Channel).Run();

        Assert.AreEqual(StopReason.TimeBudget, result.Reason);
        Assert.IsNull(result.Best);
        Assert.IsFalse(trainable.IsTraining);
        Assert.AreEqual(result.Steps, trainable.Steps.Count);
        StringAssert.Contains(log.Of(ChannelMessageKind.Warning).Single(), "given up");
    }

    private TrainingSettings Settings(int seconds) => new() { TimeBudget = TimeSpan.FromSeconds(seconds), Clock = _clock };

    private TrainingResult Run(TrainingSettings settings, int batchesPerEpoch, out ToyTrainable toy)
    {
        using var log = new TestLog();
        using var trainable = toy = new ToyTrainable { Validating = _ => _clock.Advance(TimeSpan.FromSeconds(30)), ValidationCost = 30 };
        var source = new ToyBatchSource(batchesPerEpoch) { BeforeBatch = (_, _) => _clock.Advance(TimeSpan.FromSeconds(1)) };
        return new TrainingLoop<ToyBatch>(trainable, source, settings, log.Channel).Run();
    }
}
