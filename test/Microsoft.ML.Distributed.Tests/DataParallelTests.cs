using MLExtensions.Testing;

namespace Microsoft.ML.Distributed.Tests;

/// <summary>A training of many processes is that of one with the whole batch.</summary>
[TestClass]
public sealed class DataParallelTests
{
    // 50 steps of 64 images, mixed, with a moving average and clipping. At the rates that are usual, rounding alone makes 1e-4 of it: as much as another number of threads does.
    private static readonly string[] FiftySteps = ["epochs=25", "batch=64", "mixup=0.3", "cutmix=0.5", "ema=0.9", "clip=1", "rate=2e-5", "matrix-rate=5e-4"];

    [TestMethod]
    [DataRow("AdamW", Mpi.Open, 2)]
    [DataRow("Muon", Mpi.Mpich, 4)]
    public void FiftyStepsGiveTheWeightsOfOneProcess(string optimizer, string launcher, int ranks)
    {
        using var folder = new TemporaryFolder();
        var (alone, together) = (folder["alone.zip"], folder["together.zip"]);
        string[] words = [.. FiftySteps, $"optimizer={optimizer}"];
        Mpi.Output(launcher, ranks, ["images", together, .. words]);
        Mpi.Output(null, 1, ["images", alone, .. words]);
        Assert.AreEqual(0, SavedWeights.Difference(alone, together), 1e-5);
    }

    /// <summary>Uneven parts: four tasks, and a batch of classes, for three processes.</summary>
    [TestMethod]
    [DataRow("HyperTransformer", 0.002)]
    [DataRow("Maml", 0.002)]
    [DataRow("LgmNet", 0.005)]
    public void GeneratorsAreThoseOfOneProcessToo(string method, double effort)
    {
        using var folder = new TemporaryFolder();
        var (alone, together) = (folder["alone.zip"], folder["together.zip"]);
        string[] words = [$"method={method}", FormattableString.Invariant($"effort={effort}")];
        Mpi.Output(Mpi.Mpich, 3, ["few-shot", together, .. words]);
        Mpi.Output(null, 1, ["few-shot", alone, .. words]);
        Assert.AreEqual(0, SavedWeights.Difference(alone, together), 1e-4, "Some ten steps at the usual rates; see DataParallelTests.FiftySteps.");
    }

    [TestMethod]
    public void TheSameAgainHasTheSameBits()
    {
        using var folder = new TemporaryFolder();
        string[] files = [folder["one.zip"], folder["two.zip"]];
        foreach (var file in files)
        {
            Mpi.Output(Mpi.Mpich, 2, ["images", file, "epochs=3", "mixup=0.3"]);
        }

        CollectionAssert.AreEqual(SavedWeights.Bytes(files[0]), SavedWeights.Bytes(files[1]));
    }

    /// <summary>Steps that each makes alone, and validations and checkpoints between them; the processes check at each epoch's end that they have the same weights.</summary>
    [TestMethod]
    public void LocalStepsGiveOneModelThatIsAnother()
    {
        using var folder = new TemporaryFolder();
        string[] files = [folder["local.zip"], folder["again.zip"], folder["in-step.zip"]];
        Mpi.Output(Mpi.Mpich, 2, ["images", files[0], "epochs=4", "local=3", "ema=0.9"]);
        Mpi.Output(Mpi.Mpich, 2, ["images", files[1], "epochs=4", "local=3", "ema=0.9"]);
        Mpi.Output(Mpi.Mpich, 2, ["images", files[2], "epochs=4", "ema=0.9"]);
        CollectionAssert.AreEqual(SavedWeights.Bytes(files[0]), SavedWeights.Bytes(files[1]));
        Assert.IsGreaterThan(1e-4, SavedWeights.Difference(files[0], files[2]));
    }

    [TestMethod]
    public void AKilledTrainingGoesOnFromItsCheckpointToTheSameWeights()
    {
        using var folder = new TemporaryFolder();
        string[] words = ["epochs=6", "mixup=0.3"];
        var (whole, resumed, other, checkpoint) = (folder["whole.zip"], folder["resumed.zip"], folder["other.zip"], folder["run.checkpoint"]);
        Mpi.Output(Mpi.Mpich, 2, ["images", whole, .. words]);
        Assert.AreNotEqual(0, Mpi.Run(Mpi.Mpich, 2, ["images", resumed, .. words, $"checkpoint={checkpoint}", "kill=1@260"]).ExitCode);
        Assert.IsTrue(File.Exists(checkpoint), "It was killed after an epoch's end.");
        Assert.IsFalse(File.Exists(resumed));
        File.Copy(checkpoint, checkpoint + ".copy");
        Mpi.Output(Mpi.Mpich, 2, ["images", resumed, .. words, $"checkpoint={checkpoint}"]);
        CollectionAssert.AreEqual(SavedWeights.Bytes(whole), SavedWeights.Bytes(resumed));
        Assert.IsFalse(File.Exists(checkpoint));

        // With another number of processes it is the same run too, up to rounding.
        Mpi.Output(Mpi.Open, 3, ["images", other, .. words, $"checkpoint={checkpoint}.copy"]);
        Assert.AreEqual(0, SavedWeights.Difference(whole, other), 1e-3);
    }

    [TestMethod]
    public void AFewShotTrainingGoesOnStageByStage()
    {
        using var folder = new TemporaryFolder();
        string[] words = ["effort=0.003"];
        var (whole, resumed, checkpoint) = (folder["whole.zip"], folder["resumed.zip"], folder["run.checkpoint"]);
        Mpi.Output(Mpi.Mpich, 2, ["few-shot", whole, .. words, "method=HyperTransformer"]);
        Assert.AreNotEqual(0, Mpi.Run(Mpi.Mpich, 2, ["few-shot", resumed, .. words, $"checkpoint={checkpoint}", "kill=0@250"]).ExitCode);
        Assert.IsNotEmpty(Directory.GetFiles(folder.Path, "run.checkpoint.*"));
        Mpi.Output(Mpi.Mpich, 2, ["few-shot", resumed, .. words, $"checkpoint={checkpoint}"]);
        CollectionAssert.AreEqual(SavedWeights.Bytes(whole), SavedWeights.Bytes(resumed));
    }

    /// <summary>By the first process's clock, whatever the others' say.</summary>
    [TestMethod]
    public void ATrainingByTimeEndsForAllAtTheSameStep()
    {
        using var folder = new TemporaryFolder();
        Mpi.Output(Mpi.Mpich, 3, ["images", folder["timed.zip"], "time=4"]);
        Assert.IsGreaterThan(1000, SavedWeights.Numbers(folder["timed.zip"]).Length);
    }

    [TestMethod]
    public void BatchesThatCannotBeDividedAreRefused()
    {
        using var folder = new TemporaryFolder();
        var run = Mpi.Run(Mpi.Mpich, 3, ["images", folder["none.zip"], "batch=2"]);
        Assert.AreNotEqual(0, run.ExitCode);
        StringAssert.Contains(run.Error + run.Output, "A batch has 2 images, which 3 processes cannot divide", StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("images", "each=40", "the number of images", "the images' classes")]
    [DataRow("images", "epochs=3", "Epoch (")]
    [DataRow("images", "local=2", "LocalSteps (")]
    [DataRow("few-shot", "method=Maml", "Method (")]
    public void ProcessesThatDoNotTrainTheSameAreToldWhatDiffers(string what, string word, params string[] names)
    {
        using var folder = new TemporaryFolder();
        var program = Path.Combine(AppContext.BaseDirectory, "MLExtensions.Ranks.dll");
        var run = Mpi.Run(Mpi.Mpich, 1, [what, folder["none.zip"], ":", "-n", "1", "dotnet", program, what, folder["none.zip"], word]);
        Assert.AreNotEqual(0, run.ExitCode);
        StringAssert.Contains(run.Error + run.Output, "the processes of the group do not train the same. They differ in ");
        foreach (var name in names)
        {
            StringAssert.Contains(run.Error + run.Output, name);
        }
    }
}
