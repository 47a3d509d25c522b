using Microsoft.ML;
using MLExt.Commands;
using MLExt.Data;
using MLExt.Reports;
using MLExt.Training;
using MLExtensions.Testing;

namespace MLExt.Tests.Training;

[TestClass]
public sealed class ImageTrainingRunTests
{
    private const int Epochs = 3;

    [TestMethod]
    public void ARunReportsEveryImageAndDrawsOnePointAnEpoch()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["data"], perClass: 10);
        using var store = ImageStore.Open(folder["data"]);
        var run = Prepare(store, CancellationToken.None);
        var moments = new List<TrainingMoment>();
        run.Journal.Changed += moment =>
        {
            lock (moments)
            {
                moments.Add(moment);
            }
        };
        using var result = run.Run();

        Assert.IsFalse(result.IsStopped);
        Assert.AreEqual(30, moments.Where(m => m.Phase == TrainingPhase.Reading).Max(m => m.ImagesRead));
        CollectionAssert.AreEqual(Enumerable.Range(1, Epochs).ToArray(), run.Journal.Curve.Select(p => p.Epoch).ToArray());
        Assert.IsTrue(run.Journal.Curve.All(p => float.IsFinite(p.TrainLoss) && p is { TrainAccuracy: >= 0 and <= 1 }));
        var now = run.Journal.Now;
        Assert.AreEqual(1, now.Progress);
        Assert.AreEqual(TimeSpan.Zero, now.Remaining);
        Assert.AreEqual(run.Journal.Curve.Max(p => p.ValidationAccuracy), now.BestAccuracy);
        Assert.AreEqual(run.Journal.Curve[^1].ValidationLoss, now.ValidationLoss);
        Assert.AreEqual(0, now.Skipped);
    }

    [TestMethod]
    [DataRow(null, "Epoch 3, validation 0.500, best 0.750 ")]
    [DataRow(float.NaN, "Epoch 3, validation 0.500, best 0.750 ")]
    [DataRow(0.25f, "Epoch 3, loss 0.250, validation 0.500, best 0.750 ")]
    public void WhereNoStepWasMadeNoLossIsShown(float? loss, string shown)
    {
        using var output = new StringWriter();
        ProgressDisplay.Around(Terminal.Plain(output, output), "", display =>
        {
            new TrainingView(display).Show(new TrainingMoment { Phase = TrainingPhase.Training, Epoch = 3, TrainLoss = loss, ValidationAccuracy = 0.5f, BestAccuracy = 0.75f, IsValidation = true });
            return 0;
        });
        StringAssert.StartsWith(output.ToString(), shown);
    }

    [TestMethod]
    public void AStopAfterAnEpochKeepsAModel()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["data"], perClass: 10);
        using var store = ImageStore.Open(folder["data"]);
        using var stop = new CancellationTokenSource();
        var run = Prepare(store, stop.Token);
        run.Journal.Changed += moment =>
        {
            if (moment.IsValidation)
            {
                stop.Cancel();
            }
        };
        using var result = run.Run();
        Assert.IsTrue(result.IsStopped);
        Assert.HasCount(1, run.Journal.Curve);
    }

    [TestMethod]
    public void SettingsThatAreImpossibleAreAMistakeOfTheUser()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["data"], perClass: 2);
        using var store = ImageStore.Open(folder["data"]);
        var run = new ImageTrainingRun(new MLContext(), ImageTrainingData.Of(ImageSet.Of(store), null, 0), new ImageTrainingSettings { ImageSize = 7 }, CancellationToken.None);
        var e = Assert.ThrowsExactly<CommandException>(run.Run);
        Assert.AreEqual(ExitCode.Usage, e.ExitCode);
        StringAssert.Contains(e.Message, "ImageSize");
    }

    private static ImageTrainingRun Prepare(ImageStore store, CancellationToken stop) => new(
        new MLContext(1), ImageTrainingData.Of(ImageSet.Of(store), null, 1), new ImageTrainingSettings { Epochs = Epochs, ImageSize = 16, Seed = 1 }, stop);
}
