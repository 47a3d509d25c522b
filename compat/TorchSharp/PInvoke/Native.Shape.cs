using System.Runtime.InteropServices;

namespace TorchSharp.PInvoke;

/// <content>native/shape.cpp: views, indexing, joining, reductions, products.</content>
internal static unsafe partial class Native
{
    [DllImport(Library, EntryPoint = "shim_view", ExactSpelling = true)] internal static extern IntPtr view(IntPtr a, long* s, long n);
    [DllImport(Library, EntryPoint = "shim_reshape", ExactSpelling = true)] internal static extern IntPtr reshape(IntPtr a, long* s, long n);
    [DllImport(Library, EntryPoint = "shim_permute", ExactSpelling = true)] internal static extern IntPtr permute(IntPtr a, long* s, long n);
    [DllImport(Library, EntryPoint = "shim_expand", ExactSpelling = true)] internal static extern IntPtr expand(IntPtr a, long* s, long n, int hidden);
    [DllImport(Library, EntryPoint = "shim_flip", ExactSpelling = true)] internal static extern IntPtr flip(IntPtr a, long* s, long n);
    [DllImport(Library, EntryPoint = "shim_roll", ExactSpelling = true)] internal static extern IntPtr roll(IntPtr a, long* shifts, long n, long* dims, long m);
    [DllImport(Library, EntryPoint = "shim_transpose", ExactSpelling = true)] internal static extern IntPtr transpose(IntPtr a, long d0, long d1);
    [DllImport(Library, EntryPoint = "shim_t", ExactSpelling = true)] internal static extern IntPtr t(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_squeeze", ExactSpelling = true)] internal static extern IntPtr squeeze(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_squeeze_dim", ExactSpelling = true)] internal static extern IntPtr squeeze_dim(IntPtr a, long dim);
    [DllImport(Library, EntryPoint = "shim_unsqueeze", ExactSpelling = true)] internal static extern IntPtr unsqueeze(IntPtr a, long dim);
    [DllImport(Library, EntryPoint = "shim_narrow", ExactSpelling = true)] internal static extern IntPtr narrow(IntPtr a, long dim, long start, long length);
    [DllImport(Library, EntryPoint = "shim_select", ExactSpelling = true)] internal static extern IntPtr select(IntPtr a, long dim, long index);
    [DllImport(Library, EntryPoint = "shim_split_sizes", ExactSpelling = true)] internal static extern long split_sizes(IntPtr a, long* s, long n, long dim, IntPtr* into, long room);
    [DllImport(Library, EntryPoint = "shim_chunk", ExactSpelling = true)] internal static extern long chunk(IntPtr a, long chunks, long dim, IntPtr* into, long room);
    [DllImport(Library, EntryPoint = "shim_unbind", ExactSpelling = true)] internal static extern long unbind(IntPtr a, long dim, IntPtr* into, long room);
    [DllImport(Library, EntryPoint = "shim_cat", ExactSpelling = true)] internal static extern IntPtr cat(IntPtr* t, long n, long dim);
    [DllImport(Library, EntryPoint = "shim_stack", ExactSpelling = true)] internal static extern IntPtr stack(IntPtr* t, long n, long dim);
    [DllImport(Library, EntryPoint = "shim_einsum", ExactSpelling = true)] internal static extern IntPtr einsum(byte* equation, IntPtr* t, long n);
    [DllImport(Library, EntryPoint = "shim_index_select", ExactSpelling = true)] internal static extern IntPtr index_select(IntPtr a, long dim, IntPtr index);
    [DllImport(Library, EntryPoint = "shim_gather", ExactSpelling = true)] internal static extern IntPtr gather(IntPtr a, long dim, IntPtr index);
    [DllImport(Library, EntryPoint = "shim_sum", ExactSpelling = true)] internal static extern IntPtr sum(IntPtr a, int type);
    [DllImport(Library, EntryPoint = "shim_sum_dims", ExactSpelling = true)] internal static extern IntPtr sum_dims(IntPtr a, long* d, long n, int keep, int type);
    [DllImport(Library, EntryPoint = "shim_mean", ExactSpelling = true)] internal static extern IntPtr mean(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_mean_dims", ExactSpelling = true)] internal static extern IntPtr mean_dims(IntPtr a, long* d, long n, int keep, int type);
    [DllImport(Library, EntryPoint = "shim_norm_dim", ExactSpelling = true)] internal static extern IntPtr norm_dim(IntPtr a, long dim, int keep, double p);
    [DllImport(Library, EntryPoint = "shim_max", ExactSpelling = true)] internal static extern IntPtr max(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_min", ExactSpelling = true)] internal static extern IntPtr min(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_all", ExactSpelling = true)] internal static extern IntPtr all(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_logsumexp", ExactSpelling = true)] internal static extern IntPtr logsumexp(IntPtr a, long dim, int keep);
    [DllImport(Library, EntryPoint = "shim_argmax_dim", ExactSpelling = true)] internal static extern IntPtr argmax_dim(IntPtr a, long dim, int keep);
    [DllImport(Library, EntryPoint = "shim_softmax", ExactSpelling = true)] internal static extern IntPtr softmax(IntPtr a, long dim, int type);
    [DllImport(Library, EntryPoint = "shim_log_softmax", ExactSpelling = true)] internal static extern IntPtr log_softmax(IntPtr a, long dim, int type);
    [DllImport(Library, EntryPoint = "shim_matmul", ExactSpelling = true)] internal static extern IntPtr matmul(IntPtr a, IntPtr b);
    [DllImport(Library, EntryPoint = "shim_bmm", ExactSpelling = true)] internal static extern IntPtr bmm(IntPtr a, IntPtr b);
    [DllImport(Library, EntryPoint = "shim_python_index", ExactSpelling = true)] internal static extern IntPtr python_index(IntPtr a, IndexItem* items, long count);
    [DllImport(Library, EntryPoint = "shim_python_index_put", ExactSpelling = true)] internal static extern int python_index_put(IntPtr a, IndexItem* items, long count, IntPtr value);
}
