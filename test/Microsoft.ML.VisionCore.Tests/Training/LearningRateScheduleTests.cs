using Microsoft.ML.VisionCore.Training;

namespace Microsoft.ML.VisionCore.Tests.Training;

[TestClass]
public sealed class LearningRateScheduleTests
{
    [TestMethod]
    [DataRow(0.0, 0.0)]
    [DataRow(0.05, 0.5)]
    [DataRow(0.1, 1.0)]
    [DataRow(0.55, 0.5)]
    [DataRow(1.0, 0.0)]
    public void LinearScheduleRisesAndFallsInStraightLines(double progress, double expected) =>
        Assert.AreEqual(expected, LearningRateSchedule.Factor(progress, 0.1, DecayShape.Linear), 1e-12);

    [TestMethod]
    [DataRow(0.1, 1.0)]
    [DataRow(0.325, 0.853553390593274)]     // (1 + cos(pi/4)) / 2
    [DataRow(0.55, 0.5)]
    [DataRow(1.0, 0.0)]
    public void CosineScheduleFallsAlongHalfAWave(double progress, double expected) =>
        Assert.AreEqual(expected, LearningRateSchedule.Factor(progress, 0.1, DecayShape.Cosine), 1e-12);

    [TestMethod]
    public void WithoutWarmUpTheFirstStepIsAtFullRate() => Assert.AreEqual(1, LearningRateSchedule.Factor(0, 0, DecayShape.Linear));

    [TestMethod]
    public void ProgressOutsideTheRunCountsAsItsEnds()
    {
        Assert.AreEqual(0, LearningRateSchedule.Factor(-1, 0.1, DecayShape.Cosine));
        Assert.AreEqual(0, LearningRateSchedule.Factor(1.5, 0.1, DecayShape.Linear));
    }
}
