using Microsoft.ML.Data;
using MLExtensions.Testing;

namespace Microsoft.ML.TTT.Tests;

/// <summary>Every long path leaves as many live tensors as it found, however often it is taken. The resident set is looked at by the fuzzing program.</summary>
[TestClass]
public class MemoryTests
{
    private static TrainedModel? _trained;

    private static TrainedModel Trained => _trained ??= new TrainedModel();

    private static MLContext Context => Trained.Context;

    [ClassCleanup]
    public static void FreeModel() => _trained?.Dispose();

    [TestMethod]
    public void TrainingLeavesNothingHoweverManyEpochsItHas()
    {
        foreach (var epochs in (int[])[1, 6])
        {
            TensorLedger.LeavesNothing(() => DrawnImages.Trainer(Context, options => options.Epoch = epochs).Fit(Trained.Data).Dispose(), times: 1);
        }
    }

    [TestMethod]
    public void ATrainingThatEndsEarlyLeavesNothing()
    {
        using var folder = new TemporaryFolder();
        TensorLedger.LeavesNothing(() =>
        {
            using var stop = new CancellationTokenSource();
            DrawnImages.Trainer(Context, options => (options.CheckpointPath, options.CancellationToken, options.MetricsCallback) = (folder["run"], stop.Token, _ => stop.Cancel()))
                .Fit(Trained.Data).Dispose();
            DrawnImages.Trainer(Context, options => options.CheckpointPath = folder["run"]).Fit(Trained.Data).Dispose();
        }, times: 2);
    }

    [TestMethod]
    public void CrossValidationLeavesNothing() => TensorLedger.LeavesNothing(() =>
    {
        foreach (var fold in Context.MulticlassClassification.CrossValidate(Trained.Data, DrawnImages.Trainer(Context), numberOfFolds: 2))
        {
            ((IDisposable)fold.Model).Dispose();
        }
    }, times: 2);

    [TestMethod]
    public void ScoringLeavesNothing()
    {
        TensorLedger.LeavesNothing(() => DrawnImages.Bits(Trained.Transformer.Transform(Trained.Data)), times: 5);
        // A cursor that is left before its end.
        TensorLedger.LeavesNothing(() => Trained.Transformer.Transform(Trained.Data).GetColumn<float[]>("Score").First(), times: 5);
        var picture = DrawnImages.Pictures(1)[0];
        TensorLedger.LeavesNothing(() =>
        {
            using var engine = Context.Model.CreatePredictionEngine<DrawnImages.Picture, Answer>(Trained.Transformer, new PredictionEngineOptions { OwnsTransformer = false });
            Assert.HasCount(3, engine.Predict(picture).Score);
        }, times: 20);
    }

    [TestMethod]
    public void SavingLoadingAndDisposingLeaveNothing()
    {
        TensorLedger.LeavesNothing(() => Trained.Save(), times: 20);
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["model.zip"], Trained.Save());
        TensorLedger.LeavesNothing(() => ((IDisposable)Context.Model.Load(folder["model.zip"], out _)).Dispose(), times: 20);
        TensorLedger.LeavesNothing(() => ((IDisposable)Context.Model.LoadVerified(folder["model.zip"], out _)).Dispose(), times: 20);
    }

    [TestMethod]
    public void ExportingLeavesNothing() => TensorLedger.LeavesNothing(() => Context.Model.ExportToOnnx(Trained.Transformer, Stream.Null), times: 5);

    private sealed class Answer
    {
        public float[] Score { get; set; } = [];
    }
}
