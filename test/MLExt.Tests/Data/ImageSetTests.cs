using Microsoft.ML;
using Microsoft.ML.Data;
using MLExt.Data;
using MLExtensions.Testing;

namespace MLExt.Tests.Data;

[TestClass]
public sealed class ImageSetTests
{
    [TestMethod]
    public void ASplitHoldsAShareOfEveryClassBackAndLosesNothing()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder.Path, perClass: 20);
        using var store = ImageStore.Open(folder.Path);
        var all = ImageSet.Of(store);
        var (kept, held) = all.Split(0.1, seed: 3);
        Assert.AreEqual(6, held.Count);
        CollectionAssert.AreEqual(all.Classes.ToArray(), held.Classes.ToArray());
        CollectionAssert.AreEquivalent(Paths(all), (string[])[.. Paths(kept), .. Paths(held)]);
        CollectionAssert.AreEqual(Paths(held), Paths(all.Split(0.1, seed: 3).Held));
        CollectionAssert.AreNotEqual(Paths(held), Paths(all.Split(0.1, seed: 4).Held));
    }

    [TestMethod]
    [DataRow(1, 0)]
    [DataRow(2, 3)]
    public void ASplitLeavesEveryClassAnImage(int perClass, int held)
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder.Path, perClass);
        using var store = ImageStore.Open(folder.Path);
        var split = ImageSet.Of(store).Split(0.9, seed: 0);
        Assert.AreEqual(held, split.Held.Count);
        Assert.AreEqual(3, split.Kept.Classes.Count);
    }

    [TestMethod]
    public void OfEveryImageNoMoreThan200BytesAreHeld()
    {
        const int classes = 10, perClass = 1_000, most = 200;
        using var folder = new TemporaryFolder();
        foreach (var image in Enumerable.Range(0, classes * perClass))
        {
            var of = Directory.CreateDirectory(folder[$"class-{image % classes:D2}"]);
            File.WriteAllBytes(Path.Combine(of.FullName, $"image-{image:D7}.png"), [1]);
        }

        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var store = ImageStore.Open(folder.Path);
        var (kept, held) = ImageSet.Of(store).Split(0.1, seed: 1);
        var data = kept.ToDataView(new MLContext(1));
        for (var image = 0; image < kept.Count; image++)
        {
            Assert.HasCount(1, kept.Read(image));
        }

        Assert.IsLessThan(most, (GC.GetTotalMemory(forceFullCollection: true) - before) / (classes * perClass));
        Assert.AreEqual(classes * perClass, data.GetRowCount() + held.Count);
    }

    [TestMethod]
    public void APassOverTheLabelsReadsNoImage()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder.Path, perClass: 2);
        using var store = ImageStore.Open(folder.Path);
        var read = 0;
        var context = new MLContext();
        var view = ImageSet.Of(store).ToDataView(context, () => read++);
        context.Transforms.Conversion.MapValueToKey(Columns.Label).Fit(view);
        Assert.AreEqual(0, read);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Byte), view.Schema[Columns.Image].Type);
        Assert.AreEqual(6, view.GetColumn<byte[]>(Columns.Image).Count(bytes => bytes.Length > 0));
        Assert.AreEqual(6, read);
    }

    private static string[] Paths(ImageSet set) => [.. Enumerable.Range(0, set.Count).Select(set.Path)];
}
