// Element by element: functions, arithmetic, comparisons.
#include "shim.h"

using namespace shim;

SHIM_UNARY(abs)
SHIM_UNARY(exp)
SHIM_UNARY(neg)
SHIM_UNARY(reciprocal)
SHIM_UNARY(relu)
SHIM_UNARY(rsqrt)
SHIM_UNARY(sigmoid)
SHIM_UNARY(sqrt)
SHIM_UNARY(tanh)
SHIM_UNARY_(zero)

SHIM_EXPORT Handle shim_silu(Handle a) { SHIM_GIVE(at::silu(*a)) }
SHIM_EXPORT int32_t shim_silu_(Handle a) { SHIM_DO(at::silu_(*a)) }
SHIM_EXPORT Handle shim_gelu(Handle a, int32_t tanh) { SHIM_GIVE(at::gelu(*a, tanh ? "tanh" : "none")) }
SHIM_EXPORT Handle shim_elu(Handle a, double alpha) { SHIM_GIVE(at::elu(*a, alpha)) }

SHIM_EXPORT Handle shim_add(Handle a, Handle b, Number alpha) { SHIM_GIVE(a->add(*b, scalar(alpha))) }
SHIM_EXPORT int32_t shim_add_(Handle a, Handle b, Number alpha) { SHIM_DO(a->add_(*b, scalar(alpha))) }
SHIM_EXPORT Handle shim_add_scalar(Handle a, Number b, Number alpha) { SHIM_GIVE(a->add(scalar(b), scalar(alpha))) }
SHIM_EXPORT int32_t shim_add_scalar_(Handle a, Number b, Number alpha) { SHIM_DO(a->add_(scalar(b), scalar(alpha))) }

SHIM_BINARY(sub)
SHIM_BINARY_(sub)
SHIM_SCALAR(sub)
SHIM_BINARY(maximum)
SHIM_BINARY(mul)
SHIM_BINARY_(mul)
SHIM_SCALAR(mul)
SHIM_SCALAR_(mul)
SHIM_SCALAR(pow)
SHIM_BINARY(eq)
SHIM_SCALAR(gt)

// mode: 0 as it is, 1 towards zero, 2 down.
SHIM_EXPORT Handle shim_div(Handle a, Handle b, int32_t mode) {
    SHIM_GIVE(mode == 0 ? a->div(*b) : a->div(*b, mode == 1 ? "trunc" : "floor"))
}
SHIM_EXPORT Handle shim_div_scalar(Handle a, Number b, int32_t mode) {
    SHIM_GIVE(mode == 0 ? a->div(scalar(b)) : a->div(scalar(b), mode == 1 ? "trunc" : "floor"))
}

SHIM_EXPORT int32_t shim_fill_(Handle a, Number value) { SHIM_DO(a->fill_(scalar(value))) }

SHIM_EXPORT Handle shim_clamp(Handle a, Number low, Number high) { SHIM_GIVE(a->clamp(maybe(low), maybe(high))) }

/// 1 true, 0 false, -1 failure.
SHIM_EXPORT int32_t shim_allclose(Handle a, Handle b, double rtol, double atol, int32_t equal_nan) {
    SHIM_VALUE(-1, a->allclose(*b, rtol, atol, equal_nan != 0) ? 1 : 0)
}
SHIM_EXPORT int32_t shim_same(Handle a, Handle b) { SHIM_VALUE(-1, a->equal(*b) ? 1 : 0) }
