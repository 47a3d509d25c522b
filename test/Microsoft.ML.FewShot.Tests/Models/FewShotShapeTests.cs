using System.Text;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Persistence;

namespace Microsoft.ML.FewShot.Tests.Models;

[TestClass]
public class FewShotShapeTests
{
    [TestMethod]
    public void ShapeSurvivesJson()
    {
        var shape = FewShotShape.Paper(16) with { ImageSize = 84, Colors = 3, Normalization = FewShotNormalization.Query, MaxWays = 7 };
        Assert.AreEqual(shape, Read<FewShotShape>(ModelJson.ToText(shape)));
        var target = TargetShape.Of(shape, 5);
        Assert.AreEqual(target, Read<TargetShape>(ModelJson.ToText(target)));
        Assert.IsTrue(target.IsTransductive);
    }

    [TestMethod]
    public void ImpossibleShapesAreToldAllReasons()
    {
        var shape = new FewShotShape { ImageSize = 28, FeatureLength = 5, Colors = 2, Channels = 0, GeneratedLayers = 5, EncoderWidth = 7, MaxWays = 1, Normalization = (FewShotNormalization)9 };
        var exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => shape.Validate("shape"));
        string[] expected =
        [
            "Channels must be in [1, 4096]; it is 0.",
            "MaxWays must be in [2, 10000]; it is 1.",
            "Normalization has no such value.",
            "Either ImageSize or FeatureLength must be above 0, and not both; they are 28 and 5.",
            "Colors must be 1 or 3; it is 2.",
            "GeneratedLayers must be in [0, 4]; it is 5.",
            "EncoderWidth must be a multiple of EncoderHeads; 7 is no multiple of 2."
        ];
        Assert.AreEqual($"{string.Join(Environment.NewLine, expected)} (Parameter 'shape')", exception.Message);
    }

    [TestMethod]
    public void ImageThatPoolsAwayIsRefused()
    {
        var shape = new FewShotShape { ImageSize = 15, Poolings = 4 };
        CollectionAssert.AreEqual(new[] { "ImageSize 15 is too small for 4 convolutions with 4 poolings." }, shape.Violations().ToArray());
        Assert.IsEmpty((shape with { Poolings = 3 }).Violations());
    }

    [TestMethod]
    [DataRow("null", "is null.")]
    [DataRow("{\"Chanels\":1}", "'Chanels'")]
    [DataRow("{\"Channels\":null}", "$.Channels")]
    [DataRow("{\"Design\":\"1\"}", "$.Design")]
    [DataRow("[", "cannot be read")]
    public void DamagedJsonIsRefused(string json, string expected) =>
        StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => Read<FewShotShape>(json)).Message, expected);

    [TestMethod]
    public void AClassifiersShapeMustNameEverything() =>
        StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => Read<TargetShape>("{}")).Message, "'Classes'");

    [TestMethod]
    public void ColorsKeepTheNameThatFilesHave() => StringAssert.Contains(ModelJson.ToText(new FewShotShape()), "\"Colours\":1");

    [TestMethod]
    public void ClassifierOfNoClassesIsRefused() => CollectionAssert.AreEqual(
        new[] { "Classes must be in [1, 1000000]; it is 0." }, (TargetShape.Of(new FewShotShape(), 2) with { Classes = 0 }).Violations().ToArray());

    [TestMethod]
    public void VectorsHaveNoViews() => CollectionAssert.AreEqual(
        new[] { "QueryViews must be 0 for feature vectors and where IsTransductive; it is 2." },
        TargetShape.Of(new FewShotShape { ImageSize = 0, FeatureLength = 3 }, 2, queryViews: 2).Violations().ToArray());

    private static T Read<T>(string json)
        where T : class => ModelJson.Read<T>(new MemoryStream(Encoding.UTF8.GetBytes(json)), "model");
}
