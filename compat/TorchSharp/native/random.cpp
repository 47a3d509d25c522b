// Generators, random tensors, CUDA queries.
#include "shim.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <torch/cuda.h>

#include <mutex>

using namespace shim;
using Gen = at::Generator*;

namespace {

Maybe<at::Generator> maybe_generator(Gen g) { return g ? Maybe<at::Generator>(*g) : Maybe<at::Generator>(); }

at::Generator make_generator(uint64_t seed, int32_t device_type, int32_t index) {
    at::Generator made;
    if (static_cast<at::DeviceType>(device_type) == at::kCPU) {
        made = at::detail::createCPUGenerator();
    } else {
        const at::Device where = device(device_type, index < 0 ? 0 : index);
        made = at::globalContext().defaultGenerator(where).clone();
    }
    std::lock_guard<std::mutex> lock(made.mutex());
    made.set_current_seed(seed);
    return made;
}

}  // namespace

SHIM_EXPORT Gen shim_generator_new(uint64_t seed, int32_t device_type, int32_t index) {
    SHIM_VALUE(nullptr, new at::Generator(make_generator(seed, device_type, index)))
}
SHIM_EXPORT Gen shim_generator_default() { SHIM_VALUE(nullptr, new at::Generator(at::detail::getDefaultCPUGenerator())) }
SHIM_EXPORT void shim_generator_dispose(Gen g) { delete g; }

/// Seeds the generators of the CPU and of every CUDA device.
SHIM_EXPORT int32_t shim_manual_seed(uint64_t seed) { SHIM_DO(at::manual_seed(seed)) }

SHIM_EXPORT Handle shim_rand(const int64_t* s, int64_t n, Gen g, Options o) {
    SHIM_GIVE(finish(at::rand(sizes(s, n), maybe_generator(g), options(o)), o))
}
SHIM_EXPORT Handle shim_randn(const int64_t* s, int64_t n, Gen g, Options o) {
    SHIM_GIVE(finish(at::randn(sizes(s, n), maybe_generator(g), options(o)), o))
}
SHIM_EXPORT Handle shim_randperm(int64_t n, Gen g, Options o) {
    SHIM_GIVE(finish(at::randperm(n, maybe_generator(g), options(o)), o))
}
SHIM_EXPORT int32_t shim_uniform_(Handle a, double from, double to, Gen g) { SHIM_DO(a->uniform_(from, to, maybe_generator(g))) }

SHIM_EXPORT int32_t shim_cuda_available() { SHIM_VALUE(0, torch::cuda::is_available() ? 1 : 0) }
SHIM_EXPORT int32_t shim_cuda_device_count() { SHIM_VALUE(0, static_cast<int32_t>(torch::cuda::device_count())) }
