using MLExtensions.Testing;

namespace Microsoft.ML.TTT.Tests;

[TestClass]
public class PublicApiTests
{
    [TestMethod]
    public void ThePublicMembersAreTheApprovedOnes()
    {
        var approved = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "PublicApi.approved.txt")).ReplaceLineEndings("\n");
        Assert.AreEqual(approved, PublicApi.Describe(typeof(TTTImageClassificationTrainer).Assembly));
    }

    [TestMethod]
    public void TheSharedLibraryHasNothingPublicButTheExport() => Assert.AreEqual(
        "static class Microsoft.ML.OnnxExport\n    static Void ExportToOnnx(ModelOperationsCatalog catalog, ITransformer model, Stream stream)\n",
        PublicApi.Describe(typeof(OnnxExport).Assembly));
}
