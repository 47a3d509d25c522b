using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp.PInvoke;

/// <summary>
/// The usual shapes of a native call. Each keeps its tensors alive until the call has returned: only a raw pointer crosses
/// the border, and the collector must not release a tensor whose last use that is.
/// </summary>
internal static unsafe class Call
{
    /// <summary>What a failed call becomes; the type is the one the real library throws.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static Exception Failure() => new ExternalException(Native.ErrorMessage);

    internal static torch.Tensor Made(IntPtr handle) => handle != IntPtr.Zero ? new torch.Tensor(handle) : throw Failure();

    internal static void Done(int status)
    {
        if (status != 0) throw Failure();
    }

    internal static torch.Tensor One(delegate*<IntPtr, IntPtr> function, torch.Tensor a)
    {
        var made = Made(function(a.Handle));
        GC.KeepAlive(a);
        return made;
    }

    internal static torch.Tensor OneHere(delegate*<IntPtr, int> function, torch.Tensor a)
    {
        Done(function(a.Handle));
        return a;
    }

    internal static torch.Tensor Two(delegate*<IntPtr, IntPtr, IntPtr> function, torch.Tensor a, torch.Tensor b)
    {
        var made = Made(function(a.Handle, b.Handle));
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        return made;
    }

    internal static torch.Tensor TwoHere(delegate*<IntPtr, IntPtr, int> function, torch.Tensor a, torch.Tensor b)
    {
        Done(function(a.Handle, b.Handle));
        GC.KeepAlive(b);
        return a;
    }

    internal static torch.Tensor WithNumber(delegate*<IntPtr, Number, IntPtr> function, torch.Tensor a, Scalar b)
    {
        var made = Made(function(a.Handle, b.Value));
        GC.KeepAlive(a);
        return made;
    }

    internal static torch.Tensor WithNumberHere(delegate*<IntPtr, Number, int> function, torch.Tensor a, Scalar b)
    {
        Done(function(a.Handle, b.Value));
        return a;
    }

    /// <summary>The handles of many tensors; the caller keeps <paramref name="tensors"/> alive.</summary>
    internal static IntPtr[] Handles(ReadOnlySpan<torch.Tensor> tensors)
    {
        var handles = new IntPtr[tensors.Length];
        for (var i = 0; i < handles.Length; i++) handles[i] = tensors[i] is { } tensor ? tensor.Handle : IntPtr.Zero;
        return handles;
    }

    internal static torch.Tensor[] Wrap(ReadOnlySpan<IntPtr> handles)
    {
        var tensors = new torch.Tensor[handles.Length];
        for (var i = 0; i < tensors.Length; i++) tensors[i] = new torch.Tensor(handles[i]);
        return tensors;
    }
}
