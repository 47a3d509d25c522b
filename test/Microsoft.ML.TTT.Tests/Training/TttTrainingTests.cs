using Microsoft.ML.TTT.Models;
using Microsoft.ML.TTT.Training;
using Microsoft.ML.VisionCore.Training;
using Microsoft.ML.VisionCore.Weights;
using MLExtensions.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Tests.Training;

[TestClass]
public sealed class TttTrainingTests
{
    private static readonly ModelShape Shape = ModelShape.Compact(DrawnData.Side, 3) with { Width = 24, Depth = 2, MixerBlocks = [1] };

    private static readonly TttTrainingSettings Settings = new()
    {
        Seed = 3,
        BatchSize = 16,
        ValidationFraction = 0.25,
        Loop = new TrainingSettings { Epochs = 10 },
    };

    [TestMethod]
    public void DrawnPicturesAreLearned()
    {
        using var data = new DrawnData();
        var outcome = TttTraining.Train(data.Channel, Shape, data.Images, null, Settings, CPU);
        using var model = outcome.Model;
        using var fresh = new DrawnData(60, seed: 2);

        Assert.IsGreaterThan(0.9, outcome.Result.Best!.Accuracy);
        Assert.AreEqual(24, outcome.Result.Best.Count);
        Assert.IsFalse(model.training);
        var metrics = TttTrainable.Measure(new TrainingPixels(model, outcome.Normalization, fresh.Images, CPU), 32, CancellationToken.None);
        Assert.IsGreaterThan(0.9, metrics.Accuracy);
    }

    [TestMethod]
    public void TheBestWeightsGiveTheBestMetrics()
    {
        using var data = new DrawnData();
        var (training, validation) = data.Images.Split(0.25, 3);
        var outcome = TttTraining.Train(data.Channel, Shape, training, validation, Settings with { Loop = new() { Epochs = 3 } }, CPU);
        using var model = outcome.Model;

        var measured = TttTrainable.Measure(new TrainingPixels(model, outcome.Normalization, validation, CPU), 7, CancellationToken.None);

        Assert.AreEqual(outcome.Result.Best!.Accuracy, measured.Accuracy);
        Assert.AreEqual(outcome.Result.Best.Loss, measured.Loss, 1e-4, "The batch size changes the order of additions.");
    }

    [TestMethod]
    public void EqualSeedsGiveEqualModels()
    {
        using var data = new DrawnData(48);
        var settings = Settings with { MixUpAlpha = 0.2, CutMixAlpha = 1, Loop = new() { Epochs = 2, ClipNorm = 1 } };

        CollectionAssert.AreEqual(Train(data, settings), Train(data, settings));
        CollectionAssert.AreNotEqual(Train(data, settings), Train(data, settings with { Seed = 4 }));
    }

    [TestMethod]
    public void RecomputedBlocksEndWithTheSameWeights()
    {
        using var data = new DrawnData(48);
        var settings = Settings with { Loop = new() { Epochs = 2, ClipNorm = 1 } };
        CollectionAssert.AreEqual(Train(data, settings), Train(data, settings with { Recompute = true }));
    }

    [TestMethod]
    [DataRow(TokenMixer.TttLinear)]
    [DataRow(TokenMixer.TttMlp)]
    public void AResumedRunEndsWithTheSameWeights(object mixer)
    {
        using var data = new DrawnData(48);
        using var folder = new TemporaryFolder();
        var shape = Shape with { Mixer = (TokenMixer)mixer };
        var settings = Settings with { MixUpAlpha = 0.2, Loop = new() { Epochs = 3, ClipNorm = 1, EmaDecay = 0.9 } };
        var whole = Train(data, settings, shape);

        var interrupted = settings with { Loop = settings.Loop with { CheckpointPath = folder["run"] } };
        using (var cancel = new CancellationTokenSource())
        {
            Train(data, interrupted with
            {
                Loop = interrupted.Loop with
                {
                    CancellationToken = cancel.Token,
                    ProgressInterval = TimeSpan.Zero,
                    Progress = progress => CancelAt(cancel, progress.Step == 3),
                },
            }, shape);
        }

        Assert.IsTrue(File.Exists(folder["run"]));
        CollectionAssert.AreEqual(whole, Train(data, interrupted, shape));
    }

    [TestMethod]
    public void ACheckpointOfOtherImagesIsRefused()
    {
        using var data = new DrawnData(48);
        using var other = new DrawnData(48, seed: 2);
        using var folder = new TemporaryFolder();
        using var cancel = new CancellationTokenSource();
        var settings = Settings with { Loop = new() { Epochs = 3, CheckpointPath = folder["run"] } };
        Train(data, settings with { Loop = settings.Loop with { CancellationToken = cancel.Token, Progress = _ => cancel.Cancel() } });

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Train(other, settings));

        StringAssert.Contains(error.Message, "belongs to another run: training images is 36 images ");
    }

    [TestMethod]
    public void NothingStaysAlive()
    {
        using var data = new DrawnData(48);
        Train(data, Settings with { Loop = new() { Epochs = 1 } });
        TensorLedger.Leaves(0, () =>
        {
            Train(data, Settings with { MixUpAlpha = 0.2, Loop = new() { Epochs = 3, ClipNorm = 1, EmaDecay = 0.9 } });
            Train(data, Settings with { Recompute = true, Loop = new() { Epochs = 1 } });
            Assert.ThrowsExactly<OperationCanceledException>(() => Train(data, Settings with { Loop = new() { CancellationToken = new CancellationToken(true) } }));
        });
    }

    [TestMethod]
    public void TheSideOfTheTrainingIsWhatTheStrideAllows()
    {
        Assert.AreEqual(24, TttTrainable.TrainingSide(ModelShape.Compact(32, 10), 0.75));
        Assert.AreEqual(48, TttTrainable.TrainingSide(ModelShape.Compact(64, 10), 0.75));
        Assert.AreEqual(32, TttTrainable.TrainingSide(ModelShape.Compact(32, 10), 1));
        Assert.AreEqual(224, TttTrainable.TrainingSide(ModelShape.OnResNet18(256, 10), 7.0 / 8));
        Assert.AreEqual(192, TttTrainable.TrainingSide(ModelShape.OnResNet18(224, 10), 7.0 / 8));
        Assert.AreEqual(64, TttTrainable.TrainingSide(ModelShape.OnResNet18(64, 10), 0.5));
    }

    [TestMethod]
    public void TooFewImagesToHoldAnyOutTrainWithoutValidation()
    {
        using var data = new DrawnData(3);
        var outcome = TttTraining.Train(data.Channel, Shape, data.Images, null, Settings with { Loop = new() { Epochs = 1 } }, CPU);
        using var model = outcome.Model;
        Assert.IsNull(outcome.Result.Best);
        Assert.AreEqual(1, outcome.Result.Steps);
    }

    private static void CancelAt(CancellationTokenSource cancel, bool now)
    {
        if (now)
        {
            cancel.Cancel();
        }
    }

    /// <summary>The bytes of the weights of a training.</summary>
    private static byte[] Train(DrawnData data, TttTrainingSettings settings, ModelShape? shape = null)
    {
        var outcome = TttTraining.Train(data.Channel, shape ?? Shape, data.Images, null, settings, CPU);
        using var model = outcome.Model;
        using var stream = new MemoryStream();
        ModuleWeights.Save(model, stream);
        return stream.ToArray();
    }
}
