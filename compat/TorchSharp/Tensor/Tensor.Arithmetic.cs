using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    /// <content>Arithmetic with another tensor or a number.</content>
    public unsafe partial class Tensor
    {
        public Tensor add(Tensor target) => Made(Native.add(Handle, target.Handle, Number.One), target);

        public Tensor add(Tensor target, Scalar alpha) => Made(Native.add(Handle, target.Handle, alpha.Value), target);

        public Tensor add(Scalar scalar) => Made(Native.add_scalar(Handle, scalar.Value, Number.One));

        public Tensor add(Scalar scalar, Scalar alpha) => Made(Native.add_scalar(Handle, scalar.Value, alpha.Value));

        public Tensor add_(Tensor target) => Here(Native.add_(Handle, target.Handle, Number.One), target);

        public Tensor add_(Tensor target, Scalar alpha) => Here(Native.add_(Handle, target.Handle, alpha.Value), target);

        public Tensor add_(Scalar scalar) => Here(Native.add_scalar_(Handle, scalar.Value, Number.One));

        public Tensor add_(Scalar scalar, Scalar alpha) => Here(Native.add_scalar_(Handle, scalar.Value, alpha.Value));

        public Tensor sub(Tensor target) => Call.Two(&Native.sub, this, target);

        public Tensor sub_(Tensor target) => Call.TwoHere(&Native.sub_, this, target);

        public Tensor sub(Scalar target) => Call.WithNumber(&Native.sub_scalar, this, target);

        public Tensor sub_(Scalar target) => Call.WithNumberHere(&Native.sub_scalar_, this, target);

        public Tensor mul(Tensor target) => Call.Two(&Native.mul, this, target);

        public Tensor mul_(Tensor target) => Call.TwoHere(&Native.mul_, this, target);

        public Tensor mul(Scalar target) => Call.WithNumber(&Native.mul_scalar, this, target);

        public Tensor mul_(Scalar target) => Call.WithNumberHere(&Native.mul_scalar_, this, target);

        public Tensor pow(Tensor exponent) => Call.Two(&Native.pow, this, exponent);

        public Tensor pow_(Tensor exponent) => Call.TwoHere(&Native.pow_, this, exponent);

        public Tensor pow(Scalar exponent) => Call.WithNumber(&Native.pow_scalar, this, exponent);

        public Tensor pow_(Scalar exponent) => Call.WithNumberHere(&Native.pow_scalar_, this, exponent);

        public Tensor remainder(Tensor target) => Call.Two(&Native.remainder, this, target);

        public Tensor remainder_(Tensor target) => Call.TwoHere(&Native.remainder_, this, target);

        public Tensor remainder(Scalar scalar) => Call.WithNumber(&Native.remainder_scalar, this, scalar);

        public Tensor remainder_(Scalar scalar) => Call.WithNumberHere(&Native.remainder_scalar_, this, scalar);

        public Tensor fmod(Tensor target) => Call.Two(&Native.fmod, this, target);

        public Tensor fmod_(Tensor target) => Call.TwoHere(&Native.fmod_, this, target);

        public Tensor fmod(Scalar scalar) => Call.WithNumber(&Native.fmod_scalar, this, scalar);

        public Tensor fmod_(Scalar scalar) => Call.WithNumberHere(&Native.fmod_scalar_, this, scalar);

        public Tensor floor_divide(Tensor other) => Call.Two(&Native.floor_divide, this, other);

        public Tensor floor_divide_(Tensor other) => Call.TwoHere(&Native.floor_divide_, this, other);

        public Tensor floor_divide(Scalar other) => Call.WithNumber(&Native.floor_divide_scalar, this, other);

        public Tensor floor_divide_(Scalar other) => Call.WithNumberHere(&Native.floor_divide_scalar_, this, other);

        public Tensor subtract(Tensor target) => sub(target);

        public Tensor subtract(Scalar target) => sub(target);

        public Tensor multiply(Tensor target) => mul(target);

        public Tensor multiply(Scalar target) => mul(target);

        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Made(Native.div(Handle, target.Handle, (int)rounding_mode), target);

        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Made(Native.div_scalar(Handle, target.Value, (int)rounding_mode));

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Here(Native.div_(Handle, target.Handle, (int)rounding_mode), target);

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Here(Native.div_scalar_(Handle, target.Value, (int)rounding_mode));

        public Tensor divide(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);

        public Tensor divide(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);

        public Tensor atan2(Tensor other) => Call.Two(&Native.atan2, this, other);

        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Made(Native.addcmul(Handle, tensor1.Handle, tensor2.Handle, value.Value), tensor1, tensor2);

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Here(Native.addcmul_(Handle, tensor1.Handle, tensor2.Handle, value.Value), tensor1, tensor2);

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Made(Native.addcdiv(Handle, tensor1.Handle, tensor2.Handle, value.Value), tensor1, tensor2);

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) =>
            Made(Native.addcdiv(Handle, tensor1.Handle, tensor2.Handle, Number.One), tensor1, tensor2);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Here(Native.addcdiv_(Handle, tensor1.Handle, tensor2.Handle, value.Value), tensor1, tensor2);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) =>
            Here(Native.addcdiv_(Handle, tensor1.Handle, tensor2.Handle, Number.One), tensor1, tensor2);

        public Tensor lerp(Tensor end, Tensor weight) => Made(Native.lerp(Handle, end.Handle, weight.Handle), end, weight);

        public Tensor lerp_(Tensor end, Tensor weight) => Here(Native.lerp_(Handle, end.Handle, weight.Handle), end, weight);

        public Tensor fill_(Scalar value) => Call.WithNumberHere(&Native.fill_, this, value);

        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Made(Native.clamp(Handle, Bound(min), Bound(max)));

        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Made(Native.clamp_tensor(Handle, Bound(min), Bound(max)), min, max);

        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Here(Native.clamp_(Handle, Bound(min), Bound(max)));

        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => Here(Native.clamp_tensor_(Handle, Bound(min), Bound(max)), min, max);

        public Tensor clip(Scalar? min = null, Scalar? max = null) => clamp(min, max);

        public Tensor clamp_max(Scalar max) => clamp((Scalar?)null, max);

        public Tensor clamp_max_(Scalar max) => clamp_((Scalar?)null, max);

        public Tensor clamp_min(Scalar min) => clamp(min, (Scalar?)null);

        public Tensor clamp_min_(Scalar min) => clamp_(min, (Scalar?)null);

        private static Number Bound(Scalar? bound) => bound is null ? default : bound.Value;

        private static IntPtr Bound(Tensor? bound) => bound is null ? IntPtr.Zero : bound.Handle;
    }
}
