using System.Diagnostics;
using System.Globalization;
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
        "top/a/.hidden.png", "top/.git/c/1.png", "__MACOSX/top/a/._x.jpeg", "top/a/@eaDir/x.jpeg", "$RECYCLE.BIN/c/1.png", "top/a/Thumbs.db", "top/readme.txt",
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
        StringAssert.StartsWith(fault, "the file cannot be read: in the archive, ");
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
        Assert.AreEqual("the file cannot be read: in the archive, its checksum is another one", fault);
    }

    [TestMethod]
    public void AFileThatIsPackedInAnotherWayIsNotCalledDamaged()
    {
        const uint Lzma = 14u << 16;
        using var folder = new TemporaryFolder();
        Zip(folder["d.zip"], ["a/1.png", "a/2.png"]);
        PatchDirectory(folder["d.zip"], at: 8, Lzma);
        using var store = ImageStore.Open(folder["d.zip"]);
        Assert.AreEqual(0, store.TryRead(0, out var fault).Length);
        StringAssert.StartsWith(fault, "the file cannot be read: in the archive, it cannot be unpacked: ");
        StringAssert.Contains(fault, "LZMA");
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void AFolderThatIsPassedOverForItsDotIsNamedWhereItHasImages(bool isZip)
    {
        using var folder = new TemporaryFolder();
        string[] files = [".net/1.png", "java/1.png", "java/.more/1.png", ".git/config", "__MACOSX/java/._1.png", "java/._1.png", ".cache/.hidden.png"];
        if (isZip)
        {
            Zip(folder["data"], files);
        }
        else
        {
            WriteFiles(folder["data"], files);
        }

        using var store = ImageStore.Open(folder["data"]);
        CollectionAssert.AreEqual((string[])["java/1.png"], store.Paths.ToArray());
        CollectionAssert.AreEqual((string[])[".net", "java/.more"], store.DottedFolders.ToArray());
        StringAssert.Contains(string.Join('\n', OtherFiles.Warnings(store)), "The folder '.net' is passed over with the images in it: its name begins with a dot.");
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void APipeIsNoImageAndIsNotWaitedFor()
    {
        using var folder = new TemporaryFolder();
        WriteFiles(folder["data"], ["a/1.png"]);
        MakePipe(folder["data", "a", "2.png"]);
        using var store = ImageStore.Open(folder["data"]);
        Assert.HasCount(2, store.Paths);
        Assert.AreEqual(0, store.TryRead(1, out var fault).Length);
        StringAssert.Contains(fault, "is no regular file, but a pipe or the like");
        var refused = Assert.ThrowsExactly<CommandException>(() => ImageStore.Open(folder["data", "a", "2.png"]));
        StringAssert.Contains(refused.Message, "is no regular file");
    }

    private static void MakePipe(string path)
    {
        using var process = System.Diagnostics.Process.Start("mkfifo", [path]);
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode);
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
        CollectionAssert.AreEqual((string[])["a/1.png"], store.Paths.ToArray());
    }

    [TestMethod]
    public void EveryFileIsThereOnceUnderItsOwnNameWhateverLinksSay()
    {
        using var folder = new TemporaryFolder();
        WriteFiles(folder["data"], ["real/1.png", "real/2.png", "z/3.png"]);
        WriteFiles(folder["elsewhere"], ["4.png"]);
        Directory.CreateSymbolicLink(folder["alias"], folder["data"]);
        Directory.CreateSymbolicLink(folder["data", "a"], folder["data", "real"]);                  // before the folder's own name
        Directory.CreateSymbolicLink(folder["data", "z", "b"], folder["alias", "real"]);            // by a way that leads through a link
        Directory.CreateSymbolicLink(folder["data", "other"], folder["elsewhere"]);
        File.CreateSymbolicLink(folder["data", "z", "0.png"], folder["data", "real", "1.png"]);
        File.CreateSymbolicLink(folder["data", "z", "nowhere.png"], folder["nothing.png"]);
        File.CreateSymbolicLink(folder["data", "z", "nothing.png"], folder["data", "real", "nothing.png"]);
        File.WriteAllText(folder["data", "real", ".hidden.png"], "hidden");
        File.CreateSymbolicLink(folder["data", "z", "shown.png"], folder["data", "real", ".hidden.png"]);
        WriteFiles(folder["apart"], ["5.png"]);
        File.CreateSymbolicLink(folder["data", "z", "5.png"], folder["apart", "5.png"]);
        File.CreateSymbolicLink(folder["data", "z", "6.png"], folder["apart", "5.png"]);
        Directory.CreateSymbolicLink(folder["data", "z", "apart"], folder["apart"]);                // whose file is there already
        foreach (var way in (string[])[folder["data"], folder["alias"]])
        {
            using var store = ImageStore.Open(way);
            CollectionAssert.AreEqual((string[])["other/4.png", "real/1.png", "real/2.png", "z/3.png", "z/5.png", "z/nothing.png", "z/nowhere.png", "z/shown.png"], store.Paths.ToArray(), way);
            Assert.AreEqual("4.png", Encoding.UTF8.GetString(store.Read(0)));
        }
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public void ALinkIsTheImageThatItLeadsToByWhateverWayAndName()
    {
        using var folder = new TemporaryFolder();
        WriteFiles(folder["data"], ["a/o.png", "blobs/h0", "blobs/h1"]);
        WriteFiles(folder["elsewhere"], ["o.png", "below/p.png"]);
        File.CreateSymbolicLink(folder["data", "a", "0.png"], "../blobs/h0");                       // whose own name is no image's
        File.CreateSymbolicLink(folder["data", "a", "1.png"], "../blobs/h0");
        File.CreateSymbolicLink(folder["data", "a", "h1"], "../blobs/h1");
        Directory.CreateSymbolicLink(folder["data", "a", ".way"], folder["elsewhere", "below"]);
        File.CreateSymbolicLink(folder["data", "a", "2.png"], ".way/../o.png");                     // beside what the link leads to, not beside the link
        File.CreateSymbolicLink(folder["data", "a", "3.png"], folder["elsewhere", "o.png"]);
        File.CreateSymbolicLink(folder["data", "a", "ring.png"], "ring.png");
        using var store = ImageStore.Open(folder["data"]);
        CollectionAssert.AreEqual((string[])["a/0.png", "a/2.png", "a/o.png", "a/ring.png"], store.Paths.ToArray());
        CollectionAssert.AreEqual((string[])["blobs/h0", "blobs/h1"], store.OtherPaths.ToArray());
        Assert.AreEqual("blobs/h0", Encoding.UTF8.GetString(store.Read(0)));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void NamesThatAreNoTextAreCounted()
    {
        using var folder = new TemporaryFolder();
        WriteFiles(folder["data"], ["a/1.png"]);
        Bash("mkdir -p \"$0\"/$'\\252\\256\\342' && touch \"$0\"/a/$'\\240.png'", folder["data"]);
        using var store = ImageStore.Open(folder["data"]);
        Bash("rm -r \"$0\"", folder["data"]); // which .NET cannot
        CollectionAssert.AreEqual((string[])["a/1.png"], store.Paths.ToArray());
        Assert.AreEqual(2, store.UnreadableNames);
        Assert.StartsWith("2 files or folders are left out, whose names are not UTF-8", OtherFiles.Warnings(store).Single());
    }

    [TestMethod]
    public void NamesInACodePageAreReadAndToldAndNoneIsLost()
    {
        Languages.Require();
        using var folder = new TemporaryFolder();
        string[] names = ["\u043a\u043e\u0442/\u0430.png", "\u043a\u043e\u0442/\u0431.png", "\u043f\u0451\u0441/\u0430.png"];
        Zip(folder["d.zip"], names, CodePagesEncodingProvider.Instance.GetEncoding(866));
        var culture = CultureInfo.CurrentUICulture;
        foreach (var (name, page) in new[] { ("ru-RU", 866), ("", 437) })
        {
            try
            {
                CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(name);
                using var store = ImageStore.Open(folder["d.zip"]);
                Assert.AreEqual(page, store.CodePage);
                Assert.AreEqual($"The names in 'd.zip' are not UTF-8; they are read in code page {page}.", OtherFiles.Warnings(store).Single());
                Assert.HasCount(3, store.Paths);
                Assert.AreEqual(2, store.Paths.Select(path => path.Split('/')[0]).Distinct().Count());
                CollectionAssert.AreEquivalent(names, Enumerable.Range(0, 3).Select(image => Encoding.UTF8.GetString(store.Read(image))).ToArray());
                if (page == 866)
                {
                    CollectionAssert.AreEquivalent(names, store.Paths.ToArray());
                }
            }
            finally
            {
                CultureInfo.CurrentUICulture = culture;
            }
        }
    }

    [TestMethod]
    public void OddNamesInAZipAreUsedAndTwoOfOneNameRefused()
    {
        using var folder = new TemporaryFolder();
        Zip(folder["odd.zip"], ["./red/i0.png", "red//i1.png", "red/./at 12:30.png"]);
        using (var store = ImageStore.Open(folder["odd.zip"]))
        {
            CollectionAssert.AreEqual((string[])["red/at 12:30.png", "red/i0.png", "red/i1.png"], store.Paths.ToArray());
        }

        Zip(folder["two.zip"], ["red/1.png", "./red/1.png"]);
        StringAssert.Contains(Assert.ThrowsExactly<CommandException>(() => ImageStore.Open(folder["two.zip"])).Message, "two of its entries are called 'red/1.png'");
    }

    private static void Bash(string command, string argument)
    {
        using var shell = Process.Start("bash", ["-c", command, argument]);
        shell.WaitForExit();
        Assert.AreEqual(0, shell.ExitCode);
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

    private static void Zip(string file, string[] names, Encoding? encoding = null)
    {
        using var archive = ZipFile.Open(file, ZipArchiveMode.Create, encoding);
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
