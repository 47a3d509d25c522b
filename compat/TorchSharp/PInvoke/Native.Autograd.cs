using System.Runtime.InteropServices;

namespace TorchSharp.PInvoke;

/// <content>native/autograd.cpp: reverse-mode differentiation.</content>
internal static unsafe partial class Native
{
    [DllImport(Library, EntryPoint = "shim_grad", ExactSpelling = true)] internal static extern IntPtr grad(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_set_grad", ExactSpelling = true)] internal static extern int set_grad(IntPtr a, IntPtr value);
    [DllImport(Library, EntryPoint = "shim_backward", ExactSpelling = true)] internal static extern int backward(IntPtr* tensors, long count, IntPtr* gradients, long gradient_count, int retain_graph, int create_graph, IntPtr* inputs, long input_count);
    [DllImport(Library, EntryPoint = "shim_autograd_grad", ExactSpelling = true)] internal static extern int autograd_grad(IntPtr* outputs, long output_count, IntPtr* inputs, long input_count, IntPtr* gradients, long gradient_count, int retain_graph, int create_graph, int allow_unused, IntPtr* results);
}
