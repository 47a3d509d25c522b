using System.Runtime.InteropServices;

namespace TorchSharp.PInvoke;

/// <content>native/tensor.cpp: making, looking at and moving tensors.</content>
internal static unsafe partial class Native
{
    [DllImport(Library, EntryPoint = "shim_error", ExactSpelling = true)] internal static extern byte* error();
    [DllImport(Library, EntryPoint = "shim_dispose", ExactSpelling = true)] internal static extern void dispose(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_ndim", ExactSpelling = true)][SuppressGCTransition] internal static extern long ndim(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_numel", ExactSpelling = true)][SuppressGCTransition] internal static extern long numel(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_element_size", ExactSpelling = true)][SuppressGCTransition] internal static extern long element_size(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_dtype", ExactSpelling = true)][SuppressGCTransition] internal static extern int dtype(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_device_type", ExactSpelling = true)][SuppressGCTransition] internal static extern int device_type(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_device_index", ExactSpelling = true)][SuppressGCTransition] internal static extern int device_index(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_requires_grad", ExactSpelling = true)][SuppressGCTransition] internal static extern int requires_grad(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_is_leaf", ExactSpelling = true)][SuppressGCTransition] internal static extern int is_leaf(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_is_contiguous", ExactSpelling = true)][SuppressGCTransition] internal static extern int is_contiguous(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_sizes", ExactSpelling = true)][SuppressGCTransition] internal static extern int sizes(IntPtr a, long* into, long count);
    [DllImport(Library, EntryPoint = "shim_strides", ExactSpelling = true)][SuppressGCTransition] internal static extern int strides(IntPtr a, long* into, long count);
    [DllImport(Library, EntryPoint = "shim_size", ExactSpelling = true)][SuppressGCTransition] internal static extern int size(IntPtr a, long dim, long* into);
    [DllImport(Library, EntryPoint = "shim_data", ExactSpelling = true)][SuppressGCTransition] internal static extern IntPtr data(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_from_data", ExactSpelling = true)] internal static extern IntPtr from_data(void* data, long bytes, int source_type, long* shape, long rank, Options o);
    [DllImport(Library, EntryPoint = "shim_scalar_tensor", ExactSpelling = true)] internal static extern IntPtr scalar_tensor(Number value, Options o);
    [DllImport(Library, EntryPoint = "shim_zeros", ExactSpelling = true)] internal static extern IntPtr zeros(long* s, long n, Options o);
    [DllImport(Library, EntryPoint = "shim_ones", ExactSpelling = true)] internal static extern IntPtr ones(long* s, long n, Options o);
    [DllImport(Library, EntryPoint = "shim_empty", ExactSpelling = true)] internal static extern IntPtr empty(long* s, long n, Options o);
    [DllImport(Library, EntryPoint = "shim_full", ExactSpelling = true)] internal static extern IntPtr full(long* s, long n, Number value, Options o);
    [DllImport(Library, EntryPoint = "shim_zeros_like", ExactSpelling = true)] internal static extern IntPtr zeros_like(IntPtr a, Options o);
    [DllImport(Library, EntryPoint = "shim_arange", ExactSpelling = true)] internal static extern IntPtr arange(Number start, Number stop, Number step, Options o);
    [DllImport(Library, EntryPoint = "shim_eye", ExactSpelling = true)] internal static extern IntPtr eye(long rows, long columns, Options o);
    [DllImport(Library, EntryPoint = "shim_alias", ExactSpelling = true)] internal static extern IntPtr alias(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_detach", ExactSpelling = true)] internal static extern IntPtr detach(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_clone", ExactSpelling = true)] internal static extern IntPtr clone(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_contiguous", ExactSpelling = true)] internal static extern IntPtr contiguous(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_copy_", ExactSpelling = true)] internal static extern int copy_(IntPtr a, IntPtr source, int non_blocking);
    [DllImport(Library, EntryPoint = "shim_to", ExactSpelling = true)] internal static extern IntPtr to(IntPtr a, Options o, int non_blocking, int copy);
    [DllImport(Library, EntryPoint = "shim_set_requires_grad", ExactSpelling = true)] internal static extern int set_requires_grad(IntPtr a, int value);
    [DllImport(Library, EntryPoint = "shim_get_num_threads", ExactSpelling = true)] internal static extern int get_num_threads();
    [DllImport(Library, EntryPoint = "shim_set_num_threads", ExactSpelling = true)] internal static extern int set_num_threads(int count);
    [DllImport(Library, EntryPoint = "shim_grad_enabled", ExactSpelling = true)][SuppressGCTransition] internal static extern int grad_enabled();
    [DllImport(Library, EntryPoint = "shim_set_grad_enabled", ExactSpelling = true)][SuppressGCTransition] internal static extern void set_grad_enabled(int value);
}
