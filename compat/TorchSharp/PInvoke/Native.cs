using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace TorchSharp.PInvoke;

/// <summary>The C functions of native/: one declaration a function, in the files named after the C++ sources.</summary>
internal static unsafe partial class Native
{
    private const string Library = "torchshim";

    /// <summary>The message that the last failed call on this thread left.</summary>
    internal static string ErrorMessage => Marshal.PtrToStringUTF8((IntPtr)error()) ?? "";
}

/// <summary>A number on its way to native code; <see cref="Kind"/> 0 means "none".</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct Number(double real, long integer, int kind)
{
    public const int None = 0, Integer = 1, Floating = 2, Boolean = 3;

    public readonly double Real = real;
    public readonly long Whole = integer;
    public readonly int Kind = kind;

    public static readonly Number One = new(0, 1, Integer);
}

/// <summary>What a new tensor is to be; a negative dtype or device is not said.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct Options(torch.ScalarType? dtype, torch.Device? device, bool requiresGrad = false)
{
    public readonly int Dtype = dtype is { } type ? (int)type : -1;
    public readonly int Device = device is null ? -1 : (int)device.type;
    public readonly int Index = device is null ? -1 : device.index;
    public readonly int RequiresGrad = requiresGrad ? 1 : 0;
}

/// <summary>One part of an index in Python's manner, as native code reads it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IndexItem
{
    public int Kind;
    public int Given;
    public long Start;
    public long Stop;
    public long Step;
}
