// Element by element: arithmetic, functions, comparisons.
#include "shim.h"

using namespace shim;

#define SHIM_BOTH(name) SHIM_UNARY(name) SHIM_UNARY_(name)

SHIM_BOTH(abs)
SHIM_BOTH(acos)
SHIM_BOTH(asin)
SHIM_BOTH(atan)
SHIM_BOTH(bitwise_not)
SHIM_BOTH(ceil)
SHIM_BOTH(cos)
SHIM_BOTH(cosh)
SHIM_BOTH(erf)
SHIM_BOTH(erfc)
SHIM_BOTH(exp)
SHIM_BOTH(expm1)
SHIM_BOTH(floor)
SHIM_BOTH(log)
SHIM_BOTH(log10)
SHIM_BOTH(log1p)
SHIM_BOTH(log2)
SHIM_BOTH(logical_not)
SHIM_BOTH(neg)
SHIM_BOTH(reciprocal)
SHIM_BOTH(relu)
SHIM_BOTH(rsqrt)
SHIM_BOTH(sigmoid)
SHIM_BOTH(sign)
SHIM_BOTH(sin)
SHIM_BOTH(sinh)
SHIM_BOTH(sqrt)
SHIM_BOTH(tan)
SHIM_BOTH(tanh)
SHIM_BOTH(trunc)
SHIM_UNARY(isfinite)
SHIM_UNARY(isinf)
SHIM_UNARY(isnan)
SHIM_UNARY_(zero)

SHIM_EXPORT Handle shim_silu(Handle a) { SHIM_GIVE(at::silu(*a)) }
SHIM_EXPORT int32_t shim_silu_(Handle a) { SHIM_DO(at::silu_(*a)) }
SHIM_EXPORT Handle shim_log_sigmoid(Handle a) { SHIM_GIVE(at::log_sigmoid(*a)) }
SHIM_EXPORT Handle shim_softplus(Handle a, double beta, double threshold) { SHIM_GIVE(at::softplus(*a, beta, threshold)) }
SHIM_EXPORT Handle shim_gelu(Handle a, int32_t tanh) { SHIM_GIVE(at::gelu(*a, tanh ? "tanh" : "none")) }
SHIM_EXPORT Handle shim_elu(Handle a, double alpha) { SHIM_GIVE(at::elu(*a, alpha)) }
SHIM_EXPORT Handle shim_leaky_relu(Handle a, double slope) { SHIM_GIVE(at::leaky_relu(*a, slope)) }
SHIM_EXPORT Handle shim_round(Handle a, int64_t decimals) { SHIM_GIVE(decimals ? a->round(decimals) : a->round()) }
SHIM_EXPORT Handle shim_nan_to_num(Handle a, double nan, const double* positive, const double* negative) {
    SHIM_GIVE(a->nan_to_num(nan, positive ? Maybe<double>(*positive) : Maybe<double>(),
                            negative ? Maybe<double>(*negative) : Maybe<double>()))
}

SHIM_EXPORT Handle shim_add(Handle a, Handle b, Number alpha) { SHIM_GIVE(a->add(*b, scalar(alpha))) }
SHIM_EXPORT int32_t shim_add_(Handle a, Handle b, Number alpha) { SHIM_DO(a->add_(*b, scalar(alpha))) }
SHIM_EXPORT Handle shim_add_scalar(Handle a, Number b, Number alpha) { SHIM_GIVE(a->add(scalar(b), scalar(alpha))) }
SHIM_EXPORT int32_t shim_add_scalar_(Handle a, Number b, Number alpha) { SHIM_DO(a->add_(scalar(b), scalar(alpha))) }

#define SHIM_ARITHMETIC(name) SHIM_BINARY(name) SHIM_BINARY_(name) SHIM_SCALAR(name) SHIM_SCALAR_(name)

SHIM_ARITHMETIC(sub)
SHIM_ARITHMETIC(mul)
SHIM_ARITHMETIC(pow)
SHIM_ARITHMETIC(remainder)
SHIM_ARITHMETIC(fmod)
SHIM_ARITHMETIC(eq)
SHIM_ARITHMETIC(ne)
SHIM_ARITHMETIC(lt)
SHIM_ARITHMETIC(le)
SHIM_ARITHMETIC(gt)
SHIM_ARITHMETIC(ge)
SHIM_ARITHMETIC(floor_divide)

SHIM_BINARY(atan2)
SHIM_BINARY(maximum)
SHIM_BINARY(minimum)
SHIM_BINARY(logical_and)
SHIM_BINARY(logical_or)
SHIM_BINARY(logical_xor)
SHIM_BINARY_(logical_and)
SHIM_BINARY_(logical_or)
SHIM_BINARY_(logical_xor)
SHIM_BINARY(bitwise_and)
SHIM_BINARY(bitwise_or)
SHIM_BINARY(bitwise_xor)

namespace {
const char* const rounding_names[] = {"", "trunc", "floor"};
Maybe<c10::string_view> rounding(int32_t mode) {
    return mode == 0 ? Maybe<c10::string_view>() : Maybe<c10::string_view>(rounding_names[mode]);
}
}  // namespace

SHIM_EXPORT Handle shim_div(Handle a, Handle b, int32_t mode) { SHIM_GIVE(a->div(*b, rounding(mode))) }
SHIM_EXPORT int32_t shim_div_(Handle a, Handle b, int32_t mode) { SHIM_DO(a->div_(*b, rounding(mode))) }
SHIM_EXPORT Handle shim_div_scalar(Handle a, Number b, int32_t mode) { SHIM_GIVE(a->div(scalar(b), rounding(mode))) }
SHIM_EXPORT int32_t shim_div_scalar_(Handle a, Number b, int32_t mode) { SHIM_DO(a->div_(scalar(b), rounding(mode))) }

SHIM_EXPORT Handle shim_addcmul(Handle a, Handle b, Handle c, Number value) { SHIM_GIVE(a->addcmul(*b, *c, scalar(value))) }
SHIM_EXPORT int32_t shim_addcmul_(Handle a, Handle b, Handle c, Number value) { SHIM_DO(a->addcmul_(*b, *c, scalar(value))) }
SHIM_EXPORT Handle shim_addcdiv(Handle a, Handle b, Handle c, Number value) { SHIM_GIVE(a->addcdiv(*b, *c, scalar(value))) }
SHIM_EXPORT int32_t shim_addcdiv_(Handle a, Handle b, Handle c, Number value) { SHIM_DO(a->addcdiv_(*b, *c, scalar(value))) }
SHIM_EXPORT Handle shim_lerp(Handle a, Handle end, Handle weight) { SHIM_GIVE(a->lerp(*end, *weight)) }
SHIM_EXPORT int32_t shim_lerp_(Handle a, Handle end, Handle weight) { SHIM_DO(a->lerp_(*end, *weight)) }
SHIM_EXPORT Handle shim_lerp_scalar(Handle a, Handle end, double weight) { SHIM_GIVE(a->lerp(*end, weight)) }
SHIM_EXPORT int32_t shim_lerp_scalar_(Handle a, Handle end, double weight) { SHIM_DO(a->lerp_(*end, weight)) }
SHIM_EXPORT int32_t shim_fill_(Handle a, Number value) { SHIM_DO(a->fill_(scalar(value))) }

SHIM_EXPORT Handle shim_clamp(Handle a, Number low, Number high) { SHIM_GIVE(a->clamp(maybe(low), maybe(high))) }
SHIM_EXPORT int32_t shim_clamp_(Handle a, Number low, Number high) { SHIM_DO(a->clamp_(maybe(low), maybe(high))) }
SHIM_EXPORT Handle shim_clamp_tensor(Handle a, Handle low, Handle high) { SHIM_GIVE(a->clamp(maybe(low), maybe(high))) }
SHIM_EXPORT int32_t shim_clamp_tensor_(Handle a, Handle low, Handle high) { SHIM_DO(a->clamp_(maybe(low), maybe(high))) }

SHIM_EXPORT Handle shim_where(Handle condition, Handle a, Handle b) { SHIM_GIVE(at::where(*condition, *a, *b)) }
SHIM_EXPORT Handle shim_isclose(Handle a, Handle b, double rtol, double atol, int32_t equal_nan) {
    SHIM_GIVE(a->isclose(*b, rtol, atol, equal_nan != 0))
}
/// 1 true, 0 false, -1 failure.
SHIM_EXPORT int32_t shim_allclose(Handle a, Handle b, double rtol, double atol, int32_t equal_nan) {
    SHIM_VALUE(-1, a->allclose(*b, rtol, atol, equal_nan != 0) ? 1 : 0)
}
SHIM_EXPORT int32_t shim_same(Handle a, Handle b) { SHIM_VALUE(-1, a->equal(*b) ? 1 : 0) }
