using MLExtensions.Testing;

namespace Microsoft.ML.FewShot.Tests;

[TestClass]
public class PublicApiTests
{
    [TestMethod]
    public void ThePublicMembersAreTheApprovedOnes()
    {
        var approved = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "PublicApi.approved.txt")).ReplaceLineEndings("\n");
        Assert.AreEqual(approved, PublicApi.Describe(typeof(FewShotHyperTransformer).Assembly));
    }
}
