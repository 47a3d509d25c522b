using System.Runtime.InteropServices;

namespace TorchSharp.PInvoke;

/// <content>native/pointwise.cpp: element-by-element operations.</content>
internal static unsafe partial class Native
{
    [DllImport(Library, EntryPoint = "shim_abs", ExactSpelling = true)] internal static extern IntPtr abs(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_neg", ExactSpelling = true)] internal static extern IntPtr neg(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_reciprocal", ExactSpelling = true)] internal static extern IntPtr reciprocal(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_rsqrt", ExactSpelling = true)] internal static extern IntPtr rsqrt(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_sigmoid", ExactSpelling = true)] internal static extern IntPtr sigmoid(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_sqrt", ExactSpelling = true)] internal static extern IntPtr sqrt(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_tanh", ExactSpelling = true)] internal static extern IntPtr tanh(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_zero_", ExactSpelling = true)] internal static extern int zero_(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_maximum", ExactSpelling = true)] internal static extern IntPtr maximum(IntPtr a, IntPtr b);
    [DllImport(Library, EntryPoint = "shim_exp", ExactSpelling = true)] internal static extern IntPtr exp(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_relu", ExactSpelling = true)] internal static extern IntPtr relu(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_silu", ExactSpelling = true)] internal static extern IntPtr silu(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_silu_", ExactSpelling = true)] internal static extern int silu_(IntPtr a);
    [DllImport(Library, EntryPoint = "shim_gelu", ExactSpelling = true)] internal static extern IntPtr gelu(IntPtr a, int tanh);
    [DllImport(Library, EntryPoint = "shim_elu", ExactSpelling = true)] internal static extern IntPtr elu(IntPtr a, double alpha);
    [DllImport(Library, EntryPoint = "shim_add", ExactSpelling = true)] internal static extern IntPtr add(IntPtr a, IntPtr b, Number alpha);
    [DllImport(Library, EntryPoint = "shim_add_", ExactSpelling = true)] internal static extern int add_(IntPtr a, IntPtr b, Number alpha);
    [DllImport(Library, EntryPoint = "shim_add_scalar", ExactSpelling = true)] internal static extern IntPtr add_scalar(IntPtr a, Number b, Number alpha);
    [DllImport(Library, EntryPoint = "shim_add_scalar_", ExactSpelling = true)] internal static extern int add_scalar_(IntPtr a, Number b, Number alpha);
    [DllImport(Library, EntryPoint = "shim_sub", ExactSpelling = true)] internal static extern IntPtr sub(IntPtr a, IntPtr b);
    [DllImport(Library, EntryPoint = "shim_sub_", ExactSpelling = true)] internal static extern int sub_(IntPtr a, IntPtr b);
    [DllImport(Library, EntryPoint = "shim_sub_scalar", ExactSpelling = true)] internal static extern IntPtr sub_scalar(IntPtr a, Number b);
    [DllImport(Library, EntryPoint = "shim_mul", ExactSpelling = true)] internal static extern IntPtr mul(IntPtr a, IntPtr b);
    [DllImport(Library, EntryPoint = "shim_mul_", ExactSpelling = true)] internal static extern int mul_(IntPtr a, IntPtr b);
    [DllImport(Library, EntryPoint = "shim_mul_scalar", ExactSpelling = true)] internal static extern IntPtr mul_scalar(IntPtr a, Number b);
    [DllImport(Library, EntryPoint = "shim_mul_scalar_", ExactSpelling = true)] internal static extern int mul_scalar_(IntPtr a, Number b);
    [DllImport(Library, EntryPoint = "shim_pow_scalar", ExactSpelling = true)] internal static extern IntPtr pow_scalar(IntPtr a, Number b);
    [DllImport(Library, EntryPoint = "shim_eq", ExactSpelling = true)] internal static extern IntPtr eq(IntPtr a, IntPtr b);
    [DllImport(Library, EntryPoint = "shim_gt_scalar", ExactSpelling = true)] internal static extern IntPtr gt_scalar(IntPtr a, Number b);
    [DllImport(Library, EntryPoint = "shim_div", ExactSpelling = true)] internal static extern IntPtr div(IntPtr a, IntPtr b, int mode);
    [DllImport(Library, EntryPoint = "shim_div_scalar", ExactSpelling = true)] internal static extern IntPtr div_scalar(IntPtr a, Number b, int mode);
    [DllImport(Library, EntryPoint = "shim_fill_", ExactSpelling = true)] internal static extern int fill_(IntPtr a, Number value);
    [DllImport(Library, EntryPoint = "shim_clamp", ExactSpelling = true)] internal static extern IntPtr clamp(IntPtr a, Number low, Number high);
    [DllImport(Library, EntryPoint = "shim_allclose", ExactSpelling = true)] internal static extern int allclose(IntPtr a, IntPtr b, double rtol, double atol, int equal_nan);
    [DllImport(Library, EntryPoint = "shim_same", ExactSpelling = true)] internal static extern int same(IntPtr a, IntPtr b);
}
