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
        const int few = 1_000, many = 11_000, most = 200;
        using var folder = new TemporaryFolder();
        WriteEmptyImages(folder["few"], few);
        WriteEmptyImages(folder["many"], many);
        Held(folder["few"]); // What is made once, by whoever is first, is no image's.
        Assert.IsLessThan(most, (Held(folder["many"]) - Held(folder["few"])) / (many - few));

        static long Held(string path)
        {
            var before = Settled();
            using var store = ImageStore.Open(path);
            var (kept, held) = ImageSet.Of(store).Split(0.1, seed: 1);
            var data = kept.ToDataView(new MLContext(1));
            for (var image = 0; image < kept.Count; image++)
            {
                Assert.HasCount(1, kept.Read(image));
            }

            var bytes = Settled() - before;
            Assert.AreEqual(store.Paths.Count, data.GetRowCount() + held.Count);
            return bytes;
        }

        // Until nothing more is freed: one collection leaves what waits for its finalizer, and what only that held.
        static long Settled()
        {
            for (var collection = 0; collection < 3; collection++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            return GC.GetTotalMemory(forceFullCollection: false);
        }
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

    private static void WriteEmptyImages(string path, int count)
    {
        const int classes = 10;
        for (var image = 0; image < count; image++)
        {
            var of = Directory.CreateDirectory(Path.Combine(path, $"class-{image % classes:D2}"));
            File.WriteAllBytes(Path.Combine(of.FullName, $"image-{image:D7}.png"), [1]);
        }
    }

    private static string[] Paths(ImageSet set) => [.. Enumerable.Range(0, set.Count).Select(set.Path)];
}
