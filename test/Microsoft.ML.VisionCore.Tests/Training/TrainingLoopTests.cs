using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Training;
using MLExtensions.Testing;

namespace Microsoft.ML.VisionCore.Tests.Training;

[TestClass]
public sealed class TrainingLoopTests
{
    private static readonly TrainingSettings Settings = new()
    {
        Epochs = 20,
        Optimizer = new() { LearningRate = 0.1, MatrixLearningRate = 0.2 },
        WarmUpFraction = 0.1,
    };

    [TestMethod]
    public void TheLoopLearnsALinearMap()
    {
        using var toy = new ToyTrainable();
        var result = Run(toy, Settings);

        Assert.AreEqual(StopReason.Completed, result.Reason);
        Assert.AreEqual(200, result.Steps);
        Assert.IsLessThan(0.05, result.Best!.Loss);
        Assert.IsFalse(toy.IsTraining);
    }

    [TestMethod]
    public void StepsAreNumberedThroughTheRunAndBatchesThroughTheEpoch()
    {
        using var toy = new ToyTrainable();
        Run(toy, Settings with { Epochs = 2 }, new ToyBatchSource(3));

        Assert.AreEqual(
            "(0,0,0) (1,0,1) (2,0,2) (3,1,0) (4,1,1) (5,1,2)",
            string.Join(" ", toy.Steps.Select(step => $"({step.Step},{step.Epoch},{step.Batch})")));
        Assert.AreEqual(0.5, toy.Steps[3].Progress, 1e-12);
    }

    [TestMethod]
    public void TheBestWeightsAreKeptAndOfEqualOnesTheLater()
    {
        using var toy = new ToyTrainable([0.2, 0.8, 0.8, 0.5]);
        var result = Run(toy, Settings with { Epochs = 4 });

        Assert.AreEqual(3, result.BestEpoch);
        Assert.AreEqual(0.8, result.Best!.Accuracy);
        CollectionAssert.AreEqual(toy.Validated[2], toy.Weights);
    }

    [TestMethod]
    public void OfFewExamplesLaterWeightsAreKeptUnlessTheyAreClearlyWorse()
    {
        // Right of 47. To 44 the standard error of the difference is 2.8 from 42, 3.0 from 40.
        static double Of(int right) => right / 47.0;
        using var toy = new ToyTrainable([Of(30), Of(44), Of(40), Of(42), Of(35)]) { ValidationCount = 47 };
        var result = Run(toy, Settings with { Epochs = 5 });

        Assert.AreEqual(4, result.BestEpoch);
        Assert.AreEqual(Of(42), result.Best!.Accuracy);
        CollectionAssert.AreEqual(toy.Validated[3], toy.Weights);
    }

    [TestMethod]
    public void WeightsThatGetWorseLittleByLittleAreNotFollowed()
    {
        using var toy = new ToyTrainable([0.90, 0.88, 0.86, 0.84, 0.82, 0.80]) { ValidationCount = 100 };
        var result = Run(toy, Settings with { Epochs = 6 });

        Assert.AreEqual(3, result.BestEpoch);
    }

    [TestMethod]
    public void WithoutValidationTheLastWeightsAreKept()
    {
        using var toy = new ToyTrainable { HasValidation = false };
        var result = Run(toy, Settings with { Epochs = 1 });

        Assert.IsNull(result.Best);
        Assert.AreNotEqual(0, toy.Weights[0]);
    }

    [TestMethod]
    public void EarlyStoppingWaitsForItsPatience()
    {
        using var toy = new ToyTrainable([0.5, 0.6, 0.605, 0.6, 0.9]);
        var result = Run(toy, Settings with { EarlyStopping = new EarlyStopping(0.01, 2) });

        Assert.AreEqual(StopReason.EarlyStopping, result.Reason);
        Assert.AreEqual(4, toy.Validated.Count);
        Assert.AreEqual(3, result.BestEpoch);
    }

    [TestMethod]
    public void CancellingKeepsTheBestWeightsSoFar()
    {
        using var toy = new ToyTrainable([0.9, 0.1]);
        using var cancel = new CancellationTokenSource();
        var source = new ToyBatchSource(5) { BeforeBatch = (epoch, batch) => CancelAt(cancel, epoch == 2 && batch == 3) };
        var result = Run(toy, Settings with { CancellationToken = cancel.Token }, source);

        Assert.AreEqual(StopReason.Cancelled, result.Reason);
        Assert.AreEqual(14, result.Steps, "The batch in hand is finished, no other begun.");
        CollectionAssert.AreEqual(toy.Validated[0], toy.Weights);
    }

    [TestMethod]
    public void CancellingInTheFirstEpochKeepsThePresentWeights()
    {
        using var toy = new ToyTrainable();
        using var cancel = new CancellationTokenSource();
        var source = new ToyBatchSource(5) { BeforeBatch = (_, batch) => CancelAt(cancel, batch == 2) };
        var result = Run(toy, Settings with { CancellationToken = cancel.Token }, source);

        Assert.AreEqual(3, result.Steps);
        Assert.IsNull(result.Best);
        Assert.AreEqual(3, toy.Weights[^1]);
        Assert.AreNotEqual(0, toy.Weights[0]);
    }

    [TestMethod]
    public void CancellingInAValidationKeepsTheBestWeightsSoFar()
    {
        using var cancel = new CancellationTokenSource();
        var validations = 0;
        using var toy = new ToyTrainable { Validating = _ => CancelAt(cancel, ++validations == 2) };
        var result = Run(toy, Settings with { CancellationToken = cancel.Token });

        Assert.AreEqual(StopReason.Cancelled, result.Reason);
        Assert.AreEqual(1, result.BestEpoch);
        CollectionAssert.AreEqual(toy.Validated[0], toy.Weights);
    }

    [TestMethod]
    public void CancellingBeforeTheFirstStepLeavesNoModel()
    {
        using var toy = new ToyTrainable();
        Assert.ThrowsExactly<OperationCanceledException>(() => Run(toy, Settings with { CancellationToken = new CancellationToken(true) }));
    }

    [TestMethod]
    public void ANonFiniteLossStopsTheRunNamesTheStepAndKeepsTheBestWeights()
    {
        using var log = new TestLog();
        using var toy = new ToyTrainable { PoisonedStep = 24 };
        var result = new TrainingLoop<ToyBatch>(toy, new ToyBatchSource(10), Settings, log.Channel).Run();

        Assert.AreEqual(StopReason.NonFiniteLoss, result.Reason);
        CollectionAssert.AreEqual(toy.Validated[1], toy.Weights);
        StringAssert.Contains(log.Of(ChannelMessageKind.Error).Single(),
            "The training loss was NaN at step 25 (epoch 3, batch 5 of 10). Training stops and keeps the weights of epoch 2.");
    }

    [TestMethod]
    public void ANonFiniteLossBeforeAnyValidationThrows()
    {
        using var toy = new ToyTrainable { PoisonedStep = 1 };
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Run(toy, Settings));

        StringAssert.StartsWith(error.Message, "The training loss was NaN at step 2 (epoch 1, batch 2 of 10).");
    }

    [TestMethod]
    public void AnAverageOfTheWeightsIsValidatedAndKept()
    {
        using var toy = new ToyTrainable();
        using var plain = new ToyTrainable();
        Run(toy, Settings with { Epochs = 1, EmaDecay = 0.5 }, new ToyBatchSource(2));
        Run(plain, Settings with { Epochs = 1, ValidationEpochs = 1 }, new ToyBatchSource(2));

        CollectionAssert.AreEqual(toy.Validated[0], toy.Weights);
        Assert.AreNotEqual(plain.Weights[0], toy.Weights[0]);
        Assert.IsLessThan(Math.Abs(plain.Weights[0]), Math.Abs(toy.Weights[0]), "The average lags behind.");
    }

    [TestMethod]
    public void ClippingBoundsTheGradient()
    {
        using var toy = new ToyTrainable { HasValidation = false };
        var settings = Settings with { Epochs = 1, ClipNorm = 1e-12, Optimizer = new() { Kind = OptimizerKind.AdamW, Epsilon = 1, WeightDecay = 0 } };
        Run(toy, settings);

        // with an epsilon far above the clipped gradient, AdamW barely moves
        Assert.IsLessThan(1e-10, toy.Weights[..^1].Max(Math.Abs));
    }

    [TestMethod]
    public void TheLastReportHoldsTheWholeStory()
    {
        TrainingProgress? last = null;
        using var log = new TestLog();
        using var toy = new ToyTrainable([0.25, 0.5]);
        new TrainingLoop<ToyBatch>(toy, new ToyBatchSource(3), Settings with { Epochs = 2, Progress = progress => last = progress }, log.Channel).Run();

        Assert.AreEqual(2, last!.Epoch);
        Assert.AreEqual(6, last.Step);
        Assert.AreEqual(1, last.Progress);
        Assert.AreEqual(0.5, last.Best!.Accuracy);
        Assert.IsTrue(last.IsEpochEnd);
        Assert.IsEmpty(log.Of(ChannelMessageKind.Info));
    }

    [TestMethod]
    public void WithoutACallbackTheLogGetsALineAnEpoch()
    {
        using var log = new TestLog();
        using var toy = new ToyTrainable();
        new TrainingLoop<ToyBatch>(toy, new ToyBatchSource(3), Settings with { Epochs = 2 }, log.Channel).Run();

        Assert.IsTrue(log.Of(ChannelMessageKind.Info).Any(text => text.Contains("epoch 2, step 6", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void NothingStaysAlive()
    {
        using var cancel = new CancellationTokenSource();
        using (var warm = new ToyTrainable())
        {
            Run(warm, Settings with { Epochs = 1, ClipNorm = 1 });
        }

        TensorLedger.Leaves(0, () =>
        {
            using (var whole = new ToyTrainable())
            using (var cancelled = new ToyTrainable())
            using (var poisoned = new ToyTrainable { PoisonedStep = 2 })
            {
                Run(whole, Settings with { Epochs = 3, ClipNorm = 1, EmaDecay = 0.9 });
                var source = new ToyBatchSource(5) { BeforeBatch = (_, batch) => CancelAt(cancel, batch == 2) };
                Run(cancelled, Settings with { CancellationToken = cancel.Token }, source);
                Assert.ThrowsExactly<InvalidOperationException>(() => Run(poisoned, Settings));
            }
        });
    }

    private static void CancelAt(CancellationTokenSource cancel, bool now)
    {
        if (now)
        {
            cancel.Cancel();
        }
    }

    private static TrainingResult Run(ToyTrainable toy, TrainingSettings settings, ToyBatchSource? source = null)
    {
        using var log = new TestLog();
        return new TrainingLoop<ToyBatch>(toy, source ?? new ToyBatchSource(10), settings, log.Channel).Run();
    }
}
