using Microsoft.ML.TTT;
using MLExt.Commands;

namespace MLExt.Tests.Commands;

[TestClass]
public sealed class MixerNamesTests
{
    [TestMethod]
    public void EveryMixerHasANameOfItsOwn()
    {
        var names = Enum.GetValues<TokenMixer>().Select(MixerNames.Of).ToArray();
        CollectionAssert.AllItemsAreUnique(names);
        foreach (var name in names)
        {
            StringAssert.Matches(name, new System.Text.RegularExpressions.Regex("^[a-z0-9]+(-[a-z0-9]+)*$"));
            StringAssert.Contains(MixerNames.Listed, name);
        }
    }
}
