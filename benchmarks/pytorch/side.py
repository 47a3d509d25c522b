"""PyTorch's side of benchmarks/Speed -- pairs: for every line that comes in, the row is run for a while and the seconds of one call go out."""
import sys
import time

import torch
import torch.nn.functional as F

import fewshot
import photographs
from mixers import MIXERS
from model import Compact

WIDTH, HEADS, TOKENS = 192, 3, 8192
PATIENCE, LATENCIES = 0.7, 200


def layer(mixer, tokens):
    """One layer of ViT-Tiny's width on 8,192 tokens, forward and backward."""
    module = MIXERS[mixer](WIDTH, HEADS)
    x = torch.rand(TOKENS // int(tokens), int(tokens), WIDTH).mul(2).sub(1).requires_grad_()

    def call():
        module(x).sum().backward()
        module.zero_grad(set_to_none=True)
        x.grad = None

    return call


def step(model):
    """A training step: normalise bytes, forward, loss, backward, AdamW."""
    if model == "fine-tuning":
        return step_of(photographs.FineTuned(), batch=16, side=128)
    return step_of(Compact(model), batch=128, side=32)


def step_of(model, batch, side):
    model = model.to(memory_format=torch.channels_last).train()
    images = torch.randint(0, 256, (batch, 3, side, side), dtype=torch.uint8)
    labels = torch.arange(batch) % 10
    optimizer = torch.optim.AdamW([parameter for parameter in model.parameters() if parameter.requires_grad], lr=2e-3, weight_decay=0.05)

    def call():
        pixels = images.to(memory_format=torch.channels_last).float().sub(120.0).div(60.0)
        logits = model(pixels)
        loss = F.cross_entropy(logits, labels, label_smoothing=0.1)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss.item(), (logits.argmax(1) == labels).float().mean().item()

    return call


def timed(call):
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def repeated(call):
    """The seconds of one call, over as many as there is patience for."""
    count = 1 if timed(call) > 2 * PATIENCE else max(1, int(PATIENCE / timed(call)))
    return lambda: timed(lambda: [call() for _ in range(count)]) / count


def latency(call, quantile):
    def seconds():
        return sorted(timed(call) for _ in range(LATENCIES))[int(quantile * LATENCIES)]

    seconds()
    return seconds


def work(threads, kind, *arguments):
    if kind == "train":
        call = photographs.train(*arguments, workers=threads)
        call()
        return lambda: timed(call)
    if kind == "score":
        call, images = photographs.score(*arguments)
        seconds = repeated(call)
        return lambda: seconds() / images
    if kind == "predict":
        folder, quantile = arguments
        return latency(photographs.predict(folder), float(quantile))
    calls = {"layer": layer, "step": step, "backbone": photographs.backbone, "episodes": fewshot.episodes, "adapt": fewshot.adapt, "classify": fewshot.classify}
    return repeated(calls[kind](*arguments))


def main():
    threads, *words = sys.argv[1:]
    torch.set_num_threads(int(threads))
    torch.manual_seed(1)
    seconds = work(int(threads), *words)
    print("ready", torch.__version__, flush=True)
    for _ in sys.stdin:
        print(seconds(), flush=True)


main()
