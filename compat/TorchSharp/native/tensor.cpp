// Making tensors, looking at them, moving them.
#include "shim.h"

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

#include <cstring>

namespace shim {

static thread_local std::string last_error;

void remember_current_exception() noexcept {
    try {
        try {
            throw;
        } catch (const c10::Error& e) {
            last_error = e.what_without_backtrace();
        } catch (const std::exception& e) {
            last_error = e.what();
        } catch (...) {
            last_error = "an unknown native error";
        }
        if (last_error.empty()) last_error = "a native error without a message";
    } catch (...) {
        // Out of memory while keeping the message: the caller still learns that the call failed.
    }
}

static at::ScalarType type_of(int32_t dtype) { return static_cast<at::ScalarType>(dtype); }

}  // namespace shim

using namespace shim;

/// The message of this thread's last failure; valid until the next failure on this thread.
SHIM_EXPORT const char* shim_error() { return last_error.c_str(); }

SHIM_EXPORT void shim_dispose(Handle a) {
    try {
        delete a;
    } catch (...) {
        remember_current_exception();
    }
}

// ---- looking -------------------------------------------------------------------------------------------------------

SHIM_EXPORT int64_t shim_ndim(Handle a) { SHIM_VALUE(-1, a->dim()) }
SHIM_EXPORT int64_t shim_numel(Handle a) { SHIM_VALUE(-1, a->numel()) }
SHIM_EXPORT int64_t shim_element_size(Handle a) { SHIM_VALUE(-1, static_cast<int64_t>(a->element_size())) }
SHIM_EXPORT int32_t shim_dtype(Handle a) { return static_cast<int32_t>(a->scalar_type()); }
SHIM_EXPORT int32_t shim_device_type(Handle a) { SHIM_VALUE(-1, static_cast<int32_t>(a->device().type())) }
SHIM_EXPORT int32_t shim_device_index(Handle a) { SHIM_VALUE(-1, static_cast<int32_t>(a->device().index())) }
SHIM_EXPORT int32_t shim_requires_grad(Handle a) { SHIM_VALUE(0, a->requires_grad() ? 1 : 0) }
SHIM_EXPORT int32_t shim_is_leaf(Handle a) { SHIM_VALUE(0, a->is_leaf() ? 1 : 0) }
SHIM_EXPORT int32_t shim_is_contiguous(Handle a) { SHIM_VALUE(0, a->is_contiguous() ? 1 : 0) }

SHIM_EXPORT int32_t shim_sizes(Handle a, int64_t* into, int64_t count) {
    SHIM_DO(std::memcpy(into, a->sizes().data(), sizeof(int64_t) * static_cast<size_t>(count)))
}
SHIM_EXPORT int32_t shim_strides(Handle a, int64_t* into, int64_t count) {
    SHIM_DO(std::memcpy(into, a->strides().data(), sizeof(int64_t) * static_cast<size_t>(count)))
}
SHIM_EXPORT int32_t shim_size(Handle a, int64_t dim, int64_t* into) { SHIM_DO(*into = a->size(dim)) }
SHIM_EXPORT void* shim_data(Handle a) { SHIM_VALUE(nullptr, a->data_ptr()) }

// ---- making --------------------------------------------------------------------------------------------------------

/// Copies `bytes` bytes of elements of `source_type` into a tensor of its own.
SHIM_EXPORT Handle shim_from_data(const void* data, int64_t bytes, int32_t source_type, const int64_t* shape, int64_t rank, Options o) {
    try {
        at::Tensor made = at::empty(sizes(shape, rank), at::TensorOptions().dtype(type_of(source_type)));
        TORCH_CHECK(static_cast<int64_t>(made.nbytes()) <= bytes, "the data has ", bytes, " bytes, the shape needs ", made.nbytes());
        if (made.nbytes() > 0) std::memcpy(made.data_ptr(), data, made.nbytes());
        made = made.to(options(o));
        return give(finish(made, o));
    } catch (...) {
        remember_current_exception();
        return nullptr;
    }
}

SHIM_EXPORT Handle shim_scalar_tensor(Number value, Options o) { SHIM_GIVE(finish(at::scalar_tensor(scalar(value), options(o)), o)) }
SHIM_EXPORT Handle shim_zeros(const int64_t* s, int64_t n, Options o) { SHIM_GIVE(finish(at::zeros(sizes(s, n), options(o)), o)) }
SHIM_EXPORT Handle shim_ones(const int64_t* s, int64_t n, Options o) { SHIM_GIVE(finish(at::ones(sizes(s, n), options(o)), o)) }
SHIM_EXPORT Handle shim_empty(const int64_t* s, int64_t n, Options o) { SHIM_GIVE(finish(at::empty(sizes(s, n), options(o)), o)) }
SHIM_EXPORT Handle shim_full(const int64_t* s, int64_t n, Number value, Options o) {
    SHIM_GIVE(finish(at::full(sizes(s, n), scalar(value), options(o)), o))
}
SHIM_EXPORT Handle shim_zeros_like(Handle a, Options o) { SHIM_GIVE(finish(at::zeros_like(*a, options(o)), o)) }
SHIM_EXPORT Handle shim_arange(Number start, Number stop, Number step, Options o) {
    SHIM_GIVE(finish(at::arange(scalar(start), scalar(stop), scalar(step), options(o)), o))
}
SHIM_EXPORT Handle shim_eye(int64_t rows, int64_t columns, Options o) { SHIM_GIVE(finish(at::eye(rows, columns, options(o)), o)) }

// ---- moving and copying --------------------------------------------------------------------------------------------

SHIM_EXPORT Handle shim_alias(Handle a) { SHIM_GIVE(*a) }
SHIM_EXPORT Handle shim_detach(Handle a) { SHIM_GIVE(a->detach()) }
SHIM_EXPORT Handle shim_clone(Handle a) { SHIM_GIVE(a->clone()) }
SHIM_EXPORT Handle shim_contiguous(Handle a) { SHIM_GIVE(a->contiguous()) }
SHIM_EXPORT int32_t shim_copy_(Handle a, Handle source, int32_t non_blocking) { SHIM_DO(a->copy_(*source, non_blocking != 0)) }

SHIM_EXPORT Handle shim_to(Handle a, Options o, int32_t non_blocking, int32_t copy) {
    SHIM_GIVE(a->to(options(o), non_blocking != 0, copy != 0))
}

SHIM_EXPORT int32_t shim_set_requires_grad(Handle a, int32_t value) { SHIM_DO(a->set_requires_grad(value != 0)) }

// ---- threads, devices, grad mode -----------------------------------------------------------------------------------

SHIM_EXPORT int32_t shim_get_num_threads() { SHIM_VALUE(0, at::get_num_threads()) }
SHIM_EXPORT int32_t shim_set_num_threads(int32_t count) { SHIM_DO(at::set_num_threads(count)) }

SHIM_EXPORT int32_t shim_grad_enabled() { return at::GradMode::is_enabled() ? 1 : 0; }
SHIM_EXPORT void shim_set_grad_enabled(int32_t value) { at::GradMode::set_enabled(value != 0); }
