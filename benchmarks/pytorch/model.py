"""The default model for small images: convolutional stem, three blocks of width 128 with the mixer in the last, [B, 3, S, S] -> [B, Y]."""
import torch.nn.functional as F
from torch import nn

from mixers import MIXERS


class Block(nn.Module):
    def __init__(self, width, mixer, ratio=4):
        super().__init__()
        self.position = nn.Conv2d(width, width, 3, padding=1, groups=width)
        self.mixer = mixer
        self.norm1 = nn.LayerNorm(width) if mixer is not None else None
        self.norm2 = nn.LayerNorm(width)
        self.up, self.down = nn.Linear(width, ratio * width), nn.Linear(ratio * width, width)

    def forward(self, x):
        b, n, d = x.shape
        side = int(n ** 0.5)
        x = x + self.position(x.transpose(1, 2).view(b, d, side, side)).flatten(2).transpose(1, 2)
        if self.mixer is not None:
            x = x + self.mixer(self.norm1(x))
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class Compact(nn.Module):
    def __init__(self, mixer, classes=10, width=128, heads=4, depth=3, patch=4):
        super().__init__()
        sizes = [3, *(width >> at for at in reversed(range(patch.bit_length())))]
        self.convolutions = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1) for a, b in zip(sizes, sizes[1:]))
        self.norms = nn.ModuleList(nn.BatchNorm2d(size) for size in sizes[1:])
        self.blocks = nn.ModuleList(Block(width, MIXERS[mixer](width, heads) if at == depth - 1 else None) for at in range(depth))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, classes)

    def forward(self, images):
        x = images
        for at, (convolution, norm) in enumerate(zip(self.convolutions, self.norms)):
            x = convolution(x)
            if at > 0:
                x = F.max_pool2d(x, 2)
            x = norm(x)
            if at < len(self.norms) - 1:
                x = F.gelu(x)
        x = x.flatten(2).transpose(1, 2)
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x).mean(dim=1))
