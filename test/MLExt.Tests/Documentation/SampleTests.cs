using MLExtensions.Testing;

namespace MLExt.Tests.Documentation;

[TestClass]
public sealed class SampleTests
{
    [TestMethod]
    public void TheSampleTrainsOnTheUsersImagesAndPredictsInASecondProcess()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["images"], perClass: 20);
        var (exitCode, output, error) = SampleProcess.Run(typeof(Samples.ImageFile), folder.Path, "--dataset", folder["images"], "--train-time", "8");
        Assert.AreEqual(0, exitCode, output + error);
        StringAssert.Contains(output, "MicroAccuracy = ");
        StringAssert.Contains(output, "Loading it in another process:");
        Assert.AreEqual(3, output.Split('\n').Count(line => line.Contains(".png: ")), output);
        Assert.IsTrue(File.Exists(folder["output", "model.zip"]));
    }

    [TestMethod]
    [DataRow("--dataset")]
    [DataRow("--dataset no-such-folder")]
    [DataRow("--train-time soon")]
    [DataRow("--colour blue")]
    public void TheSampleExplainsItselfWhenItIsMisused(string line)
    {
        using var folder = new TemporaryFolder();
        var (exitCode, _, error) = SampleProcess.Run(typeof(Samples.ImageFile), folder.Path, line.Split(' '));
        Assert.AreEqual(2, exitCode);
        StringAssert.Contains(error, "Usage:");
        Assert.AreEqual(0, Directory.GetFileSystemEntries(folder.Path).Length);
    }
}
