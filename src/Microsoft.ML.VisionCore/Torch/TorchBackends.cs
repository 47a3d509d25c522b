using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>The libraries that libtorch computes convolutions with on a CPU.</summary>
/// <remarks>
/// TorchSharp has no way to libtorch's switches; they are functions that its library exports, by the names that compilers give them.
/// NNPACK is off: where it does not know the processor, it writes so on the standard error with every image.
/// oneDNN is off where its convolutions are wrong. Seen on a virtual machine with an AMD EPYC of family 26, whatever instructions it was held to: with 17 channels
/// where its blocks are of 16, outputs and gradients were sums of what the memory had held before.
/// </remarks>
internal static unsafe class TorchBackends
{
    private static readonly Lazy<bool> Checked = new(Check);

    /// <summary>Whether oneDNN computes convolutions; looked at once, when libtorch has been loaded.</summary>
    /// <exception cref="PlatformNotSupportedException">Convolutions are wrong without it too, or it cannot be switched off.</exception>
    internal static bool HasOneDnn => Checked.Value;

    private static bool Check()
    {
        SwitchOff("NNPACK");
        var isRight = IsRight();
        return isRight || (SwitchOff("Mkldnn") && IsRight() ? false
            : throw new PlatformNotSupportedException("libtorch computes convolutions wrongly on this machine, and the library that does so (oneDNN) cannot be switched off: nothing can be trained or scored here."));
    }

    /// <summary>Whether a convolution of whole numbers and its gradients are those of float64, which oneDNN has no part in.</summary>
    internal static bool IsRight()
    {
        using var scope = NewDisposeScope();
        using var mode = new TorchMode(gradients: true);
        var (y, dx, dw) = Convolve(ScalarType.Float32);
        var (expected, expectedDx, expectedDw) = Convolve(ScalarType.Float64);
        return Same(y, expected) && Same(dx, expectedDx) && Same(dw, expectedDw);

        static bool Same(Tensor x, Tensor expected) => x.to(float64).eq(expected).all().item<bool>();
    }

    // Channels that fill no block of 8 or 16: [2, 17, 5, 5] → [2, 3, 5, 5].
    private static (Tensor Y, Tensor Dx, Tensor Dw) Convolve(ScalarType type)
    {
        var x = Numbers(2, 17, 5, 5).to(type).requires_grad_();
        var w = Numbers(3, 17, 3, 3).to(type).requires_grad_();
        var y = nn.functional.conv2d(x, w, null, [1, 1], [1, 1], null, 1);
        var gradients = autograd.grad([y], [x, w], [Numbers(2, 3, 5, 5).to(type)]);
        return (y.detach(), gradients[0], gradients[1]);
    }

    // From -3 to 3.
    private static Tensor Numbers(params long[] shape) =>
        tensor([.. Enumerable.Range(0, (int)shape.Aggregate((product, size) => product * size)).Select(i => (float)((i * 5 % 7) - 3))], shape);

    // Whether the library has such a switch.
    private static bool SwitchOff(string name)
    {
        var (context, set) = OperatingSystem.IsWindows() ? ("?globalContext@at@@YAAEAVContext@1@XZ", $"?setUserEnabled{name}@Context@at@@QEAAX_N@Z")
            : ("_ZN2at13globalContextEv", $"_ZN2at7Context{14 + name.Length}setUserEnabled{name}Eb");
        if (TorchRuntime.Library("torch_cpu") is not { } file || !NativeLibrary.TryLoad(file, out var library)
            || !NativeLibrary.TryGetExport(library, context, out var getContext) || !NativeLibrary.TryGetExport(library, set, out var setEnabled))
        {
            return false;
        }

        ((delegate* unmanaged<nint, byte, void>)setEnabled)(((delegate* unmanaged<nint>)getContext)(), 0);
        return true;
    }
}
