using MLExtensions.Testing;

namespace MLExt.Tests;

[TestClass]
public sealed class OutputFileTests
{
    [TestMethod]
    public void AFileAppearsOnlyWhenItIsWhole()
    {
        using var folder = new TemporaryFolder();
        using var file = new OutputFile(folder["new", "deep", "x.txt"]);
        Assert.IsFalse(File.Exists(file.FullPath));
        file.Write(path => File.WriteAllText(path, "whole"));
        Assert.AreEqual("whole", File.ReadAllText(file.FullPath));
        Assert.AreEqual(1, Directory.GetFiles(folder["new", "deep"]).Length);
    }

    [TestMethod]
    public void AFailureLeavesTheOldFileAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["x.txt"], "old");
        using (var file = new OutputFile(folder["x.txt"]))
        {
            var e = Assert.ThrowsExactly<CommandException>(() => file.Write(path =>
            {
                File.WriteAllText(path, "half");
                throw new IOException("No space left on device");
            }));
            StringAssert.Contains(e.Message, "No space left on device");
        }

        Assert.AreEqual("old", File.ReadAllText(folder["x.txt"]));
        Assert.AreEqual(1, Directory.GetFiles(folder.Path).Length);
    }

    [TestMethod]
    public void AFaultIsSaidOfTheFileThatWasNamed()
    {
        using var folder = new TemporaryFolder();
        using var file = new OutputFile(folder["x.txt"]);
        var e = Assert.ThrowsExactly<CommandException>(() => file.Write(path => throw new UnauthorizedAccessException($"Access to the path '{path}' is denied.")));
        Assert.AreEqual($"'{folder["x.txt"]}' could not be written: Access to the path '{folder["x.txt"]}' is denied.", e.Message);
    }

    [TestMethod]
    public void WhereNoFileCanBeMadeTheFolderIsNamed()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var e = Assert.ThrowsExactly<CommandException>(() => new OutputFile("/proc/x.zip"));
        StringAssert.StartsWith(e.Message, "'/proc/x.zip' cannot be written: ");
        Assert.DoesNotContain(".x.zip.", e.Message);
    }

    [TestMethod]
    public void FoldersMadeForAFileThatWasNeverWrittenAreRemoved()
    {
        using var folder = new TemporaryFolder();
        new OutputFile(folder["a", "b", "x.txt"]).Dispose();
        Assert.AreEqual(0, Directory.GetFileSystemEntries(folder.Path).Length);
    }

    [TestMethod]
    public void APlaceThatCannotBeWrittenIsRefusedAtOnce()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "");
        var below = Assert.ThrowsExactly<CommandException>(() => new OutputFile(folder["file", "x.txt"]));
        StringAssert.Contains(below.Message, "cannot be written");
        Assert.DoesNotContain("x.txt.", below.Message, "the temporary file");
        Directory.CreateDirectory(folder["x.txt"]);
        var taken = Assert.ThrowsExactly<CommandException>(() => new OutputFile(folder["x.txt"]));
        StringAssert.Contains(taken.Message, "is a folder");
        File.WriteAllText(folder["rose.JPG"], "");
        StringAssert.Contains(Assert.ThrowsExactly<CommandException>(() => new OutputFile(folder["rose.JPG"])).Message, "it is an image, which nothing else is written over");
        new OutputFile(folder["rose.JPG"], isImage: true).Dispose();
    }
}
