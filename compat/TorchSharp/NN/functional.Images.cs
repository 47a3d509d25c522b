using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static unsafe partial class functional
        {
            public static Tensor pad(Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
            {
                var code = mode is PaddingModes.Constant or PaddingModes.Zeros ? 0 : (int)mode;
                fixed (long* p = pad) return Kept(Native.pad(input.Handle, p, pad.Length, code, mode == PaddingModes.Zeros ? 0 : value), input);
            }

            public static Tensor interpolate(Tensor x, long[]? size = null, double[]? scale_factor = null, InterpolationMode mode = InterpolationMode.Nearest, bool? align_corners = null, bool recompute_scale_factor = false, bool antialias = false)
            {
                var target = size ?? Scaled(x, scale_factor ?? throw new ArgumentException("interpolate needs a size or a scale factor."));
                if (target.Length == 1 && x.ndim > 3) target = Enumerable.Repeat(target[0], (int)x.ndim - 2).ToArray();
                fixed (long* s = target)
                {
                    return Kept(
                        Native.interpolate(x.Handle, s, target.Length, (int)mode, align_corners is true ? 1 : 0, antialias ? 1 : 0), x);
                }
            }

            /// <summary>Only factors that give whole sizes: with others the real library samples at other places.</summary>
            private static long[] Scaled(Tensor x, double[] factors)
            {
                var target = x.shape[2..];
                for (var i = 0; i < target.Length; i++)
                {
                    var length = target[i] * factors[factors.Length == 1 ? 0 : i];
                    target[i] = (long)length;
                    if (target[i] != length) throw new NotSupportedException($"interpolate: the scale factor makes a size of {length}; give the size instead.");
                }

                return target;
            }
        }
    }
}
