"""PyTorch's side of benchmarks/Speed -- pairs: for every line that comes in, the row is run for a while and the seconds of one call go out."""
import sys
import time

import torch
import torch.nn.functional as F

from mixers import MIXERS
from model import Compact

WIDTH, HEADS, TOKENS = 192, 3, 8192
PATIENCE = 0.7


def layer(mixer, tokens):
    """One layer of ViT-Tiny's width on 8,192 tokens, forward and backward."""
    module = MIXERS[mixer](WIDTH, HEADS)
    x = torch.rand(TOKENS // int(tokens), int(tokens), WIDTH).mul(2).sub(1).requires_grad_()

    def call():
        module(x).sum().backward()
        module.zero_grad(set_to_none=True)
        x.grad = None

    return call


def step(mixer, batch="128", side="32"):
    """A training step of the default model: normalise bytes, forward, loss, backward, AdamW."""
    model = Compact(mixer).to(memory_format=torch.channels_last).train()
    images = torch.randint(0, 256, (int(batch), 3, int(side), int(side)), dtype=torch.uint8)
    labels = torch.arange(int(batch)) % 10
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.05)

    def call():
        pixels = images.to(memory_format=torch.channels_last).float().sub(120.0).div(60.0)
        loss = F.cross_entropy(model(pixels), labels, label_smoothing=0.1)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        loss.item()

    return call


def main():
    threads, kind, *arguments = sys.argv[1:]
    torch.set_num_threads(int(threads))
    torch.manual_seed(1)
    call = {"layer": layer, "step": step}[kind](*arguments)
    call()
    print("ready", torch.__version__, flush=True)
    for _ in sys.stdin:
        start, calls = time.perf_counter(), 0
        while time.perf_counter() - start < PATIENCE:
            call()
            calls += 1
        print((time.perf_counter() - start) / calls, flush=True)


main()
