using System.Runtime.InteropServices;

namespace TorchSharp.PInvoke;

/// <content>native/nn.cpp: what torch.nn.functional is made of.</content>
internal static unsafe partial class Native
{
    [DllImport(Library, EntryPoint = "shim_linear", ExactSpelling = true)] internal static extern IntPtr linear(IntPtr input, IntPtr weight, IntPtr bias);
    [DllImport(Library, EntryPoint = "shim_conv2d", ExactSpelling = true)] internal static extern IntPtr conv2d(IntPtr input, IntPtr weight, IntPtr bias, long* stride, long ns, long* padding, long np, long* dilation, long nd, long groups);
    [DllImport(Library, EntryPoint = "shim_max_pool2d", ExactSpelling = true)] internal static extern IntPtr max_pool2d(IntPtr input, long* kernel, long nk, long* stride, long ns, long* padding, long np, long* dilation, long nd, int ceil);
    [DllImport(Library, EntryPoint = "shim_layer_norm", ExactSpelling = true)] internal static extern IntPtr layer_norm(IntPtr input, long* s, long n, IntPtr weight, IntPtr bias, double eps);
    [DllImport(Library, EntryPoint = "shim_batch_norm", ExactSpelling = true)] internal static extern IntPtr batch_norm(IntPtr input, IntPtr weight, IntPtr bias, IntPtr mean, IntPtr variance, int training, double momentum, double eps);
    [DllImport(Library, EntryPoint = "shim_cross_entropy", ExactSpelling = true)] internal static extern IntPtr cross_entropy(IntPtr input, IntPtr target, IntPtr weight, long reduction, long ignore_index, double label_smoothing);
    [DllImport(Library, EntryPoint = "shim_pad", ExactSpelling = true)] internal static extern IntPtr pad(IntPtr input, long* p, long n, int mode, double value);
    [DllImport(Library, EntryPoint = "shim_interpolate", ExactSpelling = true)] internal static extern IntPtr interpolate(IntPtr input, long* s, long n, int mode, int align, int antialias);
    [DllImport(Library, EntryPoint = "shim_clip_grad_norm", ExactSpelling = true)] internal static extern int clip_grad_norm(IntPtr* parameters, long count, double max_norm, double norm_type, double* total);
    [DllImport(Library, EntryPoint = "shim_adamw_step", ExactSpelling = true)] internal static extern int adamw_step(IntPtr parameter, IntPtr mean, IntPtr square, IntPtr largest, long step, double rate, double beta1, double beta2, double eps, double decay, int maximize);
}
