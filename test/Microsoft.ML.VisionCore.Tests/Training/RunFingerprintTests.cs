using System.Globalization;
using Microsoft.ML.VisionCore.Training;
using MLExtensions.Testing;

namespace Microsoft.ML.VisionCore.Tests.Training;

[TestClass]
public sealed class RunFingerprintTests
{
    // A checkpoint would else be refused as another training's where the language of the system is another one.
    [TestMethod]
    [DataRow("de-DE")]
    [DataRow("tr-TR")]
    [DataRow("ar-SA")]
    public void ItIsTheSameInEveryLanguage(string language)
    {
        Languages.Require();
        var loop = new TrainingSettings { EmaDecay = 0.9995, WarmUpFraction = 0.125, Epochs = 3 };
        var expected = Of(loop, "");
        CollectionAssert.AreEquivalent(expected.ToArray(), Of(loop, language).ToArray());
        Assert.AreEqual("0.25", expected["number"]);
        StringAssert.Contains(expected["record"], "0.5");
    }

    private static IReadOnlyDictionary<string, string> Of(TrainingSettings loop, string language)
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(language);
            return RunFingerprint.Of(loop, ("number", 0.25), ("record", new Pair(0.5, -1)), ("none", null));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private sealed record Pair(double First, int Second);
}
