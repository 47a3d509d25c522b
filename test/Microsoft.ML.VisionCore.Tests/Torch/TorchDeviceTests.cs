using Microsoft.ML.VisionCore.Torch;
using TorchSharp;

namespace Microsoft.ML.VisionCore.Tests.Torch;

[TestClass]
public class TorchDeviceTests
{
    private readonly List<string> _log = [];

    [TestMethod]
    public void NoGpuAskedForIsTheCpu()
    {
        Assert.AreEqual(DeviceType.CPU, TorchDevice.Resolve(null, fallbackToCpu: false, _log.Add).type);
        StringAssert.StartsWith(_log.Single(), "Using the CPU");
    }

    [TestMethod]
    public void MissingGpuIsAnErrorThatSaysWhatWasFound()
    {
        var exception = Assert.ThrowsExactly<InvalidOperationException>(() => TorchDevice.Resolve(999, fallbackToCpu: false, _log.Add));
        StringAssert.StartsWith(exception.Message, "GpuDeviceId is 999, but torch sees ");
        StringAssert.EndsWith(exception.Message, "Set FallbackToCpu to use the CPU instead, or leave GpuDeviceId unset.");
        Assert.IsEmpty(_log);
    }

    [TestMethod]
    public void MissingGpuFallsBackToTheCpuAndSaysSo()
    {
        Assert.AreEqual(DeviceType.CPU, TorchDevice.Resolve(999, fallbackToCpu: true, _log.Add).type);
        StringAssert.Contains(_log.Single(), "because FallbackToCpu is set");
    }
}
