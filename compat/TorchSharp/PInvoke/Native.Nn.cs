using System.Runtime.InteropServices;

namespace TorchSharp.PInvoke;

/// <content>native/nn.cpp: what torch.nn.functional is made of.</content>
internal static unsafe partial class Native
{
    [DllImport(Library, EntryPoint = "shim_linear", ExactSpelling = true)] internal static extern IntPtr linear(IntPtr input, IntPtr weight, IntPtr bias);
    [DllImport(Library, EntryPoint = "shim_conv1d", ExactSpelling = true)] internal static extern IntPtr conv1d(IntPtr input, IntPtr weight, IntPtr bias, long* stride, long ns, long* padding, long np, long* dilation, long nd, long groups);
    [DllImport(Library, EntryPoint = "shim_conv2d", ExactSpelling = true)] internal static extern IntPtr conv2d(IntPtr input, IntPtr weight, IntPtr bias, long* stride, long ns, long* padding, long np, long* dilation, long nd, long groups);
    [DllImport(Library, EntryPoint = "shim_conv2d_named", ExactSpelling = true)] internal static extern IntPtr conv2d_named(IntPtr input, IntPtr weight, IntPtr bias, long* stride, long ns, int same, long* dilation, long nd, long groups);
    [DllImport(Library, EntryPoint = "shim_layer_norm", ExactSpelling = true)] internal static extern IntPtr layer_norm(IntPtr input, long* s, long n, IntPtr weight, IntPtr bias, double eps);
    [DllImport(Library, EntryPoint = "shim_batch_norm", ExactSpelling = true)] internal static extern IntPtr batch_norm(IntPtr input, IntPtr weight, IntPtr bias, IntPtr mean, IntPtr variance, int training, double momentum, double eps);
    [DllImport(Library, EntryPoint = "shim_group_norm", ExactSpelling = true)] internal static extern IntPtr group_norm(IntPtr input, long groups, IntPtr weight, IntPtr bias, double eps);
    [DllImport(Library, EntryPoint = "shim_cross_entropy", ExactSpelling = true)] internal static extern IntPtr cross_entropy(IntPtr input, IntPtr target, IntPtr weight, long reduction, long ignore_index, double label_smoothing);
    [DllImport(Library, EntryPoint = "shim_nll_loss", ExactSpelling = true)] internal static extern IntPtr nll_loss(IntPtr input, IntPtr target, IntPtr weight, long reduction, long ignore_index);
    [DllImport(Library, EntryPoint = "shim_mse_loss", ExactSpelling = true)] internal static extern IntPtr mse_loss(IntPtr input, IntPtr target, long reduction);
    [DllImport(Library, EntryPoint = "shim_l1_loss", ExactSpelling = true)] internal static extern IntPtr l1_loss(IntPtr input, IntPtr target, long reduction);
    [DllImport(Library, EntryPoint = "shim_smooth_l1_loss", ExactSpelling = true)] internal static extern IntPtr smooth_l1_loss(IntPtr input, IntPtr target, long reduction, double beta);
    [DllImport(Library, EntryPoint = "shim_bce_with_logits", ExactSpelling = true)] internal static extern IntPtr bce_with_logits(IntPtr input, IntPtr target, IntPtr weight, long reduction, IntPtr positive_weight);
    [DllImport(Library, EntryPoint = "shim_kl_div", ExactSpelling = true)] internal static extern IntPtr kl_div(IntPtr input, IntPtr target, long reduction, int log_target);
    [DllImport(Library, EntryPoint = "shim_dropout", ExactSpelling = true)] internal static extern IntPtr dropout(IntPtr input, double p, int training);
    [DllImport(Library, EntryPoint = "shim_dropout_", ExactSpelling = true)] internal static extern int dropout_(IntPtr input, double p, int training);
    [DllImport(Library, EntryPoint = "shim_embedding", ExactSpelling = true)] internal static extern IntPtr embedding(IntPtr weight, IntPtr indices, long padding, int scale, int sparse);
    [DllImport(Library, EntryPoint = "shim_one_hot", ExactSpelling = true)] internal static extern IntPtr one_hot(IntPtr input, long classes);
    [DllImport(Library, EntryPoint = "shim_pad", ExactSpelling = true)] internal static extern IntPtr pad(IntPtr input, long* p, long n, int mode, double value);
    [DllImport(Library, EntryPoint = "shim_max_pool2d", ExactSpelling = true)] internal static extern IntPtr max_pool2d(IntPtr input, long* kernel, long nk, long* stride, long ns, long* padding, long np, long* dilation, long nd, int ceil);
    [DllImport(Library, EntryPoint = "shim_avg_pool2d", ExactSpelling = true)] internal static extern IntPtr avg_pool2d(IntPtr input, long* kernel, long nk, long* stride, long ns, long* padding, long np, int ceil, int count_padding, long divisor);
    [DllImport(Library, EntryPoint = "shim_adaptive_avg_pool2d", ExactSpelling = true)] internal static extern IntPtr adaptive_avg_pool2d(IntPtr input, long* s, long n);
    [DllImport(Library, EntryPoint = "shim_interpolate", ExactSpelling = true)] internal static extern IntPtr interpolate(IntPtr input, long* s, long n, int mode, int align, int antialias);
    [DllImport(Library, EntryPoint = "shim_attention", ExactSpelling = true)] internal static extern IntPtr attention(IntPtr q, IntPtr k, IntPtr v, IntPtr mask, double p, int causal);
    [DllImport(Library, EntryPoint = "shim_pixel_shuffle", ExactSpelling = true)] internal static extern IntPtr pixel_shuffle(IntPtr a, long factor);
    [DllImport(Library, EntryPoint = "shim_pixel_unshuffle", ExactSpelling = true)] internal static extern IntPtr pixel_unshuffle(IntPtr a, long factor);
    [DllImport(Library, EntryPoint = "shim_im2col", ExactSpelling = true)] internal static extern IntPtr im2col(IntPtr a, long* kernel, long nk, long* dilation, long nd, long* padding, long np, long* stride, long ns);
    [DllImport(Library, EntryPoint = "shim_col2im", ExactSpelling = true)] internal static extern IntPtr col2im(IntPtr a, long* @out, long no, long* kernel, long nk, long* dilation, long nd, long* padding, long np, long* stride, long ns);
    [DllImport(Library, EntryPoint = "shim_clip_grad_norm", ExactSpelling = true)] internal static extern int clip_grad_norm(IntPtr* parameters, long count, double max_norm, double norm_type, double* total);
    [DllImport(Library, EntryPoint = "shim_adamw_step", ExactSpelling = true)] internal static extern int adamw_step(IntPtr parameter, IntPtr mean, IntPtr square, IntPtr largest, long step, double rate, double beta1, double beta2, double eps, double decay, int maximize);
}
