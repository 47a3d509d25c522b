using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    /// <content>Products of matrices and vectors.</content>
    public unsafe partial class Tensor
    {
        public Tensor matmul(Tensor target) => Call.Two(&Native.matmul, this, target);

        public Tensor bmm(Tensor batch2) => Call.Two(&Native.bmm, this, batch2);
    }
}
