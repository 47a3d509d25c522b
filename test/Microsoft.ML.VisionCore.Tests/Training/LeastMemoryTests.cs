using Microsoft.ML.VisionCore.Training;

namespace Microsoft.ML.VisionCore.Tests.Training;

[TestClass]
public sealed class LeastMemoryTests
{
    [TestMethod]
    public void WhatIsTooLargeIsRefusedWithTheEstimate()
    {
        var memory = new LeastMemory(WeightBytes: 25e9, BatchBytes: 1100e9, "Fewer need less.");
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => memory.Check(available: 16e9, "a batch of 8 images"));
        Assert.AreEqual("Training needs at least 1,125 GB of memory, 25 for the weights and 1,100 for a batch of 8 images; the machine has 16 GB. Fewer need less.", error.Message);
        memory.Check(available: 900e9, "a batch of 8 images"); // in a container .NET is told of three quarters
    }
}
