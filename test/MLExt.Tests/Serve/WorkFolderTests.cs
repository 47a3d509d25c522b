using MLExt.Serve;

namespace MLExt.Tests.Serve;

[TestClass]
public sealed class WorkFolderTests
{
    [TestMethod]
    public void AFolderThatACrashLeftBehindIsDeletedAndOneInUseIsNot()
    {
        var (left, used) = (Old(), Old());
        using (new FileStream(Path.Combine(used, ".lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        using (new WorkFolder())
        {
            Assert.IsFalse(Directory.Exists(left));
            Assert.IsTrue(Directory.Exists(used));
        }

        Directory.Delete(used, recursive: true);

        static string Old()
        {
            var folder = Directory.CreateTempSubdirectory("mlext-serve-").FullName;
            File.WriteAllText(Path.Combine(folder, "upload.zip"), "");
            File.WriteAllText(Path.Combine(folder, ".lock"), "");
            File.SetLastWriteTimeUtc(Path.Combine(folder, ".lock"), DateTime.UtcNow.AddDays(-1));
            return folder;
        }
    }

    [TestMethod]
    public void AFileIsGoneWhenItIsClosed()
    {
        using var folder = new WorkFolder();
        using (var file = folder.MakeFile())
        {
            file.WriteByte(1);
            Assert.IsTrue(File.Exists(file.Name));
        }

        Assert.HasCount(1, Directory.GetFileSystemEntries(folder.Path), "the lock alone");
    }

    [TestMethod]
    public void NothingIsLeftOfAFolderAtItsEnd()
    {
        var folder = new WorkFolder();
        File.WriteAllText(Path.Combine(folder.Make(), "upload.zip"), "");
        folder.Dispose();
        Assert.IsFalse(Directory.Exists(folder.Path));
    }
}
