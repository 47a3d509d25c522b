using MLExt.Training;

namespace MLExt.Tests.Training;

[TestClass]
public sealed class TrainingBudgetTests
{
    [TestMethod]
    [DataRow(1800, 3, 1000)]
    [DataRow(60, 5, 100)]
    [DataRow(60, 5, 1_000_000)]
    public void TheTrainerGetsWhatIsLeftButAReserveOfAFewPercent(int whole, int spent, int images)
    {
        var given = TrainingBudget.ForTrainer(TimeSpan.FromSeconds(whole), TimeSpan.FromSeconds(spent), images, imageSize: null);
        Assert.IsLessThan(whole - spent, given.TotalSeconds);
        Assert.IsGreaterThan(0.95 * whole - spent, given.TotalSeconds);
    }

    [TestMethod]
    public void TheTrainerAlwaysGetsASecond() =>
        Assert.AreEqual(1, TrainingBudget.ForTrainer(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(9), 10, 32).TotalSeconds);
}
