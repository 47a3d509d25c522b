"""Token mixers as a PyTorch user writes them, [B, N, D] -> [B, N, D]. PyTorch 1.13 has no scaled_dot_product_attention for training; where it is there, it is taken."""
import math

import torch
import torch.nn.functional as F
from torch import nn


def by_head(x, heads):
    """[B, N, D] -> [B, H, N, K]."""
    b, n, d = x.shape
    return x.view(b, n, heads, d // heads).transpose(1, 2)


def joined(x):
    """[B, H, N, K] -> [B, N, D]."""
    b, h, n, k = x.shape
    return x.transpose(1, 2).reshape(b, n, h * k)


def scaled(x):
    """The last axis divided by its root mean square."""
    return x * (x.square().mean(dim=-1, keepdim=True) + 1e-6).rsqrt()


def softmax_attention(q, k, v):
    if hasattr(F, "scaled_dot_product_attention"):
        return F.scaled_dot_product_attention(q, k, v)
    return (q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])).softmax(dim=-1) @ v


def both_ways(recur, alike, forwards, backwards, chunk):
    """Half of a recurrence along the tokens and half of the one back, which has gates of its own; recur sees [B, H, N / C, C, ...] and gives [B, H, N, K]."""
    first = [x.contiguous() for x in (*alike, *forwards)]
    second = [x.contiguous().flip(2) for x in (*alike, *backwards)]
    there, back = (recur(*(x.unflatten(2, (-1, chunk)) for x in parts)) for parts in (first, second))
    return (there + back.flip(2)) / 2


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.output = nn.Linear(width, width)

    def forward(self, x):
        q, k, v = (by_head(part, self.heads) for part in self.qkv(x).chunk(3, dim=2))
        return self.output(self.join(joined(self.mix(q, k, v, x)), x))

    def join(self, mixed, x):
        return mixed


class SoftmaxAttention(Attention):
    def mix(self, q, k, v, x):
        return softmax_attention(q, k, v)


class DiagonalAttention(Attention):
    """Softmax attention within windows of the grid, whose side they divide."""

    def mix(self, q, k, v, x, window=8):
        b, h, n, width = q.shape
        side = int(n ** 0.5)
        split = (b, h, side // window, window, side // window, window, width)
        q, k, v = (part.reshape(split).transpose(3, 4).flatten(4, 5) for part in (q, k, v))  # [B, H, S / W, S / W, W * W, K]
        return softmax_attention(q, k, v).unflatten(4, (window, window)).transpose(3, 4).reshape(b, h, n, width)


class LinearAttention(Attention):
    def mix(self, q, k, v, x):
        return q @ (k.transpose(2, 3) @ v / (k.shape[2] * k.shape[3]))


class EluAttention(Attention):
    def mix(self, q, k, v, x):
        q, k = F.elu(q) + 1, F.elu(k) + 1
        return q @ (k.transpose(2, 3) @ v) / (q @ k.sum(dim=2).unsqueeze(3) + 1e-6)


class InLineAttention(Attention):
    """Weights that sum to one by subtraction: the mean of the keys is taken away, that of the values added."""

    def mix(self, q, k, v, x):
        k = k - k.mean(dim=2, keepdim=True)
        return q @ (k.transpose(2, 3) @ v / (k.shape[2] * math.sqrt(k.shape[3]))) + v.mean(dim=2, keepdim=True)


class CosFormer(Attention):
    """Weights that fall off with the cosines of both distances on the grid."""

    def mix(self, q, k, v, x):
        side = int(q.shape[2] ** 0.5)
        places = torch.arange(1, side + 1, dtype=q.dtype, device=q.device) * (math.pi / 2 / side)
        rows, columns = places.repeat_interleave(side).unsqueeze(1), places.repeat(side).unsqueeze(1)
        turns = torch.cat([a * b for b in (columns.sin(), columns.cos()) for a in (rows.sin(), rows.cos())], dim=1)  # [N, 4]
        q, k = ((part.relu().unsqueeze(3) * turns.unsqueeze(2)).flatten(3) for part in (q, k))  # [B, H, N, 4 K]
        return q @ (k.transpose(2, 3) @ v) / (q @ k.sum(dim=2).unsqueeze(3)).clamp_min(1e-6)


class NormAttention(Attention):
    """Linear attention without a denominator: normalised over the width and gated."""

    def __init__(self, width, heads):
        super().__init__(width, heads)
        self.gate = nn.Linear(width, width)

    def mix(self, q, k, v, x):
        return (F.elu(q) + 1) @ ((F.elu(k) + 1).transpose(2, 3) @ v / q.shape[2])

    def join(self, mixed, x):
        return scaled(mixed) * F.silu(self.gate(x))


class RalaAttention(Attention):
    """Keys weigh as much as the mean query asks for them; a map of the token multiplies the result."""

    def __init__(self, width, heads):
        super().__init__(width, heads)
        self.modulation = nn.Linear(width, width)

    def mix(self, q, k, v, x):
        q, k, n = F.elu(q) + 1, F.elu(k) + 1, q.shape[2]
        asked = q.mean(dim=2).unsqueeze(3) / math.sqrt(q.shape[3])
        k = k * ((k @ asked).softmax(dim=2) * n)
        return q @ (k.transpose(2, 3) @ v / n) / (q @ k.mean(dim=2).unsqueeze(3) + 1e-6)

    def join(self, mixed, x):
        return mixed * self.modulation(x)


class LightningAttention(Attention):
    """Weights that fade with the steps on the grid, all pairs; as it stands in the last block of several."""

    def __init__(self, width, heads):
        super().__init__(width, heads)
        self.register_buffer("slopes", 1e-5 * 2 ** (-8 / heads * torch.arange(1, heads + 1)).view(-1, 1, 1))

    def mix(self, q, k, v, x):
        side = int(q.shape[2] ** 0.5)
        places = torch.arange(side, device=q.device)
        rows, columns = places.repeat_interleave(side), places.repeat(side)
        steps = (rows.unsqueeze(1) - rows).abs() + (columns.unsqueeze(1) - columns).abs()
        return (q @ k.transpose(2, 3) * (-self.slopes * steps).exp()) @ v / math.sqrt(q.shape[3])

    def join(self, mixed, x):
        return scaled(mixed)


class MesaAttention(Attention):
    """A linear inner model learned to the end: a ridge regression of the values on the keys for each head."""

    def __init__(self, width, heads):
        super().__init__(width, heads)
        self.strength = nn.Linear(width, heads)
        self.ridge = nn.Parameter(torch.zeros(heads, width // heads))

    def mix(self, q, k, v, x):
        q, k = F.normalize(q, dim=3), F.normalize(k, dim=3)
        weighed = (k * self.strength(x).sigmoid().transpose(1, 2).unsqueeze(3)).transpose(2, 3)  # [B, H, K, N]
        gram = (weighed @ k).double() + (F.softplus(self.ridge) + 0.25).double().diag_embed()
        return q @ torch.linalg.solve(gram, (weighed @ v).double()).to(q.dtype)

    def join(self, mixed, x):
        return scaled(mixed)


class GatedLinearAttention(nn.Module):
    """A state of which each row fades by a gate of its own, both ways along the tokens; keys half as wide as values, and a blend with the tokens."""

    def __init__(self, width, heads, rank=16):
        super().__init__()
        self.heads = heads
        self.keys, self.values, self.blend, self.output = (nn.Linear(width, width) for _ in range(4))
        self.gates = nn.Sequential(nn.Linear(width, rank, bias=False), nn.Linear(rank, width))

    def forward(self, x):
        q, k = (by_head(part, self.heads) for part in self.keys(x).chunk(2, dim=2))
        forwards, backwards = (by_head(part, self.heads) for part in (F.logsigmoid(self.gates(x)) / 16).chunk(2, dim=2))
        v = by_head(self.values(x), self.heads)
        mixed = joined(both_ways(self.recur, (q / math.sqrt(q.shape[3]), k, v), (forwards,), (backwards,), chunk=16))
        share = self.blend(x).sigmoid()
        return self.output(share * scaled(mixed) + (1 - share) * scaled(x))

    @staticmethod
    def recur(q, k, v, g):
        sums = g.cumsum(dim=3)
        last = sums[:, :, :, -1:]
        asking = q * sums.exp()  # The logarithms are small, one chunk of them does not overflow when turned around.
        within = (asking @ (k * (-sums).exp()).transpose(3, 4)).tril() @ v
        added, lasting = (k * (last - sums).exp()).transpose(3, 4) @ v, last.exp().transpose(3, 4)
        state, y = torch.zeros_like(added[:, :, 0]), []
        for own, asks, new, rest in zip(*(part.unbind(2) for part in (within, asking, added, lasting))):
            y.append(own + asks @ state)
            state = state * rest + new
        return torch.cat(y, dim=2)


class GatedDeltaNet(Attention):
    """A state that fades, and that each token corrects by what it gets wrong of the token's value, both ways along the tokens."""

    def __init__(self, width, heads):
        super().__init__(width, heads)
        self.steps = nn.Linear(width, 4 * heads)  # strengths both ways, then decays
        self.rates = nn.Parameter((1 + 15 * torch.rand(2 * heads)).log())
        fading = 0.001 * 100 ** torch.rand(2 * heads)
        self.rates_bias = nn.Parameter(fading + (-torch.expm1(-fading)).log())

    def mix(self, q, k, v, x):
        strengths, decays = self.steps(x).transpose(1, 2).chunk(2, dim=1)  # [B, 2 H, N]
        decays = -self.rates.exp().unsqueeze(1) * F.softplus(decays + self.rates_bias.unsqueeze(1))
        forwards, backwards = zip(strengths.sigmoid().chunk(2, dim=1), decays.chunk(2, dim=1))
        return both_ways(self.recur, (F.normalize(q, dim=3), F.normalize(k, dim=3), v), forwards, backwards, chunk=64)

    def join(self, mixed, x):
        return scaled(mixed)

    @staticmethod
    def recur(q, k, v, strength, decay):
        sums = decay.cumsum(dim=3)
        later = torch.ones(k.shape[3], k.shape[3], dtype=torch.bool, device=k.device).triu(1)
        fades = (sums.unsqueeze(4) - sums.unsqueeze(3)).masked_fill(later, -math.inf).exp()  # [B, H, n, C, C]
        grown, last = sums.exp().unsqueeze(4), sums[:, :, :, -1:]
        own = k * strength.unsqueeze(4)
        # The corrections U of a chunk: (I + A) U = V - W S, A strictly below the diagonal.
        system = (own @ k.transpose(3, 4) * fades).tril(-1)
        wanted = torch.cat([v * strength.unsqueeze(4), own * grown], dim=4)
        corrections, seen = torch.linalg.solve_triangular(system, wanted, upper=False, unitriangular=True).chunk(2, dim=4)
        weights, asking = q @ k.transpose(3, 4) * fades, q * grown
        kept, lasting = (k * (last - sums).exp().unsqueeze(4)).transpose(3, 4), last.exp().unsqueeze(4)
        state, y = k.new_zeros(*k.shape[:2], k.shape[4], v.shape[4]), []
        for u, w, own, asks, keep, rest in zip(*(part.unbind(2) for part in (corrections, seen, weights, asking, kept, lasting))):
            u = u - w @ state
            y.append(asks @ state + own @ u)
            state = state * rest + keep @ u
        return torch.cat(y, dim=2)


class ViT3(nn.Module):
    """Inner models that learn by one clipped step to agree with the values: gated linear units in the heads, and a 3x3 depth-wise convolution beside them."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads, k = heads, width // heads
        self.sizes = 3 * [width] + 3 * [k]
        self.qkv, self.output = nn.Linear(width, sum(self.sizes)), nn.Linear(width + k, width)
        self.glu = nn.Parameter(nn.init.trunc_normal_(torch.empty(heads, k, 2 * k), std=0.02))
        self.kernels = nn.Parameter(nn.init.trunc_normal_(torch.empty(k, 1, 3, 3), std=0.02))

    def forward(self, x):
        parts = self.qkv(x).split(self.sizes, dim=2)
        units = joined(self.units(*(by_head(part, self.heads) for part in parts[:3])))
        return self.output(torch.cat([units, self.convolved(*parts[3:])], dim=2))

    def units(self, q, k, v):
        z, gate = (k @ self.glu).chunk(2, dim=3)
        s, pull = gate.sigmoid(), v / (-3 * v.shape[2])
        gradient = k.transpose(2, 3) @ torch.cat([pull * gate * s, pull * z * s * (1 + gate * (1 - s))], dim=3)  # [B, H, K, 2 K]
        z, gate = (q @ (self.glu - self.clipped(gradient, 2))).chunk(2, dim=3)
        return z * F.silu(gate)

    def convolved(self, q, k, v):
        b, n, width = q.shape
        side = int(n ** 0.5)
        q, k, v = (part.transpose(1, 2).reshape(1, b * width, side, side) for part in (q, k, v))
        gradient = F.conv2d(k, v.view(-1, 1, side, side) / (-3 * n), padding=1, groups=b * width).view(b, width, 9)
        kernels = self.kernels - self.clipped(gradient, 2).view(b, width, 1, 3, 3)
        return F.conv2d(q, kernels.flatten(0, 1), padding=1, groups=b * width).view(b, width, n).transpose(1, 2)

    @staticmethod
    def clipped(gradient, axis):
        return gradient / (gradient.norm(dim=axis, keepdim=True) + 1)


class TestTimeTraining(nn.Module):
    """MTTT-Linear from zero, or MTTT-MLP from learned weights with a normalised decoder: one inner step. The inner gradient comes from autograd, or from its closed form."""

    def __init__(self, width, heads, mlp, nested, expansion=4):
        super().__init__()
        self.heads, self.mlp, self.nested = heads, mlp, nested
        k = width // heads
        self.train_view, self.test_view, self.output = nn.Linear(width, width), nn.Linear(width, width), nn.Linear(width, width)
        self.decoder = nn.Parameter(torch.empty(heads, k, width).uniform_(-math.sqrt(3 / width), math.sqrt(3 / width)))
        self.decoder_bias = nn.Parameter(torch.zeros(width))
        if mlp:
            m = k * expansion
            self.gamma, self.beta = nn.Parameter(torch.ones(heads, 1, width)), nn.Parameter(torch.zeros(heads, 1, width))
            bound = math.sqrt(6 / (k + m))
            self.w1, self.b1 = nn.Parameter(torch.empty(heads, k, m).uniform_(-bound, bound)), nn.Parameter(torch.zeros(heads, 1, m))
            self.w2, self.b2 = nn.Parameter(torch.empty(heads, m, k).uniform_(-bound, bound)), nn.Parameter(torch.zeros(heads, 1, k))

    def forward(self, x):
        keys, queries = by_head(self.train_view(x), self.heads), by_head(self.test_view(x), self.heads)
        weights = self.learned_by_autograd(x, keys) if self.nested else self.learned_by_hand(x, keys)
        return self.output(joined(self.inner(weights, queries)))

    @staticmethod
    def inner(weights, x):
        if len(weights) == 1:
            return x @ weights[0]
        w1, b1, w2, b2 = weights
        return F.gelu(x @ w1 + b1, approximate="tanh") @ w2 + b2

    def start(self, x):
        b, k = x.shape[0], x.shape[2] // self.heads
        if self.mlp:
            return [w.unsqueeze(0).expand(b, *w.shape) for w in (self.w1, self.b1, self.w2, self.b2)]
        return [torch.zeros(b, self.heads, k, k, dtype=x.dtype, requires_grad=True)]

    def learned_by_autograd(self, x, keys):
        weights = self.start(x)
        y = self.inner(weights, keys) @ self.decoder + self.decoder_bias
        if self.mlp:
            y = F.layer_norm(y, y.shape[3:], eps=1e-6) * self.gamma + self.beta
        loss = (y - x.unsqueeze(1)).square().sum() / (2 * x.shape[1] * keys.shape[3])
        gradients = torch.autograd.grad(loss, weights, create_graph=True)
        return [w - g for w, g in zip(weights, gradients)]

    def learned_by_hand(self, x, keys):
        scale = 1 / (x.shape[1] * keys.shape[3])
        if not self.mlp:
            pull = ((x - self.decoder_bias).unsqueeze(1) @ self.decoder.transpose(1, 2)) * scale
            return [keys.transpose(2, 3) @ pull]
        w1, b1, w2, b2 = self.start(x)
        z = keys @ w1 + b1
        t = torch.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z ** 3))
        a = 0.5 * z * (1 + t)
        slope = 0.5 * (1 + t) + 0.5 * z * (1 - t * t) * math.sqrt(2 / math.pi) * (1 + 3 * 0.044715 * z * z)
        y = (a @ w2 + b2) @ self.decoder + self.decoder_bias
        mean = y.mean(dim=3, keepdim=True)
        rest = (y.var(dim=3, keepdim=True, unbiased=False) + 1e-6).rsqrt()
        normal = (y - mean) * rest
        d_normal = (normal * self.gamma + self.beta - x.unsqueeze(1)) * self.gamma * scale
        d_y = rest * (d_normal - d_normal.mean(dim=3, keepdim=True) - normal * (d_normal * normal).mean(dim=3, keepdim=True))
        d_out = d_y @ self.decoder.transpose(1, 2)
        d_hidden = d_out @ w2.transpose(2, 3) * slope
        return [w1 - keys.transpose(2, 3) @ d_hidden, b1 - d_hidden.sum(2, keepdim=True), w2 - a.transpose(2, 3) @ d_out, b2 - d_out.sum(2, keepdim=True)]


MIXERS = {
    "none": lambda width, heads: None,
    "softmax": SoftmaxAttention,
    "linear": LinearAttention,
    "elu": EluAttention,
    "ttt-linear": lambda width, heads: TestTimeTraining(width, heads, mlp=False, nested=True),
    "ttt-linear-closed": lambda width, heads: TestTimeTraining(width, heads, mlp=False, nested=False),
    "ttt-mlp": lambda width, heads: TestTimeTraining(width, heads, mlp=True, nested=True),
    "ttt-mlp-closed": lambda width, heads: TestTimeTraining(width, heads, mlp=True, nested=False),
    "vit3": ViT3,
    "cosformer": CosFormer,
    "norm": NormAttention,
    "diagonal": DiagonalAttention,
    "gla": GatedLinearAttention,
    "lightning": LightningAttention,
    "mesa": MesaAttention,
    "rala": RalaAttention,
    "inline": InLineAttention,
    "gated-delta": GatedDeltaNet,
}
