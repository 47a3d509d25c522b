using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>The arithmetic of neural networks, without state.</summary>
        public static unsafe partial class functional
        {
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) =>
                Kept(Native.linear(input.Handle, weights.Handle, Optional(bias)), input, weights, bias);

            public static Tensor conv2d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null, long groups = 1)
            {
                strides ??= [1];
                padding ??= [0];
                dilation ??= [1];
                fixed (long* s = strides, p = padding, d = dilation)
                {
                    return Kept(
                        Native.conv2d(input.Handle, weight.Handle, Optional(bias), s, strides.Length, p, padding.Length, d, dilation.Length, groups),
                        input, weight, bias);
                }
            }

            public static Tensor max_pool2d(Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false)
            {
                long k = kernel_size, s = stride ?? kernel_size, p = padding ?? 0, d = dilation ?? 1;
                return Kept(Native.max_pool2d(input.Handle, &k, 1, &s, 1, &p, 1, &d, 1, ceil_mode ? 1 : 0), input);
            }

            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5)
            {
                fixed (long* s = normalized_shape)
                {
                    return Kept(
                        Native.layer_norm(input.Handle, s, normalized_shape.Length, Optional(weight), Optional(bias), eps), input, weight, bias);
                }
            }

            public static Tensor batch_norm(Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null, bool training = false, double momentum = 0.1, double eps = 1e-5)
            {
                var made = Kept(
                    Native.batch_norm(
                        input.Handle, Optional(weight), Optional(bias), Optional(running_mean), Optional(running_var), training ? 1 : 0, momentum, eps),
                    input, weight, bias);
                GC.KeepAlive(running_mean);
                GC.KeepAlive(running_var);
                return made;
            }

            public static Tensor gelu(Tensor x) => x.gelu();

            public static Tensor silu(Tensor x, bool inplace = false) => inplace ? x.silu_().alias() : x.silu();

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

            private static IntPtr Optional(Tensor? tensor) => tensor is null ? IntPtr.Zero : tensor.Handle;

            /// <summary>Wraps what a native call made; the tensors that it read live until here.</summary>
            private static Tensor Kept(IntPtr made, Tensor a, Tensor? b = null, Tensor? c = null)
            {
                GC.KeepAlive(a);
                GC.KeepAlive(b);
                GC.KeepAlive(c);
                return Call.Made(made);
            }
        }
    }
}
