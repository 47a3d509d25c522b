using System.Text;
using MLExt.Serve;

namespace MLExt.Tests.Serve;

[TestClass]
public sealed class SafeNameTests
{
    [TestMethod]
    [DataRow("flowers", "flowers")]
    [DataRow("../../etc/passwd", "_.._etc_passwd")]
    [DataRow("a\u0000b\r\nc:*?", "a_b__c___")]
    [DataRow("..", "model")]
    [DataRow(" ", "model")]
    [DataRow(null, "model")]
    public void ANameHasNothingThatLeadsElsewhere(string? name, string expected) => Assert.AreEqual(expected, SafeName.Of(name, "model"));

    [TestMethod]
    [DataRow("a")]
    [DataRow("\u00e9")]
    [DataRow("\u82b1")]
    [DataRow("\U0001F33B")]
    public void ALongNameIsCutWhereFileSystemsCanTakeItAndNoLetterInTwo(string letter)
    {
        var name = SafeName.Of(string.Concat(Enumerable.Repeat(letter, 300)), "model");
        Assert.AreEqual(200 / Encoding.UTF8.GetByteCount(letter) * letter.Length, name.Length);
        Assert.AreEqual("", name.Replace(letter, ""));
    }
}
