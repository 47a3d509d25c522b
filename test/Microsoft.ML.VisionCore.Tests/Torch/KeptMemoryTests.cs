using System.Runtime.InteropServices;
using Microsoft.ML.VisionCore.Torch;
using TorchSharp;

namespace Microsoft.ML.VisionCore.Tests.Torch;

[TestClass]
[DoNotParallelize]
public partial class KeptMemoryTests
{
    private const long Size = 48L << 20;

    [TestMethod]
    public void ALargeTensorIsAMappingOfItsOwnOnlyWhereNoneIsHeld()
    {
        if (KeptMemory.IsOff)
        {
            Assert.Inconclusive("glibc's memory is as the environment says, or there is no glibc.");
        }

        Assert.AreNotEqual(0L, MappingsOfTensors(), "not held");
        var first = KeptMemory.Hold();
        var second = KeptMemory.Hold();
        Assert.AreEqual(0L, MappingsOfTensors(), "held twice");
        first.Dispose();
        first.Dispose();
        Assert.AreEqual(0L, MappingsOfTensors(), "held once");
        second.Dispose();
        Assert.AreNotEqual(0L, MappingsOfTensors(), "not held any more");
    }

    // More than fit into what may be free on the heap.
    private static long MappingsOfTensors()
    {
        using var scope = torch.NewDisposeScope();
        var before = (long)Information().Mappings;
        for (var i = 0; i < 12; i++)
        {
            torch.empty(Size / sizeof(float));
        }

        return (long)Information().Mappings - before;
    }

    [LibraryImport("libc", EntryPoint = "mallinfo2")]
    private static partial MallocInformation Information();

    // mallinfo2 of malloc.h.
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct MallocInformation(
        nuint Arena, nuint Free, nuint Fast, nuint Mappings, nuint InMappings, nuint Most, nuint InFast, nuint Taken, nuint InFree, nuint AtTheEnd);
}
