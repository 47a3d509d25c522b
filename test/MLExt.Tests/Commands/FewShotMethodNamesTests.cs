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
        var option = new Option<(FewShotMethod[] Methods, string[] Models)?>("--baseline") { CustomParser = FewShotMethodNames.ParseBaselines, Arity = ArgumentArity.OneOrMore };
        var command = new RootCommand { option };
        var parsed = command.Parse(["--baseline", "soft-k-means", "--baseline", "protonet", "--baseline", "symbols", "--baseline", "soft-k-means"]).GetValue(option)!.Value;
        CollectionAssert.AreEqual((FewShotMethod[])[FewShotMethod.SoftKMeans, FewShotMethod.PrototypicalNetwork], parsed.Methods);
        CollectionAssert.AreEqual((string[])["symbols"], parsed.Models);
        StringAssert.Contains(command.Parse(["--baseline", "lstm"]).Errors.Single().Message, "give the file of a model that 'mlext few-shot train --method lstm-meta-learner' has made");
        StringAssert.Contains(command.Parse(["--baseline", "prototipical"]).Errors.Single().Message, "or a model file; it is 'prototipical'");
        Assert.DoesNotContain("hyper-transformer", FewShotMethodNames.Baselines);
        Assert.DoesNotContain("maml", FewShotMethodNames.Baselines, "It has weights of its own.");
    }
}
