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


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.output = nn.Linear(width, width)

    def forward(self, x):
        q, k, v = (by_head(part, self.heads) for part in self.qkv(x).chunk(3, dim=2))
        return self.output(joined(self.mix(q, k, v)))


class SoftmaxAttention(Attention):
    @staticmethod
    def mix(q, k, v):
        if hasattr(F, "scaled_dot_product_attention"):
            return F.scaled_dot_product_attention(q, k, v)
        return (q @ k.transpose(2, 3) / math.sqrt(q.shape[3])).softmax(dim=3) @ v


class LinearAttention(Attention):
    @staticmethod
    def mix(q, k, v):
        return q @ (k.transpose(2, 3) @ v / (k.shape[2] * k.shape[3]))


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
    "ttt-linear": lambda width, heads: TestTimeTraining(width, heads, mlp=False, nested=True),
    "ttt-linear-closed": lambda width, heads: TestTimeTraining(width, heads, mlp=False, nested=False),
    "ttt-mlp": lambda width, heads: TestTimeTraining(width, heads, mlp=True, nested=True),
    "ttt-mlp-closed": lambda width, heads: TestTimeTraining(width, heads, mlp=True, nested=False),
}
