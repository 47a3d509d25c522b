// Reverse-mode differentiation.
#include "shim.h"

#include <torch/csrc/autograd/autograd.h>

using namespace shim;

SHIM_EXPORT Handle shim_grad(Handle a) { SHIM_GIVE(a->grad()) }
SHIM_EXPORT int32_t shim_set_grad(Handle a, Handle value) { SHIM_DO(a->mutable_grad() = tensor_or_none(value)) }

SHIM_EXPORT int32_t shim_backward(
    const Handle* tensors, int64_t count, const Handle* gradients, int64_t gradient_count, int32_t retain_graph,
    int32_t create_graph, const Handle* inputs, int64_t input_count) {
    SHIM_DO(torch::autograd::backward(
        list(tensors, count), list(gradients, gradient_count), Maybe<bool>(retain_graph != 0), create_graph != 0,
        list(inputs, input_count)))
}

/// Writes one handle per input into `results`; null where the input was not used (only with allow_unused).
SHIM_EXPORT int32_t shim_autograd_grad(
    const Handle* outputs, int64_t output_count, const Handle* inputs, int64_t input_count, const Handle* gradients,
    int64_t gradient_count, int32_t retain_graph, int32_t create_graph, int32_t allow_unused, Handle* results) {
    try {
        const auto made = torch::autograd::grad(
            list(outputs, output_count), list(inputs, input_count), list(gradients, gradient_count),
            Maybe<bool>(retain_graph != 0), create_graph != 0, allow_unused != 0);
        for (size_t i = 0; i < made.size(); i++) results[i] = give(made[i]);
        return 0;
    } catch (...) {
        remember_current_exception();
        return 1;
    }
}
