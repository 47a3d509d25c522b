using MLExtensions.Testing;
using Samples;

namespace MLExt.Tests.Documentation;

[TestClass]
public sealed class DrawnShapesTests
{
    [TestMethod]
    public void TheSameSeedDrawsTheSameImagesAndAnotherSeedOthers()
    {
        using var folder = new TemporaryFolder();
        DrawnShapes.Write(folder["a"], perKind: 2, seed: 1);
        DrawnShapes.Write(folder["b"], perKind: 2, seed: 1);
        DrawnShapes.Write(folder["c"], perKind: 2, seed: 2);
        var files = Directory.GetFiles(folder["a"], "*.png", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder["a"], f)).ToArray();
        Assert.AreEqual(16, files.Length);
        foreach (var file in files)
        {
            CollectionAssert.AreEqual(File.ReadAllBytes(folder["a", file]), File.ReadAllBytes(folder["b", file]));
            CollectionAssert.AreNotEqual(File.ReadAllBytes(folder["a", file]), File.ReadAllBytes(folder["c", file]));
        }
    }
}
