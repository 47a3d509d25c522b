using MLExtensions.Testing;
using Samples.FewShotSymbols;

namespace MLExt.Tests.Documentation;

[TestClass]
public sealed class DrawnSymbolsTests
{
    [TestMethod]
    public void TheSameSeedsDrawTheSameSymbolsAndAnotherHandDrawsThemOtherwise()
    {
        using var folder = new TemporaryFolder();
        DrawnSymbols.Write(folder["a"], symbols: 3, perSymbol: 2, alphabet: 1, hand: 1);
        DrawnSymbols.Write(folder["b"], symbols: 3, perSymbol: 2, alphabet: 1, hand: 1);
        DrawnSymbols.Write(folder["c"], symbols: 3, perSymbol: 2, alphabet: 1, hand: 2);
        var files = Directory.GetFiles(folder["a"], "*.png", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder["a"], f)).ToArray();
        Assert.AreEqual(6, files.Length);
        foreach (var file in files)
        {
            CollectionAssert.AreEqual(File.ReadAllBytes(folder["a", file]), File.ReadAllBytes(folder["b", file]));
            CollectionAssert.AreNotEqual(File.ReadAllBytes(folder["a", file]), File.ReadAllBytes(folder["c", file]));
        }
    }
}
