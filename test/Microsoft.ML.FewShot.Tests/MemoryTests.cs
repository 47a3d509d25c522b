using Microsoft.ML.Data;
using MLExtensions.Testing;

namespace Microsoft.ML.FewShot.Tests;

/// <summary>Every long path leaves as many live tensors as it found, however often it is taken. The resident set is looked at by the fuzzing program.</summary>
[TestClass]
public class MemoryTests
{
    private static MLContext Context => TrainedModel.Context;

    private static IDataView Rows => Context.Data.LoadFromEnumerable(Symbols.Draw(4, 4, seed: 2));

    private static IDataView Keyed => Symbols.Keyed(Context, Symbols.Draw(8, 4));

    [TestMethod]
    [DataRow(FewShotMethod.HyperTransformer)]
    [DataRow(FewShotMethod.Maml)]
    [DataRow(FewShotMethod.LstmMetaLearner)]
    [DataRow(FewShotMethod.LgmNet)]
    public void TrainingLeavesNothing(FewShotMethod method) =>
        TensorLedger.LeavesNothing(() => Symbols.Trainer(Context, options => (options.Method, options.Effort) = (method, 0.002f)).Fit(Keyed).Dispose(), times: 1);

    [TestMethod]
    public void ATrainingThatEndsEarlyLeavesNothing()
    {
        using var folder = new TemporaryFolder();
        TensorLedger.LeavesNothing(() =>
        {
            using var stop = new CancellationTokenSource();
            Symbols.Trainer(Context, options => (options.CheckpointPath, options.CancellationToken, options.MetricsCallback) = (folder["run"], stop.Token, _ => stop.Cancel()))
                .Fit(Keyed).Dispose();
            Symbols.Trainer(Context, options => options.CheckpointPath = folder["run"]).Fit(Keyed).Dispose();
        }, times: 1);
    }

    [TestMethod]
    public void CrossValidationLeavesNothing()
    {
        var estimator = Context.MulticlassClassification.Trainers.FewShotClassifier(TrainedModel.Generator);
        // So many that every fold has some of each class.
        var data = Symbols.Keyed(Context, Symbols.Draw(4, 12));
        TensorLedger.LeavesNothing(() =>
        {
            foreach (var fold in Context.MulticlassClassification.CrossValidate(data, estimator, numberOfFolds: 2))
            {
                ((IDisposable)fold.Model).Dispose();
            }
        }, times: 2);
    }

    [TestMethod]
    public void EvaluatingOnTasksLeavesNothing()
    {
        var data = Keyed;
        TensorLedger.LeavesNothing(() => Context.MulticlassClassification.EvaluateFewShot(TrainedModel.Generator, data, new FewShotEvaluationOptions
        {
            Ways = 4,
            Queries = 2,
            Tasks = 4,
            UnknownWays = 2,
            Baselines = [FewShotMethod.PrototypicalNetwork, FewShotMethod.SoftKMeans, FewShotMethod.LogisticRegression, FewShotMethod.RidgeRegression],
        }), times: 3);
    }

    [TestMethod]
    [DataRow(FewShotMethod.HyperTransformer)]
    [DataRow(FewShotMethod.PrototypicalNetwork)]
    [DataRow(FewShotMethod.LogisticRegression)]
    [DataRow(FewShotMethod.RidgeRegression)]
    public void AdaptingLeavesNothing(FewShotMethod method) => TensorLedger.LeavesNothing(() =>
    {
        using var classifier = TrainedModel.Classifier(change: options => (options.Method, options.KeepSupport, options.RejectUnknown) = (method, true, true));
        using var more = classifier.AddExamples(TrainedModel.Generator, Context.Data.LoadFromEnumerable(Symbols.Draw(5, 1, seed: 2)));
        Assert.HasCount(5, more.Classes);
    }, times: 5);

    [TestMethod]
    public void ScoringLeavesNothing()
    {
        using var classifier = TrainedModel.Classifier();
        TensorLedger.LeavesNothing(() => Symbols.Bits(classifier.Transform(Rows)), times: 5);
        // A cursor that is left before its end.
        TensorLedger.LeavesNothing(() => classifier.Transform(Rows).GetColumn<float[]>("Score").First(), times: 5);
        var row = Symbols.Draw(1, 1)[0];
        TensorLedger.LeavesNothing(() =>
        {
            using var engine = Context.Model.CreatePredictionEngine<Symbols.Symbol, Answer>(classifier, new PredictionEngineOptions { OwnsTransformer = false });
            Assert.HasCount(4, engine.Predict(row).Score);
        }, times: 20);
    }

    [TestMethod]
    public void SavingLoadingAndDisposingLeaveNothing()
    {
        using var classifier = TrainedModel.Classifier();
        foreach (var model in (ITransformer[])[classifier, TrainedModel.Generator])
        {
            TensorLedger.LeavesNothing(() => TrainedModel.Save(model, Rows.Schema), times: 20);
            var file = TrainedModel.Save(model, Rows.Schema);
            TensorLedger.LeavesNothing(() => ((IDisposable)Context.Model.Load(new MemoryStream(file), out _)).Dispose(), times: 20);
            TensorLedger.LeavesNothing(() => ((IDisposable)Context.Model.LoadVerified(new MemoryStream(file), out _)).Dispose(), times: 20);
        }

        TensorLedger.LeavesNothing(() => FewShotHyperTransformer.LoadPretrained(Context).Dispose(), times: 3);
    }

    [TestMethod]
    public void ExportingLeavesNothing()
    {
        using var classifier = TrainedModel.Classifier();
        TensorLedger.LeavesNothing(() => Context.Model.ExportToOnnx(classifier, Stream.Null), times: 5);
    }

    private sealed class Answer
    {
        public float[] Score { get; set; } = [];
    }
}
