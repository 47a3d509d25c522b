using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    /// <content>Products of matrices and vectors.</content>
    public unsafe partial class Tensor
    {
        public Tensor matmul(Tensor target) => Call.Two(&Native.matmul, this, target);

        public Tensor mm(Tensor target) => Call.Two(&Native.mm, this, target);

        public Tensor mv(Tensor target) => Call.Two(&Native.mv, this, target);

        public Tensor dot(Tensor target) => Call.Two(&Native.dot, this, target);

        public Tensor bmm(Tensor batch2) => Call.Two(&Native.bmm, this, batch2);

        public Tensor outer(Tensor vec2) => Call.Two(&Native.outer, this, vec2);

        public Tensor inner(Tensor vec2) => Call.Two(&Native.inner, this, vec2);

        public Tensor kron(Tensor other) => Call.Two(&Native.kron, this, other);

        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) =>
            Made(Native.addmm(Handle, mat1.Handle, mat2.Handle, beta, alpha), mat1, mat2);

        public Tensor addmm_(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) =>
            Here(Native.addmm_(Handle, mat1.Handle, mat2.Handle, beta, alpha), mat1, mat2);

        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) =>
            Made(Native.baddbmm(Handle, batch1.Handle, batch2.Handle, beta, alpha), batch1, batch2);

        public Tensor tensordot(Tensor b, long[] dims1, long[] dims2)
        {
            fixed (long* d1 = dims1, d2 = dims2) return Made(Native.tensordot(Handle, b.Handle, d1, dims1.Length, d2, dims2.Length), b);
        }

        public Tensor inverse() => Call.One(&Native.inverse, this);

        public Tensor cholesky(bool upper = false) => Made(Native.cholesky(Handle, upper ? 1 : 0));

        public Tensor cholesky_solve(Tensor input2, bool upper = false) =>
            Made(Native.cholesky_solve(Handle, input2.Handle, upper ? 1 : 0), input2);
    }
}
