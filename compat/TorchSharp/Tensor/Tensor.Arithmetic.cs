using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    /// <content>Arithmetic with another tensor or a number.</content>
    public unsafe partial class Tensor
    {
        public Tensor add(Tensor target) => Made(Native.add(Handle, target.Handle, Number.One), target);

        public Tensor add(Scalar scalar) => Made(Native.add_scalar(Handle, scalar.Value, Number.One));

        public Tensor add_(Tensor target) => Here(Native.add_(Handle, target.Handle, Number.One), target);

        public Tensor add_(Tensor target, Scalar alpha) => Here(Native.add_(Handle, target.Handle, alpha.Value), target);

        public Tensor add_(Scalar scalar) => Here(Native.add_scalar_(Handle, scalar.Value, Number.One));

        public Tensor sub(Tensor target) => Call.Two(&Native.sub, this, target);

        public Tensor sub_(Tensor target) => Call.TwoHere(&Native.sub_, this, target);

        public Tensor sub(Scalar target) => Call.WithNumber(&Native.sub_scalar, this, target);

        public Tensor mul(Tensor target) => Call.Two(&Native.mul, this, target);

        public Tensor mul_(Tensor target) => Call.TwoHere(&Native.mul_, this, target);

        public Tensor mul(Scalar target) => Call.WithNumber(&Native.mul_scalar, this, target);

        public Tensor mul_(Scalar target) => Call.WithNumberHere(&Native.mul_scalar_, this, target);

        public Tensor pow(Scalar exponent) => Call.WithNumber(&Native.pow_scalar, this, exponent);

        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Made(Native.div(Handle, target.Handle, (int)rounding_mode), target);

        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Made(Native.div_scalar(Handle, target.Value, (int)rounding_mode));

        public Tensor fill_(Scalar value) => Call.WithNumberHere(&Native.fill_, this, value);

        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Made(Native.clamp(Handle, Bound(min), Bound(max)));

        public Tensor clamp_min(Scalar min) => clamp(min, (Scalar?)null);

        private static Number Bound(Scalar? bound) => bound is null ? default : bound.Value;
    }
}
