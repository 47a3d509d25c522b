using System.CommandLine;
using Microsoft.ML.FewShot;
using MLExt.Commands.FewShot;

namespace MLExt.Tests.Commands;

[TestClass]
public sealed class FewShotMethodNamesTests
{
    [TestMethod]
    public void EveryMethodHasANameThatIsUnderstood()
    {
        var option = new Option<FewShotMethod?>("--method") { CustomParser = FewShotMethodNames.Parse };
        var command = new RootCommand { option };
        foreach (var method in Enum.GetValues<FewShotMethod>())
        {
            StringAssert.Contains(FewShotMethodNames.Listed, FewShotMethodNames.Of(method));
            Assert.AreEqual(method, command.Parse(["--method", FewShotMethodNames.Of(method)]).GetValue(option));
            Assert.AreEqual(method, command.Parse(["--method", method.ToString()]).GetValue(option));
            Assert.AreEqual(method, command.Parse(["--method", FewShotMethodNames.Of(method).Replace('-', '_')]).GetValue(option));
        }
    }

    [TestMethod]
    public void BaselinesMayBeGivenTogetherAndCountOnce()
    {
        var option = new Option<FewShotMethod[]?>("--baseline") { CustomParser = FewShotMethodNames.ParseBaselines };
        var command = new RootCommand { option };
        CollectionAssert.AreEqual((FewShotMethod[])[FewShotMethod.SoftKMeans, FewShotMethod.PrototypicalNetwork],
            command.Parse(["--baseline", "soft-k-means", "--baseline", "protonet", "--baseline", "soft-k-means"]).GetValue(option));
        Assert.DoesNotContain("hyper-transformer", FewShotMethodNames.Baselines);
        Assert.DoesNotContain("maml", FewShotMethodNames.Baselines, "It has weights of its own.");
    }
}
