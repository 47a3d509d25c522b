using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    /// <content>Comparisons and logic; results are boolean tensors.</content>
    public unsafe partial class Tensor
    {
        public Tensor eq(Tensor target) => Call.Two(&Native.eq, this, target);

        public Tensor gt(Scalar target) => Call.WithNumber(&Native.gt_scalar, this, target);

        public Tensor maximum(Tensor other) => Call.Two(&Native.maximum, this, other);

        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false)
        {
            var close = (int)Kept(Native.allclose(Handle, target.Handle, rtol, atol, equal_nan ? 1 : 0));
            GC.KeepAlive(target);
            return close >= 0 ? close != 0 : throw Call.Failure();
        }
    }
}
