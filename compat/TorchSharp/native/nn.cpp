// What torch.nn.functional is made of.
#include "shim.h"

#include <cmath>

using namespace shim;

SHIM_EXPORT Handle shim_linear(Handle input, Handle weight, Handle bias) { SHIM_GIVE(at::linear(*input, *weight, maybe(bias))) }

SHIM_EXPORT Handle shim_conv2d(
    Handle input, Handle weight, Handle bias, const int64_t* stride, int64_t ns, const int64_t* padding, int64_t np,
    const int64_t* dilation, int64_t nd, int64_t groups) {
    SHIM_GIVE(at::conv2d(*input, *weight, maybe(bias), sizes(stride, ns), sizes(padding, np), sizes(dilation, nd), groups))
}

SHIM_EXPORT Handle shim_layer_norm(Handle input, const int64_t* s, int64_t n, Handle weight, Handle bias, double eps) {
    SHIM_GIVE(at::layer_norm(*input, sizes(s, n), maybe(weight), maybe(bias), eps))
}
SHIM_EXPORT Handle shim_batch_norm(
    Handle input, Handle weight, Handle bias, Handle mean, Handle variance, int32_t training, double momentum, double eps) {
    SHIM_GIVE(at::batch_norm(*input, maybe(weight), maybe(bias), maybe(mean), maybe(variance), training != 0, momentum, eps,
                             at::globalContext().userEnabledCuDNN()))
}

SHIM_EXPORT Handle shim_cross_entropy(
    Handle input, Handle target, Handle weight, int64_t reduction, int64_t ignore_index, double label_smoothing) {
    SHIM_GIVE(at::cross_entropy_loss(*input, *target, maybe(weight), reduction, ignore_index, label_smoothing))
}

SHIM_EXPORT Handle shim_max_pool2d(
    Handle input, const int64_t* kernel, int64_t nk, const int64_t* stride, int64_t ns, const int64_t* padding, int64_t np,
    const int64_t* dilation, int64_t nd, int32_t ceil) {
    SHIM_GIVE(at::max_pool2d(*input, sizes(kernel, nk), sizes(stride, ns), sizes(padding, np), sizes(dilation, nd), ceil != 0))
}

/// mode: 0 constant, 1 reflect, 2 replicate, 3 circular.
SHIM_EXPORT Handle shim_pad(Handle input, const int64_t* p, int64_t n, int32_t mode, double value) {
    static const char* const names[] = {"constant", "reflect", "replicate", "circular"};
    SHIM_GIVE(at::pad(*input, sizes(p, n), names[mode], mode == 0 ? Maybe<double>(value) : Maybe<double>()))
}

namespace {
at::Tensor upsample(const at::Tensor& x, at::IntArrayRef size, int32_t mode, bool align, bool antialias) {
    const int64_t spatial = x.dim() - 2;
    TORCH_CHECK(static_cast<int64_t>(size.size()) == spatial, "interpolate: the size has ", size.size(), " entries, the input has ",
                spatial, " spatial dimensions");
    switch (mode) {
        case 0:
            if (spatial == 1) return at::upsample_nearest1d(x, size);
            if (spatial == 2) return at::upsample_nearest2d(x, size);
            return at::upsample_nearest3d(x, size);
        case 1: return at::upsample_linear1d(x, size, align);
        case 2: return antialias ? at::_upsample_bilinear2d_aa(x, size, align) : at::upsample_bilinear2d(x, size, align);
        case 3: return antialias ? at::_upsample_bicubic2d_aa(x, size, align) : at::upsample_bicubic2d(x, size, align);
        case 4: return at::upsample_trilinear3d(x, size, align);
        case 5:
            if (spatial == 1) return at::adaptive_avg_pool1d(x, size);
            if (spatial == 2) return at::adaptive_avg_pool2d(x, size);
            return at::adaptive_avg_pool3d(x, size);
        default: TORCH_CHECK(false, "interpolate: mode ", mode, " is not supported");
    }
}
}  // namespace

/// mode: 0 nearest, 1 linear, 2 bilinear, 3 bicubic, 4 trilinear, 5 area.
SHIM_EXPORT Handle shim_interpolate(Handle input, const int64_t* s, int64_t n, int32_t mode, int32_t align, int32_t antialias) {
    SHIM_GIVE(upsample(*input, sizes(s, n), mode, align != 0, antialias != 0))
}

// ---- training steps ------------------------------------------------------------------------------------------------

/// Scales the gradients so that their joint norm is at most max_norm; writes the norm before that.
SHIM_EXPORT int32_t shim_clip_grad_norm(const Handle* parameters, int64_t count, double max_norm, double norm_type, double* total) {
    try {
        at::NoGradGuard no_grad;
        std::vector<at::Tensor> gradients, norms;
        for (int64_t i = 0; i < count; i++) {
            const at::Tensor& gradient = parameters[i]->grad();
            if (gradient.defined()) gradients.push_back(gradient);
        }
        *total = 0;
        if (gradients.empty()) return 0;
        const at::Device where = gradients.front().device();
        const bool largest = std::isinf(norm_type);
        for (const at::Tensor& gradient : gradients) norms.push_back((largest ? gradient.abs().max() : gradient.norm(norm_type)).to(where));
        const at::Tensor all = at::stack(norms);
        const at::Tensor norm = largest ? all.max() : all.norm(norm_type);
        const at::Tensor factor = (max_norm / (norm + 1e-6)).clamp(Maybe<at::Scalar>(), Maybe<at::Scalar>(1.0));
        for (at::Tensor& gradient : gradients) gradient.mul_(factor.to(gradient.device()));
        *total = norm.item().toDouble();
        return 0;
    } catch (...) {
        remember_current_exception();
        return 1;
    }
}

/// One AdamW step on one parameter; `step` counts from 1. 0 done, 1 failed, 2 the parameter has no gradient.
SHIM_EXPORT int32_t shim_adamw_step(
    Handle parameter, Handle mean, Handle square, Handle largest, int64_t step, double rate, double beta1, double beta2, double eps,
    double decay, int32_t maximize) {
    try {
        at::NoGradGuard no_grad;
        at::Tensor gradient = parameter->grad();
        if (!gradient.defined()) return 2;
        if (maximize) gradient = gradient.neg();
        const double correction1 = 1 - std::pow(beta1, static_cast<double>(step));
        const double correction2 = 1 - std::pow(beta2, static_cast<double>(step));
        parameter->mul_(1 - rate * decay);
        mean->mul_(beta1).add_(gradient, 1 - beta1);
        square->mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
        if (largest) largest->copy_(at::maximum(*largest, *square));
        const at::Tensor scale = (largest ? *largest : *square).sqrt().div_(std::sqrt(correction2)).add_(eps);
        parameter->addcdiv_(*mean, scale, -rate / correction1);
        return 0;
    } catch (...) {
        remember_current_exception();
        return 1;
    }
}
