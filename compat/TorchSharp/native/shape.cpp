// Views, indexing, joining, reductions, sorting, matrix products.
#include "shim.h"

using namespace shim;

// ---- views ---------------------------------------------------------------------------------------------------------

SHIM_EXPORT Handle shim_view(Handle a, const int64_t* s, int64_t n) { SHIM_GIVE(a->view(sizes(s, n))) }
SHIM_EXPORT Handle shim_reshape(Handle a, const int64_t* s, int64_t n) { SHIM_GIVE(a->reshape(sizes(s, n))) }
SHIM_EXPORT Handle shim_permute(Handle a, const int64_t* s, int64_t n) { SHIM_GIVE(a->permute(sizes(s, n))) }
SHIM_EXPORT Handle shim_expand(Handle a, const int64_t* s, int64_t n, int32_t hidden) {
    SHIM_GIVE(a->expand(sizes(s, n), hidden != 0))
}
SHIM_EXPORT Handle shim_as_strided(Handle a, const int64_t* s, int64_t n, const int64_t* strides, int64_t m, int64_t offset) {
    SHIM_GIVE(a->as_strided(sizes(s, n), sizes(strides, m), offset))
}
SHIM_EXPORT Handle shim_repeat(Handle a, const int64_t* s, int64_t n) { SHIM_GIVE(a->repeat(sizes(s, n))) }
SHIM_EXPORT Handle shim_tile(Handle a, const int64_t* s, int64_t n) { SHIM_GIVE(a->tile(sizes(s, n))) }
SHIM_EXPORT Handle shim_flip(Handle a, const int64_t* s, int64_t n) { SHIM_GIVE(a->flip(sizes(s, n))) }
SHIM_EXPORT Handle shim_roll(Handle a, const int64_t* shifts, int64_t n, const int64_t* dims, int64_t m) {
    SHIM_GIVE(a->roll(sizes(shifts, n), sizes(dims, m)))
}
SHIM_EXPORT Handle shim_rot90(Handle a, int64_t k, int64_t dim0, int64_t dim1) { SHIM_GIVE(a->rot90(k, {dim0, dim1})) }
SHIM_EXPORT Handle shim_transpose(Handle a, int64_t d0, int64_t d1) { SHIM_GIVE(a->transpose(d0, d1)) }
SHIM_EXPORT Handle shim_movedim(Handle a, const int64_t* from, int64_t n, const int64_t* to, int64_t m) {
    SHIM_GIVE(a->movedim(sizes(from, n), sizes(to, m)))
}
SHIM_EXPORT Handle shim_flatten(Handle a, int64_t start, int64_t end) { SHIM_GIVE(a->flatten(start, end)) }
SHIM_EXPORT Handle shim_unflatten(Handle a, int64_t dim, const int64_t* s, int64_t n) { SHIM_GIVE(a->unflatten(dim, sizes(s, n))) }
SHIM_UNARY(t)
SHIM_UNARY(squeeze)
SHIM_EXPORT Handle shim_squeeze_dim(Handle a, int64_t dim) { SHIM_GIVE(a->squeeze(dim)) }
SHIM_EXPORT Handle shim_unsqueeze(Handle a, int64_t dim) { SHIM_GIVE(a->unsqueeze(dim)) }
SHIM_EXPORT int32_t shim_unsqueeze_(Handle a, int64_t dim) { SHIM_DO(a->unsqueeze_(dim)) }
SHIM_EXPORT int32_t shim_squeeze_(Handle a) { SHIM_DO(a->squeeze_()) }
SHIM_EXPORT int32_t shim_squeeze_dim_(Handle a, int64_t dim) { SHIM_DO(a->squeeze_(dim)) }
SHIM_EXPORT Handle shim_narrow(Handle a, int64_t dim, int64_t start, int64_t length) { SHIM_GIVE(a->narrow(dim, start, length)) }
SHIM_EXPORT Handle shim_select(Handle a, int64_t dim, int64_t index) { SHIM_GIVE(a->select(dim, index)) }
SHIM_EXPORT Handle shim_slice(Handle a, int64_t dim, int64_t start, int64_t end, int64_t step) {
    SHIM_GIVE(a->slice(dim, start, end, step))
}
SHIM_EXPORT Handle shim_unfold(Handle a, int64_t dim, int64_t size, int64_t step) { SHIM_GIVE(a->unfold(dim, size, step)) }
SHIM_EXPORT Handle shim_diagonal(Handle a, int64_t offset, int64_t d1, int64_t d2) { SHIM_GIVE(a->diagonal(offset, d1, d2)) }
SHIM_EXPORT Handle shim_diag(Handle a, int64_t diagonal) { SHIM_GIVE(a->diag(diagonal)) }
SHIM_EXPORT Handle shim_diag_embed(Handle a, int64_t offset, int64_t d1, int64_t d2) { SHIM_GIVE(a->diag_embed(offset, d1, d2)) }
SHIM_EXPORT Handle shim_tril(Handle a, int64_t diagonal) { SHIM_GIVE(a->tril(diagonal)) }
SHIM_EXPORT Handle shim_triu(Handle a, int64_t diagonal) { SHIM_GIVE(a->triu(diagonal)) }

// ---- many tensors out: the caller's buffer receives up to `room` handles; the count, or -1, comes back -----------------

namespace {
int64_t hand_out(std::vector<at::Tensor>&& parts, Handle* into, int64_t room) {
    TORCH_CHECK(static_cast<int64_t>(parts.size()) <= room, parts.size(), " parts do not fit in ", room, " places");
    for (size_t i = 0; i < parts.size(); i++) into[i] = new at::Tensor(std::move(parts[i]));
    return static_cast<int64_t>(parts.size());
}
}  // namespace

SHIM_EXPORT int64_t shim_split(Handle a, int64_t size, int64_t dim, Handle* into, int64_t room) {
    SHIM_VALUE(-1, hand_out(a->split(size, dim), into, room))
}
SHIM_EXPORT int64_t shim_split_sizes(Handle a, const int64_t* s, int64_t n, int64_t dim, Handle* into, int64_t room) {
    SHIM_VALUE(-1, hand_out(a->split_with_sizes(sizes(s, n), dim), into, room))
}
SHIM_EXPORT int64_t shim_chunk(Handle a, int64_t chunks, int64_t dim, Handle* into, int64_t room) {
    SHIM_VALUE(-1, hand_out(a->chunk(chunks, dim), into, room))
}
SHIM_EXPORT int64_t shim_unbind(Handle a, int64_t dim, Handle* into, int64_t room) { SHIM_VALUE(-1, hand_out(a->unbind(dim), into, room)) }
SHIM_EXPORT int64_t shim_meshgrid(const Handle* t, int64_t n, int32_t xy, Handle* into, int64_t room) {
    SHIM_VALUE(-1, hand_out(at::meshgrid(list(t, n), xy ? "xy" : "ij"), into, room))
}

// ---- joining -------------------------------------------------------------------------------------------------------

SHIM_EXPORT Handle shim_cat(const Handle* t, int64_t n, int64_t dim) { SHIM_GIVE(at::cat(list(t, n), dim)) }
SHIM_EXPORT Handle shim_stack(const Handle* t, int64_t n, int64_t dim) { SHIM_GIVE(at::stack(list(t, n), dim)) }
SHIM_EXPORT Handle shim_einsum(const char* equation, const Handle* t, int64_t n) { SHIM_GIVE(at::einsum(equation, list(t, n))) }

// ---- indexing ------------------------------------------------------------------------------------------------------

/// Advanced indexing: one tensor per dimension, null for "all of it".
namespace {
c10::List<Maybe<at::Tensor>> index_list(const Handle* t, int64_t n) {
    c10::List<Maybe<at::Tensor>> indices;
    indices.reserve(static_cast<size_t>(n));
    for (int64_t i = 0; i < n; i++) indices.push_back(maybe(t[i]));
    return indices;
}
}  // namespace

SHIM_EXPORT Handle shim_index(Handle a, const Handle* t, int64_t n) { SHIM_GIVE(a->index(index_list(t, n))) }
SHIM_EXPORT int32_t shim_index_put_(Handle a, const Handle* t, int64_t n, Handle value, int32_t accumulate) {
    SHIM_DO(a->index_put_(index_list(t, n), *value, accumulate != 0))
}
SHIM_EXPORT Handle shim_index_select(Handle a, int64_t dim, Handle index) { SHIM_GIVE(a->index_select(dim, *index)) }
SHIM_EXPORT Handle shim_index_add(Handle a, int64_t dim, Handle index, Handle source, Number alpha) {
    SHIM_GIVE(a->index_add(dim, *index, *source, scalar(alpha)))
}
SHIM_EXPORT int32_t shim_index_add_(Handle a, int64_t dim, Handle index, Handle source, Number alpha) {
    SHIM_DO(a->index_add_(dim, *index, *source, scalar(alpha)))
}
SHIM_EXPORT Handle shim_index_copy(Handle a, int64_t dim, Handle index, Handle source) { SHIM_GIVE(a->index_copy(dim, *index, *source)) }
SHIM_EXPORT int32_t shim_index_copy_(Handle a, int64_t dim, Handle index, Handle source) {
    SHIM_DO(a->index_copy_(dim, *index, *source))
}
SHIM_EXPORT Handle shim_gather(Handle a, int64_t dim, Handle index) { SHIM_GIVE(a->gather(dim, *index)) }
SHIM_EXPORT Handle shim_scatter(Handle a, int64_t dim, Handle index, Handle source) { SHIM_GIVE(a->scatter(dim, *index, *source)) }
SHIM_EXPORT int32_t shim_scatter_(Handle a, int64_t dim, Handle index, Handle source) { SHIM_DO(a->scatter_(dim, *index, *source)) }
SHIM_EXPORT Handle shim_scatter_add(Handle a, int64_t dim, Handle index, Handle source) {
    SHIM_GIVE(a->scatter_add(dim, *index, *source))
}
SHIM_EXPORT int32_t shim_scatter_add_(Handle a, int64_t dim, Handle index, Handle source) {
    SHIM_DO(a->scatter_add_(dim, *index, *source))
}
SHIM_EXPORT Handle shim_masked_fill(Handle a, Handle mask, Number value) { SHIM_GIVE(a->masked_fill(*mask, scalar(value))) }
SHIM_EXPORT int32_t shim_masked_fill_(Handle a, Handle mask, Number value) { SHIM_DO(a->masked_fill_(*mask, scalar(value))) }
SHIM_BINARY(masked_select)
SHIM_BINARY(take)
SHIM_UNARY(nonzero)
SHIM_EXPORT Handle shim_repeat_interleave(Handle a, int64_t repeats, int64_t dim, int32_t has_dim) {
    SHIM_GIVE(a->repeat_interleave(repeats, has_dim ? Maybe<int64_t>(dim) : Maybe<int64_t>()))
}

// ---- reductions ----------------------------------------------------------------------------------------------------

SHIM_EXPORT Handle shim_sum(Handle a, int32_t type) { SHIM_GIVE(a->sum(maybe_type(type))) }
SHIM_EXPORT Handle shim_sum_dims(Handle a, const int64_t* d, int64_t n, int32_t keep, int32_t type) {
    SHIM_GIVE(a->sum(sizes(d, n), keep != 0, maybe_type(type)))
}
SHIM_EXPORT Handle shim_mean(Handle a) { SHIM_GIVE(a->mean()) }
SHIM_EXPORT Handle shim_mean_dims(Handle a, const int64_t* d, int64_t n, int32_t keep, int32_t type) {
    SHIM_GIVE(a->mean(sizes(d, n), keep != 0, maybe_type(type)))
}
SHIM_EXPORT Handle shim_var(Handle a, int32_t unbiased) { SHIM_GIVE(a->var(unbiased != 0)) }
SHIM_EXPORT Handle shim_var_dims(Handle a, const int64_t* d, int64_t n, int32_t unbiased, int32_t keep) {
    SHIM_GIVE(a->var(sizes(d, n), unbiased != 0, keep != 0))
}
SHIM_EXPORT Handle shim_std(Handle a, int32_t unbiased) { SHIM_GIVE(a->std(unbiased != 0)) }
SHIM_EXPORT Handle shim_std_dims(Handle a, const int64_t* d, int64_t n, int32_t unbiased, int32_t keep) {
    SHIM_GIVE(a->std(sizes(d, n), unbiased != 0, keep != 0))
}
SHIM_EXPORT Handle shim_prod(Handle a, int32_t type) { SHIM_GIVE(a->prod(maybe_type(type))) }
SHIM_EXPORT Handle shim_prod_dim(Handle a, int64_t dim, int32_t keep, int32_t type) {
    SHIM_GIVE(a->prod(dim, keep != 0, maybe_type(type)))
}
SHIM_EXPORT Handle shim_norm(Handle a, double p) { SHIM_GIVE(a->norm(p)) }
SHIM_EXPORT Handle shim_norm_dim(Handle a, int64_t dim, int32_t keep, double p) { SHIM_GIVE(a->norm(p, {dim}, keep != 0)) }
SHIM_EXPORT Handle shim_logsumexp(Handle a, int64_t dim, int32_t keep) { SHIM_GIVE(a->logsumexp({dim}, keep != 0)) }
SHIM_UNARY(max)
SHIM_UNARY(min)
SHIM_UNARY(median)
SHIM_UNARY(all)
SHIM_UNARY(any)
SHIM_UNARY(argmax)
SHIM_UNARY(argmin)
SHIM_UNARY(trace)
SHIM_EXPORT Handle shim_all_dim(Handle a, int64_t dim, int32_t keep) { SHIM_GIVE(a->all(dim, keep != 0)) }
SHIM_EXPORT Handle shim_any_dim(Handle a, int64_t dim, int32_t keep) { SHIM_GIVE(a->any(dim, keep != 0)) }
SHIM_EXPORT Handle shim_argmax_dim(Handle a, int64_t dim, int32_t keep) { SHIM_GIVE(a->argmax(dim, keep != 0)) }
SHIM_EXPORT Handle shim_argmin_dim(Handle a, int64_t dim, int32_t keep) { SHIM_GIVE(a->argmin(dim, keep != 0)) }
SHIM_EXPORT Handle shim_amax(Handle a, const int64_t* d, int64_t n, int32_t keep) { SHIM_GIVE(a->amax(sizes(d, n), keep != 0)) }
SHIM_EXPORT Handle shim_amin(Handle a, const int64_t* d, int64_t n, int32_t keep) { SHIM_GIVE(a->amin(sizes(d, n), keep != 0)) }
SHIM_EXPORT Handle shim_cumsum(Handle a, int64_t dim, int32_t type) { SHIM_GIVE(a->cumsum(dim, maybe_type(type))) }
SHIM_EXPORT Handle shim_cumprod(Handle a, int64_t dim, int32_t type) { SHIM_GIVE(a->cumprod(dim, maybe_type(type))) }
SHIM_EXPORT Handle shim_softmax(Handle a, int64_t dim, int32_t type) { SHIM_GIVE(a->softmax(dim, maybe_type(type))) }
SHIM_EXPORT Handle shim_log_softmax(Handle a, int64_t dim, int32_t type) { SHIM_GIVE(a->log_softmax(dim, maybe_type(type))) }
SHIM_EXPORT Handle shim_count_nonzero(Handle a, const int64_t* d, int64_t n) {
    SHIM_GIVE(n ? a->count_nonzero(sizes(d, n)) : a->count_nonzero(Maybe<int64_t>()))
}
SHIM_EXPORT Handle shim_bincount(Handle a, Handle weights, int64_t least) { SHIM_GIVE(a->bincount(maybe(weights), least)) }

// ---- two tensors out -----------------------------------------------------------------------------------------------

namespace {
int32_t hand_out(std::tuple<at::Tensor, at::Tensor>&& pair, Handle* into) {
    into[0] = new at::Tensor(std::move(std::get<0>(pair)));
    into[1] = new at::Tensor(std::move(std::get<1>(pair)));
    return 0;
}
}  // namespace

SHIM_EXPORT int32_t shim_max_dim(Handle a, int64_t dim, int32_t keep, Handle* into) { SHIM_VALUE(1, hand_out(a->max(dim, keep != 0), into)) }
SHIM_EXPORT int32_t shim_min_dim(Handle a, int64_t dim, int32_t keep, Handle* into) { SHIM_VALUE(1, hand_out(a->min(dim, keep != 0), into)) }
SHIM_EXPORT int32_t shim_topk(Handle a, int64_t k, int64_t dim, int32_t largest, int32_t sorted, Handle* into) {
    SHIM_VALUE(1, hand_out(a->topk(k, dim, largest != 0, sorted != 0), into))
}
SHIM_EXPORT int32_t shim_sort(Handle a, int64_t dim, int32_t descending, int32_t stable, Handle* into) {
    SHIM_VALUE(1, hand_out(a->sort(Maybe<bool>(stable != 0), dim, descending != 0), into))
}
SHIM_EXPORT int32_t shim_var_mean(Handle a, const int64_t* d, int64_t n, int32_t unbiased, int32_t keep, Handle* into) {
    SHIM_VALUE(1, hand_out(at::var_mean(*a, sizes(d, n), unbiased != 0, keep != 0), into))
}
SHIM_EXPORT int32_t shim_std_mean(Handle a, const int64_t* d, int64_t n, int32_t unbiased, int32_t keep, Handle* into) {
    SHIM_VALUE(1, hand_out(at::std_mean(*a, sizes(d, n), unbiased != 0, keep != 0), into))
}
SHIM_EXPORT Handle shim_argsort(Handle a, int64_t dim, int32_t descending) { SHIM_GIVE(a->argsort(dim, descending != 0)) }

// ---- products ------------------------------------------------------------------------------------------------------

SHIM_BINARY(matmul)
SHIM_BINARY(mm)
SHIM_BINARY(bmm)
SHIM_BINARY(mv)
SHIM_BINARY(dot)
SHIM_BINARY(outer)
SHIM_BINARY(inner)
SHIM_BINARY(kron)
SHIM_EXPORT Handle shim_addmm(Handle a, Handle b, Handle c, double beta, double alpha) { SHIM_GIVE(a->addmm(*b, *c, beta, alpha)) }
SHIM_EXPORT int32_t shim_addmm_(Handle a, Handle b, Handle c, double beta, double alpha) { SHIM_DO(a->addmm_(*b, *c, beta, alpha)) }
SHIM_EXPORT Handle shim_baddbmm(Handle a, Handle b, Handle c, double beta, double alpha) { SHIM_GIVE(a->baddbmm(*b, *c, beta, alpha)) }
SHIM_EXPORT Handle shim_tensordot(Handle a, Handle b, const int64_t* d1, int64_t n1, const int64_t* d2, int64_t n2) {
    SHIM_GIVE(at::tensordot(*a, *b, sizes(d1, n1), sizes(d2, n2)))
}
SHIM_EXPORT Handle shim_cdist(Handle a, Handle b, double p) { SHIM_GIVE(at::cdist(*a, *b, p)) }
SHIM_EXPORT Handle shim_inverse(Handle a) { SHIM_GIVE(a->inverse()) }
SHIM_EXPORT Handle shim_cholesky(Handle a, int32_t upper) { SHIM_GIVE(a->cholesky(upper != 0)) }
SHIM_EXPORT Handle shim_cholesky_solve(Handle a, Handle factor, int32_t upper) { SHIM_GIVE(a->cholesky_solve(*factor, upper != 0)) }
SHIM_EXPORT Handle shim_linalg_solve(Handle a, Handle b) { SHIM_GIVE(at::linalg_solve(*a, *b, true)) }

// ---- indexing as in Python: numbers, slices, an ellipsis, new axes, tensors ----------------------------------------

/// kind: 0 new axis, 1 number, 2 everything, 3 ellipsis, 4 boolean, 5 tensor, 6 slice. `given` has bit 0 for start, 1 for stop, 2 for step.
struct IndexItem {
    int32_t kind;
    int32_t given;
    int64_t start;
    int64_t stop;
    int64_t step;
    Handle tensor;
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
            case 2: made.emplace_back(Slice()); break;
            case 3: made.emplace_back(at::indexing::Ellipsis); break;
            case 4: made.emplace_back(item.start != 0); break;
            case 5: made.emplace_back(*item.tensor); break;
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
SHIM_EXPORT int32_t shim_python_index_put_scalar(Handle a, const IndexItem* items, int64_t count, Number value) {
    SHIM_DO(a->index_put_(at::ArrayRef<at::indexing::TensorIndex>(python_index(items, count)), scalar(value)))
}
