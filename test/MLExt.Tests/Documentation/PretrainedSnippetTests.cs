using MLExtensions.Testing;
using Samples.FewShotSymbols;
using Samples.Snippets;

namespace MLExt.Tests.Documentation;

[TestClass]
public sealed class PretrainedSnippetTests
{
    [TestMethod]
    public void TheCodeOfTheGuideMakesAClassifierOfAFewFilesAndPredicts()
    {
        using var folder = new TemporaryFolder();
        DrawnSymbols.Write(folder["examples"], symbols: 4, perSymbol: 2, alphabet: 31, hand: 1);
        DrawnSymbols.Write(folder["others"], symbols: 4, perSymbol: 1, alphabet: 31, hand: 2);
        FewShotClassifiers.FromFiles(folder["examples"], folder["c.zip"]);
        foreach (var name in (string[])["symbol-01", "symbol-02", "symbol-03", "symbol-04"])
        {
            Assert.AreEqual(name, FewShotClassifiers.Predict(folder["c.zip"], folder["others", name, "0001.png"]));
        }
    }
}
