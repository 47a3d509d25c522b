using System.Diagnostics;
using MLExtensions.Testing;

namespace MLExt.Tests.Commands;

/// <summary>The tool as the processes that MPI's launcher starts; Microsoft.ML.Distributed.Tests has what they compute.</summary>
[TestClass]
public sealed class RanksTests
{
    [TestMethod]
    public void UnderMpirunOneModelIsTrainedAndTheFirstProcessWritesAndReports()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["images"], perClass: 12);
        var run = Run("image-classification", "--dataset", folder["images"], "--epochs", "1", "--output", folder["out"], "--json", folder["out", "figures.json"], "--local-steps", "2");
        Assert.AreEqual(0, run.ExitCode, run.Output + run.Error);
        Assert.AreEqual(1, Count(run.Output, "The model is in "), run.Output);
        Assert.AreEqual(1, Count(run.Output, "rank 1 of 2: "), run.Output);
        StringAssert.Contains(File.ReadAllText(folder["out", "figures.json"]), "\"processes\": 2");
        CollectionAssert.AreEquivalent(new[] { "figures.json", "model.zip" }, Directory.GetFiles(folder["out"]).Select(Path.GetFileName).ToArray());
    }

    [TestMethod]
    public void AWrongCommandLineIsSaidOnce()
    {
        var run = Run("image-classification", "--dataset", "images", "--epochs", "0");
        Assert.AreEqual(ExitCode.Usage, run.ExitCode);
        Assert.AreEqual(1, Count(run.Error + run.Output, "mlext: --epochs must be at least 1"), run.Error);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static ProgramRun Run(params string[] words)
    {
        const string launcher = "/usr/bin/mpirun.mpich";
        if (!File.Exists(launcher))
        {
            throw new AssertInconclusiveException($"There is no {launcher} (Debian's package mpich).");
        }

        return ProgramRun.Of(new ProcessStartInfo(launcher, ["-n", "2", "dotnet", Path.Combine(AppContext.BaseDirectory, "mlext.dll"), .. words]));
    }
}
