using System.IO.Compression;
using System.Text;
using MLExt.Data;
using MLExtensions.Testing;

namespace MLExt.Tests.Data;

[TestClass]
public sealed class ImageStoreTests
{
    private static readonly string[] Files =
    [
        "top/b/2.JPG", "top/b/10.png", "top/a/x.jpeg", "top/a/deep/y.bmp", "top/a/z.gif",
        "top/a/.hidden.png", "top/.git/c/1.png", "__MACOSX/top/a/._x.jpeg", "top/a/Thumbs.db", "top/readme.txt",
    ];

    private static readonly string[] Expected = ["top/a/deep/y.bmp", "top/a/x.jpeg", "top/a/z.gif", "top/b/10.png", "top/b/2.JPG"];

    [TestMethod]
    public void AFolderListsItsImagesInOrdinalOrderWithoutHiddenOnes()
    {
        using var folder = new TemporaryFolder();
        WriteFiles(folder.Path, Files);
        using var store = ImageStore.Open(folder.Path);
        CollectionAssert.AreEqual(Expected, store.Paths.ToArray());
        Assert.AreEqual(2, store.OtherFiles);
        Assert.AreEqual("top/a/x.jpeg", Encoding.UTF8.GetString(store.Read(1)));
    }

    [TestMethod]
    public void AZipListsTheSameAsTheFolderItWasMadeFrom()
    {
        using var folder = new TemporaryFolder();
        Zip(folder["d.zip"], Files);
        using var store = ImageStore.Open(folder["d.zip"]);
        CollectionAssert.AreEqual(Expected, store.Paths.ToArray());
        Assert.AreEqual(2, store.OtherFiles);
        Assert.AreEqual("d", store.Name);
        for (var i = 0; i < Expected.Length; i++)
        {
            Assert.AreEqual(Expected[i], Encoding.UTF8.GetString(store.Read(i)));
        }
    }

    [TestMethod]
    public void AZipCanBeReadFromManyThreads()
    {
        using var folder = new TemporaryFolder();
        var names = Enumerable.Range(0, 200).Select(i => $"c/{i:d3}.png").ToArray();
        Zip(folder["d.zip"], names);
        using var store = ImageStore.Open(folder["d.zip"]);
        Parallel.For(0, 200, i => Assert.AreEqual(names[i], Encoding.UTF8.GetString(store.Read(i))));
    }

    [TestMethod]
    public void ABackslashInTheNameOfAFolderIsALetterWhereItPartsNone()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder[@"a\b"]);
        File.WriteAllBytes(Path.Combine(folder[@"a\b"], "p.png"), [1, 2, 3]);
        using var store = ImageStore.Open(folder.Path);
        CollectionAssert.AreEqual((string[])[OperatingSystem.IsWindows() ? "a/b/p.png" : @"a\b/p.png"], store.Paths.ToArray());
        CollectionAssert.AreEqual((byte[])[1, 2, 3], store.Read(0));
    }

    [TestMethod]
    public void BackslashesInAZipAreFolders()
    {
        using var folder = new TemporaryFolder();
        Zip(folder["d.zip"], [@"top\a\1.png", @"top\b\1.png"]);
        using var store = ImageStore.Open(folder["d.zip"]);
        CollectionAssert.AreEqual(new[] { "top/a/1.png", "top/b/1.png" }, store.Paths.ToArray());
    }

    [TestMethod]
    [DataRow("../evil.png")]
    [DataRow("a/../../evil.png")]
    [DataRow("/etc/evil.png")]
    [DataRow(@"..\evil.png")]
    [DataRow("C:/evil.png")]
    public void AZipWhoseNamesLeadOutOfItIsRefused(string name)
    {
        using var folder = new TemporaryFolder();
        Zip(folder["d.zip"], ["a/1.png", name]);
        var e = Assert.ThrowsExactly<CommandException>(() => ImageStore.Open(folder["d.zip"]));
        StringAssert.Contains(e.Message, "leads out of the archive");
        StringAssert.Contains(e.Message, name);
    }

    [TestMethod]
    public void AnImageThatPromisesTooMuchIsRefusedBeforeItIsUnpacked()
    {
        using var folder = new TemporaryFolder();
        Zip(folder["d.zip"], ["a/1.png", "a/2.png"]);
        PatchLengths(folder["d.zip"], uint.MaxValue - 1);
        var e = Assert.ThrowsExactly<CommandException>(() => ImageStore.Open(folder["d.zip"]));
        StringAssert.Contains(e.Message, "an image may have");
    }

    [TestMethod]
    public void ADirectoryThatPromisesMoreThanDeflateCanIsRefused()
    {
        using var folder = new TemporaryFolder();
        Zip(folder["d.zip"], ["a/1.png", "a/2.png"]);
        PatchLengths(folder["d.zip"], (uint)ImageStore.LargestImage);
        var e = Assert.ThrowsExactly<CommandException>(() => ImageStore.Open(folder["d.zip"]));
        StringAssert.Contains(e.Message, "promises");
    }

    [TestMethod]
    public void AFileThatUnpacksToFewerBytesThanPromisedIsADamagedImage()
    {
        using var folder = new TemporaryFolder();
        Zip(folder["d.zip"], ["a/1.png", "a/2.png"]);
        PatchLengths(folder["d.zip"], 1000);
        using var store = ImageStore.Open(folder["d.zip"]);
        Assert.AreEqual(0, store.TryRead(0, out var fault).Length);
        StringAssert.StartsWith(fault, "the file cannot be read: the archive holds it damaged: ");
    }

    [TestMethod]
    [DataRow(CompressionLevel.NoCompression)]
    [DataRow(CompressionLevel.Optimal)]
    public void AFileWhoseChecksumIsAnotherOneIsADamagedImage(CompressionLevel level)
    {
        using var folder = new TemporaryFolder();
        using (var archive = ZipFile.Open(folder["d.zip"], ZipArchiveMode.Create))
        {
            using var stream = archive.CreateEntry("a/1.png", level).Open();
            stream.Write("some bytes of a picture"u8);
        }

        PatchDirectory(folder["d.zip"], at: 16, 0xBAD);
        using var store = ImageStore.Open(folder["d.zip"]);
        Assert.AreEqual(0, store.TryRead(0, out var fault).Length);
        Assert.AreEqual("the file cannot be read: the archive holds it damaged: its checksum is another one", fault);
    }

    [TestMethod]
    public void AFileThatIsNoZipIsRefused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["d.zip"], "this is text");
        var e = Assert.ThrowsExactly<CommandException>(() => ImageStore.Open(folder["d.zip"]));
        StringAssert.Contains(e.Message, "neither a folder nor a readable zip file");
    }

    [TestMethod]
    public void ADataSetWithoutImagesSaysWhatWasExpected()
    {
        using var folder = new TemporaryFolder();
        WriteFiles(folder["data"], ["a/1.txt", "b/2.txt"]);
        var e = Assert.ThrowsExactly<CommandException>(() => ImageStore.Open(folder["data"]));
        StringAssert.Contains(e.Message, "holds no image");
        StringAssert.Contains(e.Message, "2 other files");
    }

    [TestMethod]
    public void ALinkBackUpIsNotFollowedForEver()
    {
        using var folder = new TemporaryFolder();
        WriteFiles(folder["data"], ["a/1.png"]);
        Directory.CreateSymbolicLink(folder["data", "a", "up"], folder["data"]);
        using var store = ImageStore.Open(folder["data"]);
        Assert.AreEqual(1, store.Paths.Count(p => p == "a/1.png"));
        Assert.IsLessThanOrEqualTo(2, store.Paths.Count);
    }

    private static void WriteFiles(string folder, string[] names)
    {
        foreach (var name in names)
        {
            var file = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, name);
        }
    }

    private static void Zip(string file, string[] names)
    {
        using var archive = ZipFile.Open(file, ZipArchiveMode.Create);
        foreach (var name in names)
        {
            using var stream = archive.CreateEntry(name).Open();
            stream.Write(Encoding.UTF8.GetBytes(name));
        }
    }

    /// <summary>Makes every entry of the archive's directory promise a length.</summary>
    private static void PatchLengths(string file, uint length) => PatchDirectory(file, at: 24, length);

    private static void PatchDirectory(string file, int at, uint value)
    {
        var bytes = File.ReadAllBytes(file);
        ReadOnlySpan<byte> mark = [0x50, 0x4b, 0x01, 0x02];
        for (var entry = bytes.AsSpan().IndexOf(mark); entry >= 0;)
        {
            BitConverter.TryWriteBytes(bytes.AsSpan(entry + at), value);
            var next = bytes.AsSpan(entry + 4).IndexOf(mark);
            entry = next < 0 ? -1 : entry + 4 + next;
        }

        File.WriteAllBytes(file, bytes);
    }
}
