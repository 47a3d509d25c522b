// Generators, random tensors, CUDA queries.
#include "shim.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/detail/CUDAHooksInterface.h>

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
SHIM_EXPORT int32_t shim_generator_seed(Gen g, uint64_t seed) {
    SHIM_DO(std::lock_guard<std::mutex> lock(g->mutex()); g->set_current_seed(seed))
}
SHIM_EXPORT int64_t shim_generator_initial_seed(Gen g) { SHIM_VALUE(0, static_cast<int64_t>(g->current_seed())) }
SHIM_EXPORT Handle shim_generator_state(Gen g) { SHIM_GIVE(g->get_state()) }
SHIM_EXPORT int32_t shim_generator_set_state(Gen g, Handle state) { SHIM_DO(g->set_state(*state)) }

/// Seeds the generators of the CPU and of every CUDA device.
SHIM_EXPORT int32_t shim_manual_seed(uint64_t seed) { SHIM_DO(at::manual_seed(seed)) }

SHIM_EXPORT Handle shim_rand(const int64_t* s, int64_t n, Gen g, Options o) {
    SHIM_GIVE(finish(at::rand(sizes(s, n), maybe_generator(g), options(o)), o))
}
SHIM_EXPORT Handle shim_randn(const int64_t* s, int64_t n, Gen g, Options o) {
    SHIM_GIVE(finish(at::randn(sizes(s, n), maybe_generator(g), options(o)), o))
}
SHIM_EXPORT Handle shim_randint(int64_t low, int64_t high, const int64_t* s, int64_t n, Gen g, Options o) {
    SHIM_GIVE(finish(at::randint(low, high, sizes(s, n), maybe_generator(g), options(o)), o))
}
SHIM_EXPORT Handle shim_randperm(int64_t n, Gen g, Options o) {
    SHIM_GIVE(finish(at::randperm(n, maybe_generator(g), options(o)), o))
}
SHIM_EXPORT int32_t shim_uniform_(Handle a, double from, double to, Gen g) { SHIM_DO(a->uniform_(from, to, maybe_generator(g))) }
SHIM_EXPORT int32_t shim_normal_(Handle a, double mean, double std, Gen g) { SHIM_DO(a->normal_(mean, std, maybe_generator(g))) }
SHIM_EXPORT int32_t shim_bernoulli_(Handle a, double p, Gen g) { SHIM_DO(a->bernoulli_(p, maybe_generator(g))) }
SHIM_EXPORT Handle shim_bernoulli(Handle a, Gen g) { SHIM_GIVE(a->bernoulli(maybe_generator(g))) }
SHIM_EXPORT int32_t shim_exponential_(Handle a, double lambda, Gen g) { SHIM_DO(a->exponential_(lambda, maybe_generator(g))) }
SHIM_EXPORT int32_t shim_random_(Handle a, int64_t from, int64_t to, Gen g) { SHIM_DO(a->random_(from, to, maybe_generator(g))) }
SHIM_EXPORT Handle shim_multinomial(Handle a, int64_t count, int32_t replacement, Gen g) {
    SHIM_GIVE(a->multinomial(count, replacement != 0, maybe_generator(g)))
}

SHIM_EXPORT int32_t shim_cuda_available() { SHIM_VALUE(0, at::hasCUDA() && at::detail::getCUDAHooks().getNumGPUs() > 0 ? 1 : 0) }
SHIM_EXPORT int32_t shim_cuda_device_count() {
    SHIM_VALUE(0, at::hasCUDA() ? static_cast<int32_t>(at::detail::getCUDAHooks().getNumGPUs()) : 0)
}
SHIM_EXPORT int32_t shim_cudnn_available() { SHIM_VALUE(0, at::hasCUDA() && at::detail::getCUDAHooks().hasCuDNN() ? 1 : 0) }
SHIM_EXPORT int32_t shim_cuda_synchronize(int32_t index) {
    SHIM_DO(at::detail::getCUDAHooks().deviceSynchronize(static_cast<c10::DeviceIndex>(index)))
}
SHIM_EXPORT int32_t shim_get_allow_tf32_cublas() { SHIM_VALUE(0, at::globalContext().allowTF32CuBLAS() ? 1 : 0) }
SHIM_EXPORT int32_t shim_set_allow_tf32_cublas(int32_t value) { SHIM_DO(at::globalContext().setAllowTF32CuBLAS(value != 0)) }
SHIM_EXPORT int32_t shim_get_allow_tf32_cudnn() { SHIM_VALUE(0, at::globalContext().allowTF32CuDNN() ? 1 : 0) }
SHIM_EXPORT int32_t shim_set_allow_tf32_cudnn(int32_t value) { SHIM_DO(at::globalContext().setAllowTF32CuDNN(value != 0)) }
