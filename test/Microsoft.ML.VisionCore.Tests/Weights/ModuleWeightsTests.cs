using Microsoft.ML.VisionCore.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Tests.Weights;

[TestClass]
public sealed class ModuleWeightsTests
{
    [TestMethod]
    public void EveryDifferenceIsReportedAtOnce()
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, [("weight", ones(2, 3)), ("spare", ones(1)), ("bias", ones(2, dtype: float64))]);
        stream.Position = 0;
        var reader = SafetensorsReader.Open(stream, stream.Length);

        var error = Assert.ThrowsExactly<FormatException>(() =>
            ModuleWeights.Load([("bias", zeros(2)), ("gain", zeros(2)), ("weight", zeros(3, 2))], reader));

        Assert.AreEqual("The weights file does not fit the model: 'bias' is Float64 [2], expected Float32 [2]; 'gain' is missing; "
            + "'weight' is Float32 [2, 3], expected Float32 [3, 2]; 'spare' is not a weight of this model.", error.Message);
    }

    [TestMethod]
    public void AModuleTakesBackItsOwnWeights()
    {
        using var original = nn.Linear(3, 2);
        using var copy = nn.Linear(3, 2);
        using var stream = new MemoryStream();
        ModuleWeights.Save(original, stream);
        stream.Position = 0;
        ModuleWeights.Load(copy, stream, stream.Length);

        foreach (var (mine, theirs) in ModuleWeights.Of(copy).Zip(ModuleWeights.Of(original)))
        {
            Assert.AreEqual(theirs.Name, mine.Name);
            CollectionAssert.AreEqual(theirs.Value.data<float>().ToArray(), mine.Value.data<float>().ToArray());
        }
    }
}
