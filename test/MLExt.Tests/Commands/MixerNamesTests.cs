using System.CommandLine;
using Microsoft.ML.TTT;
using MLExt.Commands;

namespace MLExt.Tests.Commands;

[TestClass]
public sealed class MixerNamesTests
{
    [TestMethod]
    public void EveryMixerHasANameThatIsUnderstood()
    {
        var option = new Option<TokenMixer?>("--token-mixer") { CustomParser = MixerNames.Parse };
        var command = new RootCommand { option };
        foreach (var mixer in Enum.GetValues<TokenMixer>())
        {
            StringAssert.Contains(MixerNames.Listed, MixerNames.Of(mixer));
            Assert.AreEqual(mixer, command.Parse(["--token-mixer", MixerNames.Of(mixer)]).GetValue(option));
            Assert.AreEqual(mixer, command.Parse(["--token-mixer", mixer.ToString()]).GetValue(option));
        }
    }
}
