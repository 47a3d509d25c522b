using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    // Joining, splitting and rearranging, as functions.

    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => cat((ReadOnlySpan<Tensor>)tensors.ToArray(), dim);

    public static Tensor cat(Tensor[] tensors, long dim = 0) => cat((ReadOnlySpan<Tensor>)tensors, dim);

    public static unsafe Tensor cat(ReadOnlySpan<Tensor> tensors, long dim = 0)
    {
        if (tensors.Length == 0) throw new ArgumentException("There is nothing to concatenate.", nameof(tensors));
        fixed (IntPtr* t = Call.Handles(tensors)) return Joined(Native.cat(t, tensors.Length, dim), tensors);
    }

    public static unsafe Tensor stack(IEnumerable<Tensor> tensors, long dim = 0)
    {
        var given = tensors.ToArray();
        fixed (IntPtr* t = Call.Handles(given)) return Joined(Native.stack(t, given.Length, dim), given);
    }

    public static unsafe Tensor einsum(string equation, params Tensor[] tensors)
    {
        fixed (byte* text = System.Text.Encoding.UTF8.GetBytes(equation + '\0'))
        fixed (IntPtr* t = Call.Handles(tensors)) return Joined(Native.einsum(text, t, tensors.Length), tensors);
    }

    private static Tensor Joined(IntPtr made, ReadOnlySpan<Tensor> tensors)
    {
        for (var i = 0; i < tensors.Length; i++) GC.KeepAlive(tensors[i]);
        return Call.Made(made);
    }
}
