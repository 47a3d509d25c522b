using System.Diagnostics;
using MLExtensions.Testing;

namespace MLExt.Tests;

[TestClass]
public sealed class ProcessTests
{
    [TestMethod]
    public void TheProcessWritesToItsOwnStreamsAndEndsWithTheExitCode()
    {
        using var process = Start("predict", "--model", TrainedModel.ModelFile, Directory.GetFiles(TrainedModel.TestFolder, "*.png", SearchOption.AllDirectories)[0]);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(ExitCode.Success, process.ExitCode);
        StringAssert.Contains(output, ".png: ");

        using var wrong = Start("predict");
        var error = wrong.StandardError.ReadToEnd();
        wrong.WaitForExit();
        Assert.AreEqual(ExitCode.Usage, wrong.ExitCode);
        StringAssert.Contains(error, "--model");
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void AnInterruptKeepsTheBestModel()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["data"], perClass: 40);
        using var process = Start("image-classification", "--dataset", folder["data"], "--image-size", "16", "--train-time", "300", "--output", folder["out"]);
        while (process.StandardOutput.ReadLine() is { } line && !line.StartsWith("Epoch"))
        {
        }

        using var kill = Process.Start("kill", [IsInterruptIgnored() ? "-TERM" : "-INT", $"{process.Id}"]);
        kill.WaitForExit();
        var error = process.StandardError.ReadToEnd();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(ExitCode.Success, process.ExitCode, error);
        StringAssert.Contains(error, "keeping the best model");
        Assert.IsTrue(File.Exists(folder["out", "model.zip"]));
    }

    /// <summary>A shell that runs the tests in the background has Ctrl-C ignored by everything it starts; the tool takes a polite kill alike.</summary>
    private static bool IsInterruptIgnored()
    {
        const string Ignored = "SigIgn:";
        const ulong Interrupt = 1 << (2 - 1);
        return File.Exists("/proc/self/status")
            && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Ignored, StringComparison.Ordinal)) is { } line
            && (Convert.ToUInt64(line[Ignored.Length..].Trim(), 16) & Interrupt) != 0;
    }

    private static Process Start(params string[] args) => Process.Start(new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, .. args])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
