using System.Runtime.Intrinsics.X86;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>The type in which convolutions of a training are computed; weights, losses and scores are float32 everywhere.</summary>
internal static class TrainingPrecision
{
    /// <summary>bfloat16 where the processor multiplies it by itself, in half the time; float32 on the others, and on a GPU.</summary>
    public static ScalarType On(Device device) => device.type == DeviceType.CPU && HasBFloat16 && TorchBackends.HasOneDnn ? ScalarType.BFloat16 : ScalarType.Float32;

    // Leaf 7, part 1, of what x86 processors tell about themselves: bit 5 of EAX stands for AVX512_BF16.
    private static bool HasBFloat16 { get; } = X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= 7 && X86Base.CpuId(7, 0).Eax >= 1 && (X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0;
}
