using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    /// <content>Functions of one tensor, element by element.</content>
    public unsafe partial class Tensor
    {
        public Tensor abs() => Call.One(&Native.abs, this);

        public Tensor neg() => Call.One(&Native.neg, this);

        public Tensor reciprocal() => Call.One(&Native.reciprocal, this);

        public Tensor rsqrt() => Call.One(&Native.rsqrt, this);

        public Tensor sigmoid() => Call.One(&Native.sigmoid, this);

        public Tensor sqrt() => Call.One(&Native.sqrt, this);

        public Tensor tanh() => Call.One(&Native.tanh, this);

        public Tensor exp() => Call.One(&Native.exp, this);

        public Tensor relu() => Call.One(&Native.relu, this);

        public Tensor silu() => Call.One(&Native.silu, this);

        public Tensor silu_() => Call.OneHere(&Native.silu_, this);

        public Tensor zero_() => Call.OneHere(&Native.zero_, this);

        public Tensor square() => pow(2);

        public Tensor gelu() => Made(Native.gelu(Handle, 0));

        public Tensor elu(double alpha = 1) => Made(Native.elu(Handle, alpha));
    }
}
