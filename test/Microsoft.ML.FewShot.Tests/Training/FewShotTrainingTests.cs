using Microsoft.ML.FewShot.Tests.Data;
using MLExtensions.Testing;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.FewShot.Training;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Training;
using Microsoft.ML.VisionCore.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Tests.Training;

[TestClass]
public sealed class FewShotTrainingTests
{
    private static readonly FewShotShape Shape = new() { ImageSize = DrawnSymbols.Side, Channels = 4, MaxWays = 8, EncoderWidth = 16, EncoderLayers = 1 };

    private static readonly FewShotShape Generated = Shape with { GeneratedLayers = 4, ImageFeatures = 4 };

    private static readonly FewShotShape FromScratch = FewShotShape.Paper(4) with
    {
        ImageSize = DrawnSymbols.Side,
        MaxWays = 8,
        LabelWidth = 8,
        EncoderLayers = 1,
        ImageFeatures = 4,
        Normalization = FewShotNormalization.Running,
    };

    private static readonly ExamplePool Symbols = DrawnSymbols.Create(40, 8, 1);

    private static readonly ExamplePool Others = DrawnSymbols.Create(12, 8, 2);

    [TestMethod]
    public void TrainingMakesClassifiersOfUnseenClassesBetter()
    {
        using var untrained = new HyperTransformerModel(Shape, 1);
        untrained.train(false);
        using var model = Train(Shape, Settings(backbone: 60, clusters: 30, logits: 30)).Model;
        var (before, after) = (Accuracy(untrained, Others, unlabeled: 0), Accuracy(model, Others, unlabeled: 0));
        Assert.IsTrue(after > before + 0.1, $"{before} before, {after} after");
    }

    [TestMethod]
    public void ADifferentSeedGivesDifferentAndTheSameSeedEqualWeights()
    {
        foreach (var shape in new[] { Shape, Generated, FromScratch })
        {
            var settings = Settings(backbone: 4, clusters: 3, logits: 3, together: 4);
            var (first, again, other) = (Weights(shape, settings), Weights(shape, settings), Weights(shape, settings with { Seed = 6 }));
            CollectionAssert.AreEqual(first, again);
            CollectionAssert.AreNotEqual(first, other);
        }
    }

    [TestMethod]
    public void EveryStageOfAModelIsTrained()
    {
        CollectionAssert.AreEqual(new[] { FewShotStage.Backbone, FewShotStage.Clusters, FewShotStage.Logits }, StagesOf(Shape));
        CollectionAssert.AreEqual(new[] { FewShotStage.Backbone, FewShotStage.Clusters, FewShotStage.Together }, StagesOf(Generated));
        CollectionAssert.AreEqual(new[] { FewShotStage.Together }, StagesOf(FromScratch));
        CollectionAssert.AreEqual(new[] { FewShotStage.Together }, StagesOf(Generated with { AddLearnedWeights = false }));
        CollectionAssert.AreEqual(new[] { FewShotStage.Clusters, FewShotStage.Logits }, StagesOf(Vectors(6)));
    }

    [TestMethod]
    public void ARunInterruptedInAnyStageEndsWithTheWeightsOfAnUninterruptedOne()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, shape) in new[] { ("logits", Shape), ("all", Generated) })
        {
            var settings = Settings(backbone: 6, clusters: 6, logits: 6, together: 6);
            var whole = Weights(shape, settings);
            var path = folder[name];
            for (var stage = 0; stage < 3; stage++)
            {
                using var stop = new CancellationTokenSource();
                var interrupted = Train(shape, settings with
                {
                    Loop = settings.Loop with { CheckpointPath = path, CancellationToken = stop.Token, ProgressInterval = TimeSpan.Zero },
                    Progress = at => CancelAt(at, stage + 1, 3, stop),
                });
                interrupted.Model.Dispose();
                Assert.IsTrue(interrupted.IsCancelled);
            }

            CollectionAssert.AreEqual(whole, Weights(shape, settings with { Loop = settings.Loop with { CheckpointPath = path } }));
            Assert.AreEqual(0, Directory.GetFiles(folder.Path).Length, "files left behind");
        }
    }

    [TestMethod]
    public void AFinishedStageThatCannotBeKeptDoesNotEndTheTraining()
    {
        using var folder = new TemporaryFolder();
        var settings = Settings(backbone: 4, clusters: 4, logits: 4);
        Directory.CreateDirectory(folder["run.backbone.finished"]); // no file can be written there
        var weights = Weights(Shape, settings with { Loop = settings.Loop with { CheckpointPath = folder["run"] } });
        CollectionAssert.AreEqual(Weights(Shape, settings), weights);
        Assert.AreEqual(0, Directory.GetFiles(folder.Path).Length, "files left behind");
    }

    [TestMethod]
    public void AFolderOfCheckpointsThatVanishesDoesNotEndTheTraining()
    {
        using var folder = new TemporaryFolder();
        var settings = Settings(backbone: 4, clusters: 4, logits: 4);
        foreach (var vanishing in (FewShotStage[])[FewShotStage.Backbone, FewShotStage.Clusters])
        {
            Directory.CreateDirectory(folder["runs"]);
            var weights = Weights(Shape, settings with
            {
                Loop = settings.Loop with { CheckpointPath = folder["runs", "run"] },
                Progress = at => Delete(at.Stage == vanishing),
            });
            CollectionAssert.AreEqual(Weights(Shape, settings), weights);
            Assert.IsFalse(Directory.Exists(folder["runs"]));
        }

        void Delete(bool isTime)
        {
            if (isTime && Directory.Exists(folder["runs"]))
            {
                Directory.Delete(folder["runs"], recursive: true);
            }
        }
    }

    [TestMethod]
    public void ALossThatIsNoNumberInAnyStageEndsTheTrainingWithTheStepAndLeavesNothing()
    {
        var settings = Settings(backbone: 4, clusters: 4, logits: 4);
        StageSettings Diverging(StageSettings stage) => stage with { WarmUpFraction = 0, Optimizer = stage.Optimizer with { LearningRate = 1e20 } };
        FewShotTrainingSettings[] all = [settings with { Backbone = Diverging(settings.Backbone) }, settings with { Clusters = Diverging(settings.Clusters) }, settings with { Logits = Diverging(settings.Logits) }];
        foreach (var one in all)
        {
            TensorLedger.Leaves(0, () =>
            {
                var error = Assert.ThrowsExactly<InvalidOperationException>(() => Train(Shape, one));
                Assert.MatchesRegex(@"^The training (loss was NaN|loss was Infinity|gradient was not finite) at step \d \(epoch 1, batch \d of 4\)\. No weights had been validated before, so there is no model to keep\. ", error.Message);
            });
        }
    }

    [TestMethod]
    public void AStageThatWasTooShortIsCalledAsEverywhereElse()
    {
        using var log = new TestLog();
        var settings = Settings(backbone: 4, clusters: 4, logits: 4);
        FewShotTraining.Run(Symbols, Others, Shape, settings with { Loop = settings.Loop with { TimeBudget = TimeSpan.FromTicks(1) } }, log.Channel, CPU).Model.Dispose();
        string[] told = [.. log.Messages.Where(message => message.Contains("made only", StringComparison.Ordinal))];
        Assert.HasCount(3, told);
        foreach (var (message, name) in told.Zip((string[])["embedding", "clusters", "generator"]))
        {
            StringAssert.StartsWith(message, $"The stage '{name}' made only 1 step in its time, so that it has hardly learned: ");
        }
    }

    [TestMethod]
    public void ADamagedFileOfAFinishedStageIsNamed()
    {
        using var folder = new TemporaryFolder();
        var settings = Settings(backbone: 4, clusters: 4, logits: 4);
        var path = folder["run.backbone.finished"];
        File.WriteAllText(path, "no weights");
        var error = Assert.ThrowsExactly<FormatException>(() => Train(Shape, settings with { Loop = settings.Loop with { CheckpointPath = folder["run"] } }));
        StringAssert.StartsWith(error.Message, $"The checkpoint '{path}' is damaged: The header of the weights file claims ");
    }

    [TestMethod]
    public void WhatAMethodOfOtherStagesKeptUnderTheNameIsRefusedAndLeft()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        var settings = Settings(backbone: 4, clusters: 4, logits: 4) with { Method = FewShotMethod.HyperTransformer };
        settings = settings with { Loop = settings.Loop with { CheckpointPath = folder["run"], ProgressInterval = TimeSpan.Zero } };
        var other = settings with { Method = FewShotMethod.LgmNet, Together = settings.Logits, Progress = at => CancelAt(at, 1, 2, stop), Loop = settings.Loop with { CancellationToken = stop.Token } };
        Train(FromScratch, other).Model.Dispose();
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Train(Shape, settings));
        StringAssert.StartsWith(error.Message, $"The checkpoint '{folder["run.together"]}' belongs to a training with the method LgmNet; this one is with HyperTransformer. ");

        File.WriteAllText(folder["run.together"], "no weights");
        error = Assert.ThrowsExactly<InvalidOperationException>(() => Train(Shape, settings));
        Assert.AreEqual($"The checkpoint '{folder["run.together"]}' belongs to another run. Delete it, or name another file.", error.Message);
        CollectionAssert.AreEqual(new[] { folder["run.together"] }, Directory.GetFiles(folder.Path));

        File.Delete(folder["run.together"]);
        Train(Shape, settings).Model.Dispose();
    }

    [TestMethod]
    public void AnInterruptedRunOfOtherSettingsIsNotResumed()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        var settings = Settings(backbone: 4, clusters: 4, logits: 4) with { Progress = at => CancelAt(at, 2, 2, stop) };
        settings = settings with { Loop = settings.Loop with { CheckpointPath = folder["run"], CancellationToken = stop.Token, ProgressInterval = TimeSpan.Zero } };
        Train(Shape, settings).Model.Dispose();
        var other = settings with { ClassesPerBatch = 7, Loop = settings.Loop with { CancellationToken = default } };
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Train(Shape, other));
        StringAssert.Contains(error.Message, "classes per batch is 7, in the checkpoint 16");
    }

    [TestMethod]
    public void ACancelledRunKeepsAModelThatWorks()
    {
        for (var stage = 1; stage <= 3; stage++)
        {
            using var stop = new CancellationTokenSource();
            var settings = Settings(backbone: 40, clusters: 10, logits: 10);
            settings = settings with
            {
                Loop = settings.Loop with { CancellationToken = stop.Token, ProgressInterval = TimeSpan.Zero },
                Progress = at => CancelAt(at, stage, stage == 1 ? 30 : 2, stop),
            };
            var outcome = Train(Shape, settings);
            using var model = outcome.Model;
            Assert.IsTrue(outcome.IsCancelled);
            Assert.AreEqual(stage, outcome.Stages.Count);
            Assert.IsTrue(Accuracy(model, Others, unlabeled: 2) > 0.4, $"after stage {stage}");
        }
    }

    [TestMethod]
    public void ACancelledRunWithoutAStepThrows()
    {
        var settings = Settings(backbone: 4, clusters: 4, logits: 4);
        settings = settings with { Loop = settings.Loop with { CancellationToken = new CancellationToken(true) } };
        Assert.ThrowsExactly<OperationCanceledException>(() => Train(Shape, settings));
    }

    [TestMethod]
    public void ProgressNamesTheStage()
    {
        var seen = new List<FewShotProgress>();
        using var model = Train(Shape, Settings(backbone: 4, clusters: 4, logits: 4) with { Progress = seen.Add }).Model;
        CollectionAssert.AreEqual(
            new[] { (FewShotStage.Backbone, 1, 3), (FewShotStage.Clusters, 2, 3), (FewShotStage.Logits, 3, 3) },
            seen.Select(at => (at.Stage, at.StageNumber, at.StageCount)).Distinct().ToArray());
        Assert.IsTrue(seen.Where(at => at.Training.IsEpochEnd).All(at => at.Training.Validation is not null));
    }

    [TestMethod]
    public void AStageThatGetsNoBetterIsStoppedEarly()
    {
        var settings = Settings(backbone: 100, clusters: 100, logits: 100);
        settings = settings with { Loop = settings.Loop with { EarlyStopping = new EarlyStopping(MinDelta: 1, Patience: 1) } };
        var outcome = Train(Shape, settings);
        using var model = outcome.Model;
        CollectionAssert.AreEqual(new long[] { 100, 100, 100 }, outcome.Stages.Select(stage => stage.Result.Steps).ToArray());
        settings = settings with { Backbone = settings.Backbone with { Steps = 150 } };
        var longer = Train(Shape, settings);
        longer.Model.Dispose();
        Assert.AreEqual((StopReason.EarlyStopping, 100L), (longer.Stages[0].Result.Reason, longer.Stages[0].Result.Steps));
    }

    [TestMethod]
    public void ATimeBudgetIsSharedByTheStages()
    {
        var clock = new StepClock();
        var settings = Settings(backbone: 1, clusters: 1, logits: 1);
        settings = settings with
        {
            Progress = _ => clock.Advance(TimeSpan.FromSeconds(1)),
            Loop = settings.Loop with { TimeBudget = TimeSpan.FromSeconds(100), Clock = clock, ProgressInterval = TimeSpan.Zero },
        };
        var outcome = Train(Shape, settings);
        using var model = outcome.Model;
        var times = outcome.Stages.Select(stage => stage.Result.Elapsed.TotalSeconds).ToArray();
        Assert.AreEqual(85, times[0], 2);
        Assert.AreEqual(4, times[1], 2);
        Assert.AreEqual(11, times[2], 2);
        Assert.AreEqual(100, times.Sum(), 2);
        Assert.IsTrue(outcome.Stages.All(stage => stage.Result.Reason == StopReason.TimeBudget));
    }

    [TestMethod]
    public void VectorsTrainAGeneratorAsImagesDo()
    {
        var pool = NumberedPool.Vectors(40, 14, 6, 0.5, 1);
        foreach (var shape in new[] { Vectors(6), Vectors(6) with { HiddenUnits = 12 }, Vectors(6) with { HiddenUnits = 12, GeneratedLayers = 1 } })
        {
            var settings = Settings(backbone: 20, clusters: 20, logits: 20, together: 20);
            using var log = new TestLog();
            using var model = FewShotTraining.Run(pool, NumberedPool.Vectors(10, 14, 6, 0.5, 2), shape, settings, log.Channel, CPU).Model;
            var accuracy = Accuracy(model, NumberedPool.Vectors(10, 14, 6, 0.5, 3), unlabeled: 0);
            Assert.IsTrue(accuracy > 0.7, $"{accuracy} with {shape.HiddenUnits} hidden units");
        }
    }

    [TestMethod]
    public void ATrainedModelAndNothingElseIsLeftBehind()
    {
        foreach (var shape in new[] { Shape, Generated })
        {
            var settings = Settings(backbone: 2, clusters: 2, logits: 2, together: 2);
            long tensors = 0;
            using (var model = new HyperTransformerModel(shape, 5))
            {
                tensors = ModuleWeights.Of(model).Count;
            }

            HyperTransformerModel? trained = null;
            TensorLedger.Leaves(tensors, () => trained = Train(shape, settings).Model);
            trained!.Dispose();
        }
    }

    private static FewShotShape Vectors(int length) => new() { ImageSize = 0, FeatureLength = length, MaxWays = 8, EncoderWidth = 16, EncoderLayers = 1 };

    private static FewShotStage[] StagesOf(FewShotShape shape) => [.. new FewShotTrainingSettings().For(shape, Symbols).StagesOf(shape)];

    private static FewShotTrainingSettings Settings(int backbone, int clusters, int logits, int together = 0)
    {
        var settings = new FewShotTrainingSettings
        {
            Seed = 5,
            ClassesPerBatch = 16,
            EmbeddedEpisodes = new EpisodeSettings { BatchSize = 4, Ways = new IntRange(4, 8), Shots = new IntRange(1, 2), Unlabeled = new IntRange(0, 2), Queries = 2 },
            Episodes = new EpisodeSettings { BatchSize = 4, Ways = new IntRange(4, 8), Shots = new IntRange(1, 2), Unlabeled = new IntRange(0, 2), Queries = 2 },
            ValidationEpisodes = new EpisodeSettings { BatchSize = 4, Ways = 8, Shots = 1, Unlabeled = new IntRange(0, 2), Queries = 2 },
            ValidationBatches = 2,
        }.For(Shape, Symbols);
        return settings with
        {
            Backbone = settings.Backbone with { Steps = backbone },
            Clusters = settings.Clusters with { Steps = clusters },
            Logits = settings.Logits with { Steps = logits },
            Together = settings.Together! with { Steps = together },
        };
    }

    private static FewShotTrainingOutcome Train(FewShotShape shape, FewShotTrainingSettings settings)
    {
        using var log = new TestLog();
        return FewShotTraining.Run(Symbols, Others, shape, settings, log.Channel, CPU);
    }

    /// <summary>All weights as text.</summary>
    private static string[] Weights(FewShotShape shape, FewShotTrainingSettings settings)
    {
        using var model = Train(shape, settings).Model;
        return [.. ModuleWeights.Of(model).Select(pair => $"{pair.Name} {string.Join(' ', pair.Value.data<float>().ToArray().Select(BitConverter.SingleToInt32Bits))}")];
    }

    private static double Accuracy(HyperTransformerModel model, ExamplePool pool, int unlabeled)
    {
        var scale = pool.Shape.IsImage ? ExampleScale.Measure(Symbols) : new ImageNormalization([0], [1]);
        var settings = new EpisodeSettings { BatchSize = 20, Ways = 8, Shots = 1, Unlabeled = unlabeled, Queries = 4 };
        var tasks = new ValidationEpisodes(pool, settings, 2, scale, 99, CPU);
        return tasks.Measure(batch => model.Logits(batch.Support, batch.Candidates, batch.Query), default).Accuracy;
    }

    private static void CancelAt(FewShotProgress at, int stage, int step, CancellationTokenSource stop)
    {
        if (at.StageNumber == stage && at.Training.Step >= step)
        {
            stop.Cancel();
        }
    }

    /// <summary>Time that passes only when it is told to.</summary>
    private sealed class StepClock : TimeProvider
    {
        private long _now = 1_000_000;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan time) => _now += time.Ticks;
    }
}
