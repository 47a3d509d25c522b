using System.Diagnostics;
using System.Text.RegularExpressions;
using MLExtensions.Testing;

namespace MLExt.Tests;

[TestClass]
public sealed partial class ProcessTests
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

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    [DataRow(">&-")]
    [DataRow(">/dev/full")]
    public void AnOutputThatCannotBeWrittenDoesNotEndATraining(string output)
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["data"], perClass: 4);
        string[] tool = ["dotnet", typeof(CommandLine).Assembly.Location, "image-classification", "--dataset", folder["data"], "--epochs", "1", "--output", folder["out"]];
        var run = ProgramRun.Of(new ProcessStartInfo("sh", ["-c", $"exec \"$@\" {output}", "sh", .. tool]));
        Assert.AreEqual(ExitCode.Failure, run.ExitCode);
        StringAssert.Contains(run.Error, "mlext: not everything could be written to the standard output: ");
        Assert.IsTrue(File.Exists(folder["out", "model.zip"]));
    }

    // In Turkish, i is the small letter of İ; in German, 0.5 is 0,5; in Arabic, the calendar is another and numbers may be.
    [TestMethod]
    [DataRow("tr_TR")]
    [DataRow("de_DE")]
    [DataRow("ar_SA")]
    public void NeitherLanguageNorTimeZoneChangeWhatIsSaidOrWritten(string language)
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["böse daten", "İıß 数"], perClass: 4);
        Assert.AreEqual(Train("C", "UTC"), Train(language + ".UTF-8", "Pacific/Tongatapu"));

        string Train(string culture, string zone)
        {
            string[] arguments = ["image-classification", "--dataset", folder["böse daten"], "--epochs", "1", "--seed", "1", "--output", folder["aus gabe"], "--json", folder["ı.json"]];
            var start = new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, .. arguments]);
            (start.Environment["LC_ALL"], start.Environment["TZ"]) = (culture, zone);
            var run = ProgramRun.Of(start);
            Assert.AreEqual(ExitCode.Success, run.ExitCode, run.Error);
            return Durations().Replace(run.Output + run.Error + File.ReadAllText(folder["ı.json"]), "");
        }
    }

    [GeneratedRegex(@"\d+:\d\d:\d\d|(?<=""seconds"": )[\d.]+")]
    private static partial Regex Durations();

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
