// Views, indexing, joining, reductions, matrix products.
#include "shim.h"

using namespace shim;

// ---- views ---------------------------------------------------------------------------------------------------------

SHIM_EXPORT Handle shim_view(Handle a, const int64_t* s, int64_t n) { SHIM_GIVE(a->view(sizes(s, n))) }
SHIM_EXPORT Handle shim_reshape(Handle a, const int64_t* s, int64_t n) { SHIM_GIVE(a->reshape(sizes(s, n))) }
SHIM_EXPORT Handle shim_permute(Handle a, const int64_t* s, int64_t n) { SHIM_GIVE(a->permute(sizes(s, n))) }
SHIM_EXPORT Handle shim_expand(Handle a, const int64_t* s, int64_t n, int32_t hidden) {
    SHIM_GIVE(a->expand(sizes(s, n), hidden != 0))
}
SHIM_EXPORT Handle shim_flip(Handle a, const int64_t* s, int64_t n) { SHIM_GIVE(a->flip(sizes(s, n))) }
SHIM_EXPORT Handle shim_roll(Handle a, const int64_t* shifts, int64_t n, const int64_t* dims, int64_t m) {
    SHIM_GIVE(a->roll(sizes(shifts, n), sizes(dims, m)))
}
SHIM_EXPORT Handle shim_transpose(Handle a, int64_t d0, int64_t d1) { SHIM_GIVE(a->transpose(d0, d1)) }
SHIM_UNARY(t)
SHIM_UNARY(squeeze)
SHIM_EXPORT Handle shim_squeeze_dim(Handle a, int64_t dim) { SHIM_GIVE(a->squeeze(dim)) }
SHIM_EXPORT Handle shim_unsqueeze(Handle a, int64_t dim) { SHIM_GIVE(a->unsqueeze(dim)) }
SHIM_EXPORT Handle shim_narrow(Handle a, int64_t dim, int64_t start, int64_t length) { SHIM_GIVE(a->narrow(dim, start, length)) }
SHIM_EXPORT Handle shim_select(Handle a, int64_t dim, int64_t index) { SHIM_GIVE(a->select(dim, index)) }

// ---- many tensors out: the caller's buffer receives up to `room` handles; the count, or -1, comes back -----------------

namespace {
int64_t hand_out(std::vector<at::Tensor>&& parts, Handle* into, int64_t room) {
    TORCH_CHECK(static_cast<int64_t>(parts.size()) <= room, parts.size(), " parts do not fit in ", room, " places");
    for (size_t i = 0; i < parts.size(); i++) into[i] = new at::Tensor(std::move(parts[i]));
    return static_cast<int64_t>(parts.size());
}
}  // namespace

SHIM_EXPORT int64_t shim_split_sizes(Handle a, const int64_t* s, int64_t n, int64_t dim, Handle* into, int64_t room) {
    SHIM_VALUE(-1, hand_out(a->split_with_sizes(sizes(s, n), dim), into, room))
}
SHIM_EXPORT int64_t shim_chunk(Handle a, int64_t chunks, int64_t dim, Handle* into, int64_t room) {
    SHIM_VALUE(-1, hand_out(a->chunk(chunks, dim), into, room))
}
SHIM_EXPORT int64_t shim_unbind(Handle a, int64_t dim, Handle* into, int64_t room) { SHIM_VALUE(-1, hand_out(a->unbind(dim), into, room)) }

// ---- joining -------------------------------------------------------------------------------------------------------

SHIM_EXPORT Handle shim_cat(const Handle* t, int64_t n, int64_t dim) { SHIM_GIVE(at::cat(list(t, n), dim)) }
SHIM_EXPORT Handle shim_stack(const Handle* t, int64_t n, int64_t dim) { SHIM_GIVE(at::stack(list(t, n), dim)) }
SHIM_EXPORT Handle shim_einsum(const char* equation, const Handle* t, int64_t n) { SHIM_GIVE(at::einsum(equation, list(t, n))) }

// ---- indexing ------------------------------------------------------------------------------------------------------

SHIM_EXPORT Handle shim_index_select(Handle a, int64_t dim, Handle index) { SHIM_GIVE(a->index_select(dim, *index)) }
SHIM_EXPORT Handle shim_gather(Handle a, int64_t dim, Handle index) { SHIM_GIVE(a->gather(dim, *index)) }

// ---- reductions ----------------------------------------------------------------------------------------------------

SHIM_EXPORT Handle shim_sum(Handle a, int32_t type) { SHIM_GIVE(a->sum(maybe_type(type))) }
SHIM_EXPORT Handle shim_sum_dims(Handle a, const int64_t* d, int64_t n, int32_t keep, int32_t type) {
    SHIM_GIVE(a->sum(sizes(d, n), keep != 0, maybe_type(type)))
}
SHIM_EXPORT Handle shim_mean(Handle a) { SHIM_GIVE(a->mean()) }
SHIM_EXPORT Handle shim_mean_dims(Handle a, const int64_t* d, int64_t n, int32_t keep, int32_t type) {
    SHIM_GIVE(a->mean(sizes(d, n), keep != 0, maybe_type(type)))
}
SHIM_EXPORT Handle shim_norm_dim(Handle a, int64_t dim, int32_t keep, double p) { SHIM_GIVE(a->norm(p, {dim}, keep != 0)) }
SHIM_UNARY(max)
SHIM_UNARY(min)
SHIM_UNARY(all)
SHIM_EXPORT Handle shim_logsumexp(Handle a, int64_t dim, int32_t keep) { SHIM_GIVE(a->logsumexp({dim}, keep != 0)) }
SHIM_EXPORT Handle shim_argmax_dim(Handle a, int64_t dim, int32_t keep) { SHIM_GIVE(a->argmax(dim, keep != 0)) }
SHIM_EXPORT Handle shim_softmax(Handle a, int64_t dim, int32_t type) { SHIM_GIVE(a->softmax(dim, maybe_type(type))) }
SHIM_EXPORT Handle shim_log_softmax(Handle a, int64_t dim, int32_t type) { SHIM_GIVE(a->log_softmax(dim, maybe_type(type))) }

// ---- products ------------------------------------------------------------------------------------------------------

SHIM_BINARY(matmul)
SHIM_BINARY(bmm)

// ---- indexing as in Python: numbers, slices, an ellipsis, new axes -------------------------------------------------

/// kind: 0 new axis, 1 number, 2 ellipsis, 3 slice. `given` has bit 0 for start, 1 for stop, 2 for step.
struct IndexItem {
    int32_t kind;
    int32_t given;
    int64_t start;
    int64_t stop;
    int64_t step;
};

namespace {
std::vector<at::indexing::TensorIndex> python_index(const IndexItem* items, int64_t count) {
    using namespace at::indexing;
    std::vector<TensorIndex> made;
    made.reserve(static_cast<size_t>(count));
    for (int64_t i = 0; i < count; i++) {
        const IndexItem& item = items[i];
        switch (item.kind) {
            case 0: made.emplace_back(at::indexing::None); break;
            case 1: made.emplace_back(item.start); break;
            case 2: made.emplace_back(at::indexing::Ellipsis); break;
            default: {
                const auto part = [&](int bit, int64_t value) {
                    return (item.given >> bit) & 1 ? Maybe<int64_t>(value) : Maybe<int64_t>();
                };
                const auto start = part(0, item.start), stop = part(1, item.stop), step = part(2, item.step);
#if SHIM_TORCH_AT_LEAST(2, 0)
                const auto symbolic = [](const Maybe<int64_t>& v) { return v ? Maybe<c10::SymInt>(c10::SymInt(*v)) : Maybe<c10::SymInt>(); };
                made.emplace_back(Slice(symbolic(start), symbolic(stop), symbolic(step)));
#else
                made.emplace_back(Slice(start, stop, step));
#endif
            }
        }
    }
    return made;
}
}  // namespace

SHIM_EXPORT Handle shim_python_index(Handle a, const IndexItem* items, int64_t count) {
    SHIM_GIVE(a->index(at::ArrayRef<at::indexing::TensorIndex>(python_index(items, count))))
}
SHIM_EXPORT int32_t shim_python_index_put(Handle a, const IndexItem* items, int64_t count, Handle value) {
    SHIM_DO(a->index_put_(at::ArrayRef<at::indexing::TensorIndex>(python_index(items, count)), *value))
}
