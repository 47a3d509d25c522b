using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Training;
using MLExtensions.Testing;

namespace Microsoft.ML.VisionCore.Tests.Training;

[TestClass]
public sealed class TrainingCheckpointTests
{
    private static readonly TrainingSettings Settings = new()
    {
        Epochs = 4,
        Optimizer = new() { LearningRate = 0.1, MatrixLearningRate = 0.2 },
        EmaDecay = 0.9,
        Fingerprint = new Dictionary<string, string> { ["seed"] = "1", ["batch size"] = "8" },
    };

    [TestMethod]
    [DataRow(3)]
    [DataRow(5)]
    [DataRow(12)]
    public void AResumedRunEndsWithTheWeightsOfAnUninterruptedOne(int stopAfter)
    {
        using var folder = new TemporaryFolder();
        var settings = Settings with { CheckpointPath = folder["run.safetensors"] };
        using var whole = new ToyTrainable();
        var expected = Run(whole, Settings);

        using var first = new ToyTrainable();
        Interrupt(first, settings, stopAfter);
        using var second = new ToyTrainable();
        var result = Run(second, settings);

        CollectionAssert.AreEqual(whole.Weights, second.Weights);
        Assert.AreEqual(expected with { Elapsed = result.Elapsed, ValidationTime = result.ValidationTime }, result);
        Assert.AreEqual(20 - stopAfter, second.Steps.Count);
    }

    [TestMethod]
    public void AResumedRunRemembersTheBestWeightsOfItsFirstPart()
    {
        using var folder = new TemporaryFolder();
        var settings = Settings with { CheckpointPath = folder["run.safetensors"] };
        using var first = new ToyTrainable([0.9, 0.1]);
        Interrupt(first, settings, 12);
        using var second = new ToyTrainable([0.2, 0.3]);
        var result = Run(second, settings);

        Assert.AreEqual(1, result.BestEpoch);
        Assert.AreEqual(0.9, result.Best!.Accuracy);
        CollectionAssert.AreEqual(first.Validated[0], second.Weights);
    }

    [TestMethod]
    public void TheTimesOfTheFirstPartCount()
    {
        using var folder = new TemporaryFolder();
        var clock = new ManualClock();
        var settings = Settings with { CheckpointPath = folder["run.safetensors"], Clock = clock };
        void Validating(CancellationToken _) => clock.Advance(TimeSpan.FromSeconds(30));
        using var first = new ToyTrainable { Validating = Validating };
        Interrupt(first, settings, 12);
        using var second = new ToyTrainable { Validating = Validating };
        var result = Run(second, settings);

        Assert.AreEqual(TimeSpan.FromSeconds(4 * 30), result.ValidationTime);
        Assert.AreEqual(TimeSpan.Zero, result.TrainingTime);
    }

    [TestMethod]
    public void EarlyStoppingCountsOnAfterAnInterruption()
    {
        using var folder = new TemporaryFolder();
        var settings = Settings with { CheckpointPath = folder["run.safetensors"], EarlyStopping = new EarlyStopping(0, 2) };
        using var first = new ToyTrainable([0.9, 0.1]);
        Interrupt(first, settings, 12);
        using var second = new ToyTrainable([0.2]);

        Assert.AreEqual(StopReason.EarlyStopping, Run(second, settings).Reason);
    }

    [TestMethod]
    public void ACompletedRunLeavesNoCheckpoint()
    {
        using var folder = new TemporaryFolder();
        using var toy = new ToyTrainable();
        Run(toy, Settings with { CheckpointPath = folder["run.safetensors"] });

        Assert.IsEmpty(Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public void OfAnotherModelOnlyWhatDiffersIsNamed()
    {
        using var folder = new TemporaryFolder();
        var settings = Settings with { CheckpointPath = folder["run.safetensors"] };
        using var first = new ToyTrainable();
        Interrupt(first, settings with { Fingerprint = Model("""{"Width":32,"Depth":3,"Inner":{"Steps":1}}""") }, 3);

        using var second = new ToyTrainable();
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Run(second, settings with { Fingerprint = Model("""{"Depth":3,"Width":64,"Inner":{"Steps":4},"New":true}""") }));

        StringAssert.Contains(error.Message, "belongs to another run: Width of the model is 64, in the checkpoint 32; Inner.Steps of the model is 4, in the checkpoint 1; "
            + "New of the model is true, in the checkpoint absent. Delete it");

        static Dictionary<string, string> Model(string json) => new() { ["model"] = json };
    }

    [TestMethod]
    public void OfManyDifferencesThreeValuesAreNamedAndTheOthersCounted()
    {
        using var folder = new TemporaryFolder();
        var settings = Settings with { CheckpointPath = folder["run.safetensors"] };
        using var first = new ToyTrainable();
        Interrupt(first, settings with { Fingerprint = Run("""{"Ways":20,"Variation":{"Share":0.5,"Mirror":0},"Groups":null}""", """{"Whole":{"Steps":4,"Optimizer":{"Rate":0.1}},"Part":{"Steps":1}}""") }, 3);

        using var second = new ToyTrainable();
        var other = Run("""{"Ways":5,"Variation":{"Share":1,"Mirror":0},"Groups":3}""", """{"Whole":{"Steps":4,"Optimizer":{"Rate":0.2}}}""");
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => TrainingCheckpointTests.Run(second, settings with { Fingerprint = other }));
        StringAssert.Contains(error.Message, "belongs to another run: Ways of the tasks is 5, in the checkpoint 20; Variation.Share of the tasks is 1, in the checkpoint 0.5; "
            + "Groups of the tasks is 3, in the checkpoint none; and 2 more. Delete it");

        other = Run("""{"Ways":20,"Variation":null,"Groups":null}""", """{"Whole":{"Steps":4,"Optimizer":{"Rate":0.2}},"Part":{"Steps":1}}""");
        error = Assert.ThrowsExactly<InvalidOperationException>(() => TrainingCheckpointTests.Run(second, settings with { Fingerprint = other }));
        StringAssert.Contains(error.Message, "belongs to another run: Variation of the tasks is none, in the checkpoint given; "
            + "Whole.Optimizer.Rate of the stages is 0.2, in the checkpoint 0.1. Delete it");

        static Dictionary<string, string> Run(string tasks, string stages) => new() { ["tasks"] = tasks, ["stages"] = stages };
    }

    [TestMethod]
    public void OfAnotherMethodNothingElseIsNamed()
    {
        using var folder = new TemporaryFolder();
        var settings = Settings with { CheckpointPath = folder["run.safetensors"] };
        using var first = new ToyTrainable();
        Interrupt(first, settings with { Fingerprint = Run("One", "1") }, 3);

        using var second = new ToyTrainable();
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => TrainingCheckpointTests.Run(second, settings with { Fingerprint = Run("Other", "2") }));
        Assert.AreEqual($"The checkpoint '{settings.CheckpointPath}' belongs to a training with the method One; this one is with Other. "
            + "Delete it, name another file, or train with the method it was made with.", error.Message);

        static Dictionary<string, string> Run(string method, string seed) => new() { ["method"] = method, ["seed"] = seed };
    }

    [TestMethod]
    public void AFileThatSaysNoMethodIsOfTheSameOne()
    {
        using var folder = new TemporaryFolder();
        var settings = Settings with { CheckpointPath = folder["run.safetensors"] };
        using var first = new ToyTrainable();
        Interrupt(first, settings, 3);

        using var second = new ToyTrainable();
        Run(second, settings with { Fingerprint = new Dictionary<string, string>(settings.Fingerprint) { ["method"] = "One" } });
        Assert.IsFalse(File.Exists(settings.CheckpointPath));
    }

    [TestMethod]
    public void WhatOneRunHasInPartsAndTheOtherNotAtAllIsNotSpeltOut()
    {
        using var folder = new TemporaryFolder();
        var settings = Settings with { CheckpointPath = folder["run.safetensors"] };
        using var first = new ToyTrainable();
        Interrupt(first, settings, 3);

        using var second = new ToyTrainable();
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Run(second, settings with { Fingerprint = new Dictionary<string, string> { ["adaptation"] = """{"Updates":8}""" } }));

        StringAssert.Contains(error.Message, "belongs to another run: adaptation is given, in the checkpoint absent. Delete it");
    }

    [TestMethod]
    public void ACheckpointOfOtherSettingsIsRefusedByName()
    {
        using var folder = new TemporaryFolder();
        var settings = Settings with { CheckpointPath = folder["run.safetensors"] };
        using var first = new ToyTrainable();
        Interrupt(first, settings, 3);

        using var second = new ToyTrainable();
        var other = new Dictionary<string, string> { ["seed"] = "2", ["batch size"] = "8", ["mixup"] = "0.2" };
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Run(second, settings with { Fingerprint = other }));

        StringAssert.Contains(error.Message, "belongs to another run: seed is 2, in the checkpoint 1; mixup is 0.2, in the checkpoint absent.");
        Assert.IsEmpty(second.Steps);
    }

    [TestMethod]
    public void ADamagedCheckpointIsRefused()
    {
        using var folder = new TemporaryFolder();
        var settings = Settings with { CheckpointPath = folder["run.safetensors"] };
        using var first = new ToyTrainable();
        Interrupt(first, settings, 3);
        var bytes = File.ReadAllBytes(settings.CheckpointPath!);
        File.WriteAllBytes(settings.CheckpointPath!, bytes[..^3]);

        using var second = new ToyTrainable();
        var error = Assert.ThrowsExactly<FormatException>(() => Run(second, settings));
        StringAssert.StartsWith(error.Message, $"The checkpoint '{settings.CheckpointPath}' is damaged: The tensor '");
        StringAssert.EndsWith(error.Message, " Delete it, or name another file: training then begins again.");
    }

    [TestMethod]
    public void ABitThatFlippedInACheckpointIsFound()
    {
        using var folder = new TemporaryFolder();
        var settings = Settings with { CheckpointPath = folder["run.safetensors"] };
        using var first = new ToyTrainable();
        Interrupt(first, settings, 3);
        var bytes = File.ReadAllBytes(settings.CheckpointPath!);
        bytes[^5] ^= 1;
        File.WriteAllBytes(settings.CheckpointPath!, bytes);

        using var second = new ToyTrainable();
        var error = Assert.ThrowsExactly<FormatException>(() => Run(second, settings));
        StringAssert.Contains(error.Message, "is damaged: Its content does not have the checksum that it was written with.");
    }

    [TestMethod]
    public void ACheckpointBelongsToOneTrainingAtATime()
    {
        using var folder = new TemporaryFolder();
        var settings = Settings with { CheckpointPath = folder["run.safetensors"] };
        using var first = new ToyTrainable();
        using var second = new ToyTrainable();
        IOException? error = null;
        var source = new ToyBatchSource(5) { BeforeBatch = (_, _) => error ??= Assert.ThrowsExactly<IOException>(() => Run(second, settings)) };
        using var log = new TestLog();
        new TrainingLoop<ToyBatch>(first, source, settings, log.Channel).Run();

        StringAssert.StartsWith(error!.Message, $"The checkpoint '{settings.CheckpointPath}' cannot be written, or another training writes it: ");
        Assert.IsEmpty(second.Steps);
        Assert.IsEmpty(Directory.GetFileSystemEntries(folder.Path));
        Run(second, settings);
    }

    [TestMethod]
    public void WhatAKilledTrainingLeftIsRemovedAtTheEnd()
    {
        using var folder = new TemporaryFolder();
        foreach (var left in (string[])["run.tmp", "run.lock"])
        {
            File.WriteAllText(folder[left], "half");
        }

        using var toy = new ToyTrainable();
        Run(toy, Settings with { CheckpointPath = folder["run"] });

        Assert.IsEmpty(Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public void AFolderIsNoCheckpoint()
    {
        using var folder = new TemporaryFolder();
        using var toy = new ToyTrainable();
        var error = Assert.ThrowsExactly<IOException>(() => Run(toy, Settings with { CheckpointPath = folder.Path }));
        StringAssert.EndsWith(error.Message, "It is a folder.");
    }

    [TestMethod]
    public void AnUnwritableCheckpointIsRefusedBeforeTraining()
    {
        using var folder = new TemporaryFolder();
        using var toy = new ToyTrainable();
        var path = folder["missing", "run.safetensors"];

        var error = Assert.ThrowsExactly<IOException>(() => Run(toy, Settings with { CheckpointPath = path }));

        StringAssert.StartsWith(error.Message, $"The checkpoint '{path}' cannot be written, or another training writes it:");
        Assert.IsEmpty(toy.Steps);
    }

    [TestMethod]
    public void ACheckpointThatCannotBeWrittenLaterIsAWarning()
    {
        using var folder = new TemporaryFolder();
        using var log = new TestLog();
        using var toy = new ToyTrainable();
        var path = folder["gone", "run.safetensors"];
        Directory.CreateDirectory(folder["gone"]);
        var source = new ToyBatchSource(5) { BeforeBatch = (_, _) => DeleteFolder(folder["gone"]) };

        var result = new TrainingLoop<ToyBatch>(toy, source, Settings with { CheckpointPath = path, Epochs = 1 }, log.Channel).Run();

        Assert.AreEqual(5, result.Steps);
        StringAssert.StartsWith(log.Of(ChannelMessageKind.Warning).Single(), $"The checkpoint '{path}' could not be written after step 5:");
    }

    private static void DeleteFolder(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private static TrainingResult Run(ToyTrainable toy, TrainingSettings settings)
    {
        using var log = new TestLog();
        return new TrainingLoop<ToyBatch>(toy, new ToyBatchSource(5), settings, log.Channel).Run();
    }

    private static void Interrupt(ToyTrainable toy, TrainingSettings settings, int stopAfter)
    {
        using var cancel = new CancellationTokenSource();
        using var log = new TestLog();
        var source = new ToyBatchSource(5)
        {
            BeforeBatch = (epoch, batch) =>
            {
                if ((epoch * 5) + batch == stopAfter - 1)
                {
                    cancel.Cancel();
                }
            },
        };
        var result = new TrainingLoop<ToyBatch>(toy, source, settings with { CancellationToken = cancel.Token }, log.Channel).Run();
        Assert.AreEqual(stopAfter, result.Steps);
    }
}
