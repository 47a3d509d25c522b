using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    /// <content>Comparisons and logic; results are boolean tensors.</content>
    public unsafe partial class Tensor
    {
        public Tensor eq(Tensor target) => Call.Two(&Native.eq, this, target);

        public Tensor eq_(Tensor target) => Call.TwoHere(&Native.eq_, this, target);

        public Tensor eq(Scalar target) => Call.WithNumber(&Native.eq_scalar, this, target);

        public Tensor eq_(Scalar target) => Call.WithNumberHere(&Native.eq_scalar_, this, target);

        public Tensor ne(Tensor target) => Call.Two(&Native.ne, this, target);

        public Tensor ne_(Tensor target) => Call.TwoHere(&Native.ne_, this, target);

        public Tensor ne(Scalar target) => Call.WithNumber(&Native.ne_scalar, this, target);

        public Tensor ne_(Scalar target) => Call.WithNumberHere(&Native.ne_scalar_, this, target);

        public Tensor lt(Tensor target) => Call.Two(&Native.lt, this, target);

        public Tensor lt_(Tensor target) => Call.TwoHere(&Native.lt_, this, target);

        public Tensor lt(Scalar target) => Call.WithNumber(&Native.lt_scalar, this, target);

        public Tensor lt_(Scalar target) => Call.WithNumberHere(&Native.lt_scalar_, this, target);

        public Tensor le(Tensor target) => Call.Two(&Native.le, this, target);

        public Tensor le_(Tensor target) => Call.TwoHere(&Native.le_, this, target);

        public Tensor le(Scalar target) => Call.WithNumber(&Native.le_scalar, this, target);

        public Tensor le_(Scalar target) => Call.WithNumberHere(&Native.le_scalar_, this, target);

        public Tensor gt(Tensor target) => Call.Two(&Native.gt, this, target);

        public Tensor gt_(Tensor target) => Call.TwoHere(&Native.gt_, this, target);

        public Tensor gt(Scalar target) => Call.WithNumber(&Native.gt_scalar, this, target);

        public Tensor gt_(Scalar target) => Call.WithNumberHere(&Native.gt_scalar_, this, target);

        public Tensor ge(Tensor target) => Call.Two(&Native.ge, this, target);

        public Tensor ge_(Tensor target) => Call.TwoHere(&Native.ge_, this, target);

        public Tensor ge(Scalar target) => Call.WithNumber(&Native.ge_scalar, this, target);

        public Tensor ge_(Scalar target) => Call.WithNumberHere(&Native.ge_scalar_, this, target);

        public Tensor equal(Tensor target) => eq(target);

        public Tensor not_equal(Tensor target) => ne(target);

        public Tensor less(Tensor target) => lt(target);

        public Tensor less_equal(Tensor target) => le(target);

        public Tensor greater(Tensor target) => gt(target);

        public Tensor greater_equal(Tensor target) => ge(target);

        public Tensor logical_and(Tensor other) => Call.Two(&Native.logical_and, this, other);

        public Tensor logical_and_(Tensor other) => Call.TwoHere(&Native.logical_and_, this, other);

        public Tensor logical_or(Tensor other) => Call.Two(&Native.logical_or, this, other);

        public Tensor logical_or_(Tensor other) => Call.TwoHere(&Native.logical_or_, this, other);

        public Tensor logical_xor(Tensor other) => Call.Two(&Native.logical_xor, this, other);

        public Tensor logical_xor_(Tensor other) => Call.TwoHere(&Native.logical_xor_, this, other);

        public Tensor bitwise_and(Tensor other) => Call.Two(&Native.bitwise_and, this, other);

        public Tensor bitwise_or(Tensor other) => Call.Two(&Native.bitwise_or, this, other);

        public Tensor bitwise_xor(Tensor other) => Call.Two(&Native.bitwise_xor, this, other);

        public Tensor maximum(Tensor other) => Call.Two(&Native.maximum, this, other);

        public Tensor minimum(Tensor other) => Call.Two(&Native.minimum, this, other);

        public Tensor isclose(Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false) =>
            Made(Native.isclose(Handle, other.Handle, rtol, atol, nanEqual ? 1 : 0), other);

        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false)
        {
            var close = (int)Kept(Native.allclose(Handle, target.Handle, rtol, atol, equal_nan ? 1 : 0));
            GC.KeepAlive(target);
            return close >= 0 ? close != 0 : throw Call.Failure();
        }

        public Tensor where(Tensor condition, Tensor y) => Made(Native.@where(condition.Handle, Handle, y.Handle), condition, y);
    }
}
