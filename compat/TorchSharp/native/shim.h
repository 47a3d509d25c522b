// The C surface that the managed TorchSharp stand-in calls. Conventions of every exported function:
//   - a tensor handle is a heap-allocated at::Tensor*; the caller releases it with shim_dispose; null stands for "no tensor";
//   - a function that makes a tensor returns null on failure, any other returns non-zero (or writes nothing) on failure;
//   - no C++ exception leaves the library: its message waits in shim_error, per thread, until read.
#pragma once

#include <ATen/ATen.h>
#include <torch/version.h>

#include <cstdint>
#include <exception>
#include <string>
#include <vector>

#if defined(_WIN32)
#define SHIM_EXPORT extern "C" __declspec(dllexport)
#else
#define SHIM_EXPORT extern "C" __attribute__((visibility("default")))
#endif

#define SHIM_TORCH_AT_LEAST(major, minor) \
    (TORCH_VERSION_MAJOR > (major) || (TORCH_VERSION_MAJOR == (major) && TORCH_VERSION_MINOR >= (minor)))

#if SHIM_TORCH_AT_LEAST(2, 4)
#include <optional>
template <typename T> using Maybe = std::optional<T>;
#else
template <typename T> using Maybe = c10::optional<T>;
#endif

using Handle = at::Tensor*;

/// A number as the managed Scalar holds it.
struct Number {
    double real;
    int64_t integer;
    int32_t kind;  // 0 none, 1 integer, 2 real, 3 boolean
};

/// What a new tensor is to be. dtype < 0 and device < 0 mean "not said".
struct Options {
    int32_t dtype;
    int32_t device;
    int32_t index;
    int32_t requires_grad;
};

namespace shim {

void remember_current_exception() noexcept;

inline Handle give(at::Tensor&& tensor) { return tensor.defined() ? new at::Tensor(std::move(tensor)) : nullptr; }
inline Handle give(const at::Tensor& tensor) { return tensor.defined() ? new at::Tensor(tensor) : nullptr; }

inline Maybe<at::Tensor> maybe(Handle handle) { return handle ? Maybe<at::Tensor>(*handle) : Maybe<at::Tensor>(); }

inline at::Tensor tensor_or_none(Handle handle) { return handle ? *handle : at::Tensor(); }

inline at::Scalar scalar(const Number& n) {
    switch (n.kind) {
        case 1: return at::Scalar(n.integer);
        case 3: return at::Scalar(n.integer != 0);
        default: return at::Scalar(n.real);
    }
}

inline Maybe<at::Scalar> maybe(const Number& n) { return n.kind ? Maybe<at::Scalar>(scalar(n)) : Maybe<at::Scalar>(); }

inline Maybe<at::ScalarType> maybe_type(int32_t dtype) {
    return dtype < 0 ? Maybe<at::ScalarType>() : Maybe<at::ScalarType>(static_cast<at::ScalarType>(dtype));
}

inline at::IntArrayRef sizes(const int64_t* data, int64_t count) { return at::IntArrayRef(data, static_cast<size_t>(count)); }

inline std::vector<at::Tensor> list(const Handle* handles, int64_t count) {
    std::vector<at::Tensor> tensors;
    tensors.reserve(static_cast<size_t>(count));
    for (int64_t i = 0; i < count; i++) tensors.push_back(tensor_or_none(handles[i]));
    return tensors;
}

inline at::Device device(int32_t type, int32_t index) {
    return at::Device(static_cast<at::DeviceType>(type), static_cast<c10::DeviceIndex>(index));
}

inline at::TensorOptions options(const Options& o) {
    at::TensorOptions made;
    if (o.dtype >= 0) made = made.dtype(static_cast<at::ScalarType>(o.dtype));
    if (o.device >= 0) made = made.device(device(o.device, o.index));
    return made;
}

inline at::Tensor finish(at::Tensor tensor, const Options& o) {
    if (o.requires_grad) tensor.set_requires_grad(true);
    return tensor;
}

}  // namespace shim

/// Body of a function that returns a tensor.
#define SHIM_GIVE(...)                                     \
    try {                                                  \
        return shim::give(__VA_ARGS__);                    \
    } catch (...) {                                        \
        shim::remember_current_exception();                \
        return nullptr;                                    \
    }

/// Body of a function that returns 0 for success and 1 for failure.
#define SHIM_DO(...)                                       \
    try {                                                  \
        __VA_ARGS__;                                       \
        return 0;                                          \
    } catch (...) {                                        \
        shim::remember_current_exception();                \
        return 1;                                          \
    }

/// Body of a function that returns a value, or `failure`.
#define SHIM_VALUE(failure, ...)                           \
    try {                                                  \
        return __VA_ARGS__;                                \
    } catch (...) {                                        \
        shim::remember_current_exception();                \
        return failure;                                    \
    }

// The usual shapes of an operation.
#define SHIM_UNARY(name) SHIM_EXPORT Handle shim_##name(Handle a) { SHIM_GIVE(a->name()) }
#define SHIM_UNARY_(name) SHIM_EXPORT int32_t shim_##name##_(Handle a) { SHIM_DO(a->name##_()) }
#define SHIM_BINARY(name) SHIM_EXPORT Handle shim_##name(Handle a, Handle b) { SHIM_GIVE(a->name(*b)) }
#define SHIM_BINARY_(name) SHIM_EXPORT int32_t shim_##name##_(Handle a, Handle b) { SHIM_DO(a->name##_(*b)) }
#define SHIM_SCALAR(name) SHIM_EXPORT Handle shim_##name##_scalar(Handle a, Number b) { SHIM_GIVE(a->name(shim::scalar(b))) }
#define SHIM_SCALAR_(name) SHIM_EXPORT int32_t shim_##name##_scalar_(Handle a, Number b) { SHIM_DO(a->name##_(shim::scalar(b))) }
