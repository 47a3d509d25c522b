using Microsoft.ML.FewShot.Tests.Evaluation;
using MLExtensions.Testing;
using Microsoft.ML.FewShot.Baselines;
using Microsoft.ML.FewShot.Baselines.Models;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Evaluation;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.FewShot.Training;
using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Training;
using Microsoft.ML.VisionCore.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Tests.Baselines;

/// <summary>MAML through the shared training loop.</summary>
[TestClass]
public class MamlTrainingTests
{
    private static readonly FewShotShape Shape = new() { ImageSize = 0, FeatureLength = 6, HiddenUnits = 12, MaxWays = 5 };
    private static readonly FewShotEvaluationOptions FiveWay = new() { Ways = 5, Shots = 1, Queries = 4, Tasks = 100 };

    [TestMethod]
    public void TrainingMakesNewClassesEasierToTellApart()
    {
        var pool = NumberedClasses.Clouds(60, 10, 0.35, seed: 1);
        var held = NumberedClasses.Clouds(30, 10, 0.35, seed: 2);
        double Accuracy(int steps)
        {
            var outcome = Train(pool, steps);
            using var model = outcome.Model;
            using var solver = new MetaLearnerSolver(model, transductive: false);
            return TaskEvaluator.Measure(solver, held, outcome.Scale, FiveWay, CPU).Accuracy;
        }

        var (before, after) = (Accuracy(1), Accuracy(150));
        Assert.IsTrue(after > before + 0.03, $"{before:P1} after one step, {after:P1} after 150.");
    }

    [TestMethod]
    public void EqualSeedsGiveEqualWeights()
    {
        var pool = NumberedClasses.Clouds(12, 10, 0.35, seed: 1);
        using var first = Train(pool, 3).Model;
        using var second = Train(pool, 3).Model;
        foreach (var (one, other) in ModuleWeights.Of(first).Zip(ModuleWeights.Of(second)))
        {
            CollectionAssert.AreEqual(TensorAssert.ToArray(one.Value), TensorAssert.ToArray(other.Value), one.Name);
        }
    }

    [TestMethod]
    public void TheWeightsKeptAreMeasuredOnHeldOutClasses()
    {
        var outcome = Train(NumberedClasses.Clouds(12, 10, 0.35, seed: 1), 3, validation: NumberedClasses.Clouds(8, 10, 0.35, seed: 2));
        using var model = outcome.Model;
        // 2 batches of 4 tasks of 5 classes with 3 queries each.
        Assert.AreEqual(120, outcome.Result.Best!.Count);
        Assert.IsTrue(outcome.Result.Best.Accuracy > 0.4, $"{outcome.Result.Best.Accuracy:P1}; guessing gives 20 %.");
        Assert.IsFalse(model.training);
    }

    [TestMethod]
    public void AResumedRunEndsAsAnUninterruptedOne()
    {
        using var folder = new TemporaryFolder();
        var pool = NumberedClasses.Clouds(12, 10, 0.35, seed: 1);
        using var whole = Train(pool, 60).Model;

        var path = Path.Combine(folder.Path, "checkpoint");
        using var cancellation = new CancellationTokenSource();
        using var part = Train(pool, 60, new TrainingSettings { CheckpointPath = path, CancellationToken = cancellation.Token }, step =>
        {
            if (step >= 30)
            {
                cancellation.Cancel();
            }
        }).Model;
        using var resumed = Train(pool, 60, new TrainingSettings { CheckpointPath = path }).Model;

        foreach (var (one, other) in ModuleWeights.Of(whole).Zip(ModuleWeights.Of(resumed)))
        {
            CollectionAssert.AreEqual(TensorAssert.ToArray(one.Value), TensorAssert.ToArray(other.Value), one.Name);
        }
    }

    [TestMethod]
    public void ARunWithATimeGoesOnWithAnotherTime()
    {
        using var folder = new TemporaryFolder();
        var pool = NumberedClasses.Clouds(12, 10, 0.35, seed: 1);
        var path = Path.Combine(folder.Path, "checkpoint");
        using var cancellation = new CancellationTokenSource();
        // An hour, of which a machine that is resumed on has found more or less gone.
        var part = Train(pool, 60, new TrainingSettings { TimeBudget = TimeSpan.FromHours(1), CheckpointPath = path, CancellationToken = cancellation.Token }, _ => cancellation.Cancel());
        part.Model.Dispose();
        var resumed = Train(pool, 60, new TrainingSettings { TimeBudget = part.Result.Elapsed + TimeSpan.FromMilliseconds(1), CheckpointPath = path });
        resumed.Model.Dispose();
        Assert.IsGreaterThan(part.Result.Steps, resumed.Result.Steps);
        Assert.AreEqual(StopReason.TimeBudget, resumed.Result.Reason);
        Assert.IsGreaterThan(part.Result.Elapsed, resumed.Result.Elapsed);
    }

    [TestMethod]
    public void ACheckpointOfAnotherMethodIsRefusedByItsName()
    {
        using var folder = new TemporaryFolder();
        var pool = NumberedClasses.Clouds(12, 10, 0.35, seed: 1);
        var loop = new TrainingSettings { CheckpointPath = Path.Combine(folder.Path, "checkpoint") };
        using var cancellation = new CancellationTokenSource();
        Train(pool, 60, loop with { CancellationToken = cancellation.Token }, _ => cancellation.Cancel()).Model.Dispose();
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Train(pool, 60, loop, create: random => new LstmMetaLearner(Shape, new LstmSettings(), random),
            method: FewShotMethod.LstmMetaLearner));
        StringAssert.StartsWith(error.Message, $"The checkpoint '{loop.CheckpointPath}.together' belongs to a training with the method Maml; this one is with LstmMetaLearner. ");
    }

    private static MetaLearnerTrainingOutcome Train(ExamplePool pool, int steps, TrainingSettings? loop = null, Action<long>? progress = null, ExamplePool? validation = null,
        Func<Random, MetaLearner>? create = null, FewShotMethod method = FewShotMethod.Maml)
    {
        var settings = new FewShotTrainingSettings
        {
            Method = method,
            Loop = (loop ?? new TrainingSettings()) with { ProgressInterval = TimeSpan.Zero },
            Progress = at => progress?.Invoke(at.Training.Step),
            Episodes = new EpisodeSettings { BatchSize = 4, Ways = 5, Shots = 1, Queries = 3 },
            ValidationEpisodes = new EpisodeSettings { BatchSize = 4, Ways = 5, Shots = 1, Queries = 3 },
            ValidationBatches = 2,
            Together = new StageSettings { Share = 1, Steps = steps, Optimizer = new OptimizerSettings { Kind = OptimizerKind.AdamW, LearningRate = 0.01 } },
        };
        IHostEnvironment context = new MLContext(1);
        using var channel = context.Register(nameof(MamlTrainingTests)).Start("Train");
        return MetaLearnerTraining.Run(pool, validation, Shape, create ?? (random => new MamlModel(Shape, new MamlSettings(), random)), settings, channel, CPU);
    }
}
