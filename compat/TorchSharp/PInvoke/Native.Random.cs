using System.Runtime.InteropServices;

namespace TorchSharp.PInvoke;

/// <content>native/random.cpp: generators, random numbers, CUDA.</content>
internal static unsafe partial class Native
{
    [DllImport(Library, EntryPoint = "shim_generator_new", ExactSpelling = true)] internal static extern IntPtr generator_new(ulong seed, int device_type, int index);
    [DllImport(Library, EntryPoint = "shim_generator_default", ExactSpelling = true)] internal static extern IntPtr generator_default();
    [DllImport(Library, EntryPoint = "shim_generator_dispose", ExactSpelling = true)] internal static extern void generator_dispose(IntPtr g);
    [DllImport(Library, EntryPoint = "shim_generator_seed", ExactSpelling = true)] internal static extern int generator_seed(IntPtr g, ulong seed);
    [DllImport(Library, EntryPoint = "shim_generator_initial_seed", ExactSpelling = true)] internal static extern long generator_initial_seed(IntPtr g);
    [DllImport(Library, EntryPoint = "shim_generator_state", ExactSpelling = true)] internal static extern IntPtr generator_state(IntPtr g);
    [DllImport(Library, EntryPoint = "shim_generator_set_state", ExactSpelling = true)] internal static extern int generator_set_state(IntPtr g, IntPtr state);
    [DllImport(Library, EntryPoint = "shim_manual_seed", ExactSpelling = true)] internal static extern int manual_seed(ulong seed);
    [DllImport(Library, EntryPoint = "shim_rand", ExactSpelling = true)] internal static extern IntPtr rand(long* s, long n, IntPtr g, Options o);
    [DllImport(Library, EntryPoint = "shim_randn", ExactSpelling = true)] internal static extern IntPtr randn(long* s, long n, IntPtr g, Options o);
    [DllImport(Library, EntryPoint = "shim_randint", ExactSpelling = true)] internal static extern IntPtr randint(long low, long high, long* s, long n, IntPtr g, Options o);
    [DllImport(Library, EntryPoint = "shim_randperm", ExactSpelling = true)] internal static extern IntPtr randperm(long n, IntPtr g, Options o);
    [DllImport(Library, EntryPoint = "shim_uniform_", ExactSpelling = true)] internal static extern int uniform_(IntPtr a, double from, double to, IntPtr g);
    [DllImport(Library, EntryPoint = "shim_normal_", ExactSpelling = true)] internal static extern int normal_(IntPtr a, double mean, double std, IntPtr g);
    [DllImport(Library, EntryPoint = "shim_bernoulli_", ExactSpelling = true)] internal static extern int bernoulli_(IntPtr a, double p, IntPtr g);
    [DllImport(Library, EntryPoint = "shim_bernoulli", ExactSpelling = true)] internal static extern IntPtr bernoulli(IntPtr a, IntPtr g);
    [DllImport(Library, EntryPoint = "shim_exponential_", ExactSpelling = true)] internal static extern int exponential_(IntPtr a, double lambda, IntPtr g);
    [DllImport(Library, EntryPoint = "shim_random_", ExactSpelling = true)] internal static extern int random_(IntPtr a, long from, long to, IntPtr g);
    [DllImport(Library, EntryPoint = "shim_multinomial", ExactSpelling = true)] internal static extern IntPtr multinomial(IntPtr a, long count, int replacement, IntPtr g);
    [DllImport(Library, EntryPoint = "shim_cuda_available", ExactSpelling = true)] internal static extern int cuda_available();
    [DllImport(Library, EntryPoint = "shim_cuda_device_count", ExactSpelling = true)] internal static extern int cuda_device_count();
    [DllImport(Library, EntryPoint = "shim_cudnn_available", ExactSpelling = true)] internal static extern int cudnn_available();
    [DllImport(Library, EntryPoint = "shim_cuda_synchronize", ExactSpelling = true)] internal static extern int cuda_synchronize(int index);
    [DllImport(Library, EntryPoint = "shim_get_allow_tf32_cublas", ExactSpelling = true)] internal static extern int get_allow_tf32_cublas();
    [DllImport(Library, EntryPoint = "shim_set_allow_tf32_cublas", ExactSpelling = true)] internal static extern int set_allow_tf32_cublas(int value);
    [DllImport(Library, EntryPoint = "shim_get_allow_tf32_cudnn", ExactSpelling = true)] internal static extern int get_allow_tf32_cudnn();
    [DllImport(Library, EntryPoint = "shim_set_allow_tf32_cudnn", ExactSpelling = true)] internal static extern int set_allow_tf32_cudnn(int value);
}
