using MLExt.Data;
using MLExtensions.Testing;

namespace MLExt.Tests.Data;

[TestClass]
public sealed class SupportSetTests
{
    [TestMethod]
    [DataRow("unlabeled")]
    [DataRow("_unlabeled")]
    [DataRow("Unlabelled")]
    [DataRow("_unlabelled")]
    public void ImagesInAFolderForUnlabelledOnesHaveNoLabel(string name)
    {
        using var folder = new TemporaryFolder();
        var set = SupportOf(folder, ["set/alpha/1.png", "set/beta/1.png", $"{name}/1.png", $"set/{name}/2.png"]);
        CollectionAssert.AreEqual((string[])["alpha", "beta"], set.Classes.ToArray());
        CollectionAssert.AreEquivalent((string[])["alpha", "beta", "", ""], Labels(set));
    }

    [TestMethod]
    public void AClassBelowAFolderForUnlabelledOnesIsAClass()
    {
        using var folder = new TemporaryFolder();
        var set = SupportOf(folder, ["unlabeled/alpha/1.png", "unlabeled/beta/1.png"]);
        CollectionAssert.AreEqual((string[])["alpha", "beta"], Labels(set));
    }

    [TestMethod]
    public void ASupportSetWithoutALabelledImageIsRefused()
    {
        using var folder = new TemporaryFolder();
        var e = Assert.ThrowsExactly<CommandException>(() => SupportOf(folder, ["unlabeled/1.png", "unlabeled/2.png"]));
        StringAssert.Contains(e.Message, "Every image");
        StringAssert.Contains(e.Message, folder.Path);
    }

    private static ImageSet SupportOf(TemporaryFolder folder, string[] paths)
    {
        Write(folder, paths);
        using var store = ImageStore.Open(folder.Path);
        return ImageSet.OfSupport(store);
    }

    private static void Write(TemporaryFolder folder, string[] paths)
    {
        foreach (var path in paths)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[path])!);
            File.WriteAllBytes(folder[path], [1, 2, 3]);
        }
    }

    private static string[] Labels(ImageSet set) => [.. Enumerable.Range(0, set.Count).Select(set.Label)];
}
