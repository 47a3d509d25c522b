namespace TorchSharp;

public static partial class torch
{
    /// <content>Operators.</content>
    public unsafe partial class Tensor
    {
        public static Tensor operator +(Tensor left, Tensor right) => left.add(right);

        public static Tensor operator +(Tensor left, int right) => left.add((Scalar)right);

        public static Tensor operator +(Tensor left, double right) => left.add((Scalar)right);

        public static Tensor operator *(Tensor left, Tensor right) => left.mul(right);

        public static Tensor operator *(Tensor left, int right) => left.mul((Scalar)right);

        public static Tensor operator *(Tensor left, double right) => left.mul((Scalar)right);

        public static Tensor operator -(Tensor left, Tensor right) => left.sub(right);

        public static Tensor operator -(Tensor left, int right) => left.sub((Scalar)right);

        public static Tensor operator -(int left, Tensor right) => From(left, right);

        public static Tensor operator /(Tensor left, Tensor right) => left.div(right);

        public static Tensor operator /(Tensor left, int right) => left.div((Scalar)right);

        public static Tensor operator /(int left, Tensor right) => By(left, right);

        public static Tensor operator -(Tensor tensor) => tensor.neg();

        /// <summary>Makes a number prefer the overload that takes a scalar; never called.</summary>
        public static implicit operator Tensor(Scalar scalar) => throw new InvalidOperationException("Should not be called.");

        // As in the real library the intermediate tensor stays with the dispose scope: counts of live tensors show it.
        private static Tensor From(Scalar left, Tensor right) => right.neg().add(left);

        private static Tensor By(Scalar left, Tensor right) => right.reciprocal().mul(left);
    }
}
