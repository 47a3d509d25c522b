using MLExt.Data;
using MLExtensions.Testing;

namespace MLExt.Tests.Data;

[TestClass]
public sealed class ClassNamesTests
{
    [TestMethod]
    [DataRow("cat/1.png dog/1.png", "cat dog")]
    [DataRow("train/cat/1.png train/dog/1.png", "cat dog")]
    [DataRow("images/Greek/alpha/1.png images/Greek/beta/1.png images/Latin/a/1.png", "Greek/alpha Greek/beta Latin/a")]
    [DataRow("pets/1.png pets/cat/1.png", "pets pets/cat")]
    [DataRow("a/1.png a/b/c/1.png d/1.png", "a a/b/c d")]
    [DataRow("top/only/1.png top/only/2.png", "only only")]
    [DataRow("1.png 2.png", "set set")]
    [DataRow("cat/1.png cats/1.png", "cat cats")]
    [DataRow("caf\u00e9/1.png cafe\u0301/2.png قطة/1.png", "caf\u00e9 caf\u00e9 قطة")]
    public void AClassIsNamedByItsPathBelowTheCommonRoot(string paths, string expected)
    {
        if (paths.Contains('\u0301')) Languages.Require();
        Assert.AreEqual(expected, string.Join(' ', ClassNames.Of(new FixedStore(paths.Split(' ')))));
    }

    [TestMethod]
    public void ImagesBesideTheClassFoldersAreRefused()
    {
        var e = Assert.ThrowsExactly<CommandException>(() => ClassNames.Of(new FixedStore(["cat/1.png", "dog/1.png", "stray.png"])));
        StringAssert.Contains(e.Message, "'stray.png'");
        StringAssert.Contains(e.Message, "beside the class folders");
    }

    [TestMethod]
    [DataRow("test/Greek/alpha/1.png test/Greek/beta/1.png", "Greek/alpha Greek/beta")]
    [DataRow("Greek/alpha/1.png", "Greek/alpha")]
    [DataRow("x/unknown/1.png x/other/1.png", "unknown other")]
    public void AModelsClassesDecideWhereTheRootOfAPartialDataSetIs(string paths, string expected) =>
        Assert.AreEqual(expected, string.Join(' ', ClassNames.Of(new FixedStore(paths.Split(' ')), new HashSet<string> { "Greek/alpha", "Greek/beta", "Latin/a" })));

    [TestMethod]
    [DataRow("caf\u00e9")]
    [DataRow("cafe\u0301")]
    public void AModelsClassKeepsTheFormThatItHas(string known)
    {
        Languages.Require();
        Assert.AreEqual($"{known} b", string.Join(' ', ClassNames.Of(new FixedStore(["cafe\u0301/1.png", "b/1.png"]), new HashSet<string> { known, "b" })));
    }

    private sealed class FixedStore : ImageStore
    {
        [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
        public FixedStore(string[] paths) => (Location, Name, Paths) = ("/set", "set", paths);

        public override byte[] Read(int index) => [];
    }
}
