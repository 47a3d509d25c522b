using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    /// <content>Functions of one tensor, element by element.</content>
    public unsafe partial class Tensor
    {
        public Tensor abs() => Call.One(&Native.abs, this);

        public Tensor abs_() => Call.OneHere(&Native.abs_, this);

        public Tensor acos() => Call.One(&Native.acos, this);

        public Tensor acos_() => Call.OneHere(&Native.acos_, this);

        public Tensor asin() => Call.One(&Native.asin, this);

        public Tensor asin_() => Call.OneHere(&Native.asin_, this);

        public Tensor atan() => Call.One(&Native.atan, this);

        public Tensor atan_() => Call.OneHere(&Native.atan_, this);

        public Tensor bitwise_not() => Call.One(&Native.bitwise_not, this);

        public Tensor bitwise_not_() => Call.OneHere(&Native.bitwise_not_, this);

        public Tensor ceil() => Call.One(&Native.ceil, this);

        public Tensor ceil_() => Call.OneHere(&Native.ceil_, this);

        public Tensor cos() => Call.One(&Native.cos, this);

        public Tensor cos_() => Call.OneHere(&Native.cos_, this);

        public Tensor cosh() => Call.One(&Native.cosh, this);

        public Tensor cosh_() => Call.OneHere(&Native.cosh_, this);

        public Tensor erf() => Call.One(&Native.erf, this);

        public Tensor erf_() => Call.OneHere(&Native.erf_, this);

        public Tensor erfc() => Call.One(&Native.erfc, this);

        public Tensor erfc_() => Call.OneHere(&Native.erfc_, this);

        public Tensor exp() => Call.One(&Native.exp, this);

        public Tensor exp_() => Call.OneHere(&Native.exp_, this);

        public Tensor expm1() => Call.One(&Native.expm1, this);

        public Tensor expm1_() => Call.OneHere(&Native.expm1_, this);

        public Tensor floor() => Call.One(&Native.floor, this);

        public Tensor floor_() => Call.OneHere(&Native.floor_, this);

        public Tensor log() => Call.One(&Native.log, this);

        public Tensor log_() => Call.OneHere(&Native.log_, this);

        public Tensor log10() => Call.One(&Native.log10, this);

        public Tensor log10_() => Call.OneHere(&Native.log10_, this);

        public Tensor log1p() => Call.One(&Native.log1p, this);

        public Tensor log1p_() => Call.OneHere(&Native.log1p_, this);

        public Tensor log2() => Call.One(&Native.log2, this);

        public Tensor log2_() => Call.OneHere(&Native.log2_, this);

        public Tensor logical_not() => Call.One(&Native.logical_not, this);

        public Tensor logical_not_() => Call.OneHere(&Native.logical_not_, this);

        public Tensor neg() => Call.One(&Native.neg, this);

        public Tensor neg_() => Call.OneHere(&Native.neg_, this);

        public Tensor reciprocal() => Call.One(&Native.reciprocal, this);

        public Tensor reciprocal_() => Call.OneHere(&Native.reciprocal_, this);

        public Tensor relu() => Call.One(&Native.relu, this);

        public Tensor relu_() => Call.OneHere(&Native.relu_, this);

        public Tensor rsqrt() => Call.One(&Native.rsqrt, this);

        public Tensor rsqrt_() => Call.OneHere(&Native.rsqrt_, this);

        public Tensor sigmoid() => Call.One(&Native.sigmoid, this);

        public Tensor sigmoid_() => Call.OneHere(&Native.sigmoid_, this);

        public Tensor sign() => Call.One(&Native.sign, this);

        public Tensor sign_() => Call.OneHere(&Native.sign_, this);

        public Tensor sin() => Call.One(&Native.sin, this);

        public Tensor sin_() => Call.OneHere(&Native.sin_, this);

        public Tensor sinh() => Call.One(&Native.sinh, this);

        public Tensor sinh_() => Call.OneHere(&Native.sinh_, this);

        public Tensor sqrt() => Call.One(&Native.sqrt, this);

        public Tensor sqrt_() => Call.OneHere(&Native.sqrt_, this);

        public Tensor tan() => Call.One(&Native.tan, this);

        public Tensor tan_() => Call.OneHere(&Native.tan_, this);

        public Tensor tanh() => Call.One(&Native.tanh, this);

        public Tensor tanh_() => Call.OneHere(&Native.tanh_, this);

        public Tensor trunc() => Call.One(&Native.trunc, this);

        public Tensor trunc_() => Call.OneHere(&Native.trunc_, this);

        public Tensor silu() => Call.One(&Native.silu, this);

        public Tensor silu_() => Call.OneHere(&Native.silu_, this);

        public Tensor isfinite() => Call.One(&Native.isfinite, this);

        public Tensor isinf() => Call.One(&Native.isinf, this);

        public Tensor isnan() => Call.One(&Native.isnan, this);

        public Tensor log_sigmoid() => Call.One(&Native.log_sigmoid, this);

        public Tensor zero_() => Call.OneHere(&Native.zero_, this);

        public Tensor absolute() => abs();

        public Tensor negative() => neg();

        public Tensor square() => pow(2);

        public Tensor round(long decimals = 0L) => Made(Native.round(Handle, decimals));

        public Tensor gelu() => Made(Native.gelu(Handle, 0));

        public Tensor elu(double alpha = 1) => Made(Native.elu(Handle, alpha));

        public Tensor leaky_relu(Scalar negative_slope) => Made(Native.leaky_relu(Handle, negative_slope.AsDouble));

        public Tensor softplus(double beta = 1, double threshold = 20) => Made(Native.softplus(Handle, beta, threshold));

        public Tensor nan_to_num(double nan = 0d, double? posinf = null, double? neginf = null)
        {
            double positive = posinf ?? 0, negative = neginf ?? 0;
            return Made(Native.nan_to_num(Handle, nan, posinf is null ? null : &positive, neginf is null ? null : &negative));
        }
    }
}
