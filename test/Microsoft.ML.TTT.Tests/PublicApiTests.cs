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
    public void TheSharedLibraryHasNoPublicTypes() => Assert.AreEqual("", PublicApi.Describe(typeof(VisionCore.Images.ImageColumn).Assembly));
}
