using System.Diagnostics;
using MLExt.Tests.FewShot;
using MLExtensions.Testing;
using Samples.FewShotSymbols;

namespace MLExt.Tests;

/// <summary>A disk that has no room for a new model: the old one survives, the message names the file, and nothing half-written is left.</summary>
[TestClass]
public sealed class DiskFullTests
{
    // Room for the old model and the beginning of the new one: a page of memory each.
    private const string Size = "8k";

    [TestMethod]
    public void AModelThatHasNoRoomIsNamedAndTheOldOneSurvives()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["data"], perClass: 4);
        Fails(folder, "model.zip", "image-classification", "--dataset", folder["data"], "--epochs", "1", "--image-size", "16", "--output", folder["disk"]);
    }

    [TestMethod]
    public void AGeneratedClassifierThatHasNoRoomIsNamedAndTheOldOneSurvives()
    {
        using var folder = new TemporaryFolder();
        DrawnSymbols.Write(folder["support"], symbols: 3, perSymbol: 2, alphabet: 16, hand: 1);
        Fails(folder, "classifier.zip", "few-shot", "adapt", "--model", TrainedGenerator.ModelFile, "--support", folder["support"], "--output", folder["disk", "classifier.zip"]);
    }

    [TestMethod]
    public void AModelIsNotBlamedForAFolderOfTemporaryFilesWithoutRoom()
    {
        using var folder = new TemporaryFolder();
        var disk = Directory.CreateDirectory(folder["disk"]).FullName;
        var image = Directory.GetFiles(TrainedModel.TestFolder, "0001.png", SearchOption.AllDirectories)[0];
        var run = WithDisk(disk, $"TMPDIR='{disk}' dotnet '{Path.Combine(AppContext.BaseDirectory, "mlext.dll")}' predict --model '{TrainedModel.ModelFile}' '{image}'; echo \"ends with $?\"");
        StringAssert.EndsWith(run.Output, $"ends with {ExitCode.Failure}\n");
        StringAssert.Contains(run.Error, "cannot be loaded: ML.NET needs a file in the folder for temporary files. No space left on device");
        Assert.DoesNotContain("damaged", run.Error);
    }

    private static void Fails(TemporaryFolder folder, string file, params string[] arguments)
    {
        var disk = Directory.CreateDirectory(folder["disk"]).FullName;
        var tool = string.Join(' ', arguments.Prepend(Path.Combine(AppContext.BaseDirectory, "mlext.dll")).Select(argument => $"'{argument}'"));
        var (_, output, error) = WithDisk(disk, $"printf old > '{disk}/{file}' && {{ dotnet {tool}; echo \"ends with $?\"; ls -A '{disk}'; cat '{disk}/{file}'; }}");
        StringAssert.Contains(error, $"mlext: '{disk}/{file}' could not be written: No space left on device");
        StringAssert.EndsWith(output, $"ends with {ExitCode.Failure}\n{file}\nold");
    }

    private static ProgramRun WithDisk(string folder, string script)
    {
        var mount = $"mount -t tmpfs -o size={Size} none '{folder}'";
        if (!OperatingSystem.IsLinux() || OnOwnDisks(mount) is not { ExitCode: 0 })
        {
            Assert.Inconclusive("No disk can be made that is full: this user may not mount any, not even for a process of its own.");
        }

        var run = OnOwnDisks($"{mount} && {{ {script}; }}");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        return run;
    }

    // What is mounted is seen by nobody else, and goes with the process.
    private static ProgramRun OnOwnDisks(string script)
    {
        try
        {
            return ProgramRun.Of(new ProcessStartInfo("unshare", ["--user", "--map-root-user", "--mount", "sh", "-c", script]));
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return new ProgramRun(-1, "", e.Message);
        }
    }
}
