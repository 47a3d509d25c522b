using System.Runtime.InteropServices;

namespace TorchSharp.PInvoke;

/// <content>native/random.cpp: generators, random numbers, CUDA.</content>
internal static unsafe partial class Native
{
    [DllImport(Library, EntryPoint = "shim_generator_new", ExactSpelling = true)] internal static extern IntPtr generator_new(ulong seed, int device_type, int index);
    [DllImport(Library, EntryPoint = "shim_generator_default", ExactSpelling = true)] internal static extern IntPtr generator_default();
    [DllImport(Library, EntryPoint = "shim_generator_dispose", ExactSpelling = true)] internal static extern void generator_dispose(IntPtr g);
    [DllImport(Library, EntryPoint = "shim_manual_seed", ExactSpelling = true)] internal static extern int manual_seed(ulong seed);
    [DllImport(Library, EntryPoint = "shim_rand", ExactSpelling = true)] internal static extern IntPtr rand(long* s, long n, IntPtr g, Options o);
    [DllImport(Library, EntryPoint = "shim_randn", ExactSpelling = true)] internal static extern IntPtr randn(long* s, long n, IntPtr g, Options o);
    [DllImport(Library, EntryPoint = "shim_randperm", ExactSpelling = true)] internal static extern IntPtr randperm(long n, IntPtr g, Options o);
    [DllImport(Library, EntryPoint = "shim_uniform_", ExactSpelling = true)] internal static extern int uniform_(IntPtr a, double from, double to, IntPtr g);
    [DllImport(Library, EntryPoint = "shim_cuda_available", ExactSpelling = true)] internal static extern int cuda_available();
    [DllImport(Library, EntryPoint = "shim_cuda_device_count", ExactSpelling = true)] internal static extern int cuda_device_count();
}
