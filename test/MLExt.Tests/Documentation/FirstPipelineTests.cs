using MLExtensions.Testing;
using Samples.Snippets;

namespace MLExt.Tests.Documentation;

[TestClass]
public sealed class FirstPipelineTests
{
    [TestMethod]
    public void TheFirstPipelineOfTheReadmeTrainsSavesAndPredicts()
    {
        using var folder = new TemporaryFolder();
        var images = TinyImages.WriteFolder(folder["images"], perClass: 20);
        var metrics = FirstPipeline.Train(folder["images"], folder["model.zip"]);
        Assert.AreEqual(3, metrics.ConfusionMatrix.NumberOfClasses);
        CollectionAssert.Contains(TinyImages.ClassNames.ToArray(), FirstPipeline.Predict(folder["model.zip"], images[0]));
    }
}
