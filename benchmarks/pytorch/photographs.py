"""A folder of JPEG files with torchvision: training through a DataLoader, scoring, one at a time; and the backbone that ML.NET ships."""
import io
import pathlib

import torch
import torch.nn.functional as F
from PIL import Image
from torchvision import datasets, transforms
from torchvision.models.resnet import BasicBlock, ResNet

from mixers import MIXERS
from model import Block, Compact

SIDE, BATCH, SCORED, EPOCHS = 64, 64, 32, 3
MEAN, DEVIATION = [0.5] * 3, [0.25] * 3
PLAIN = transforms.Compose([transforms.Resize((SIDE, SIDE)), transforms.ToTensor(), transforms.Normalize(MEAN, DEVIATION)])


def train(folder, workers):
    """Three epochs from the files; for all of it."""
    varied = transforms.Compose([
        transforms.Resize((SIDE, SIDE)), transforms.RandomCrop(SIDE, padding=4), transforms.RandomHorizontalFlip(), transforms.ToTensor(), transforms.Normalize(MEAN, DEVIATION)])

    def call():
        images = datasets.ImageFolder(folder, varied)
        loader = torch.utils.data.DataLoader(images, BATCH, shuffle=True, num_workers=workers, drop_last=True, persistent_workers=True)
        model = Compact("ttt-linear-closed", classes=len(images.classes), patch=8).to(memory_format=torch.channels_last).train()
        optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.05)
        for _ in range(EPOCHS):
            for pixels, labels in loader:
                loss = F.cross_entropy(model(pixels.to(memory_format=torch.channels_last)), labels, label_smoothing=0.1)
                optimizer.zero_grad(set_to_none=True)
                loss.backward()
                optimizer.step()
                loss.item()

    return call


def files(folder):
    return [path.read_bytes() for path in sorted(pathlib.Path(folder).rglob("*.jpg"))]


def decoded(file):
    return PLAIN(Image.open(io.BytesIO(file)).convert("RGB"))


def scorer():
    model = Compact("ttt-linear-closed", classes=8, patch=8).to(memory_format=torch.channels_last).eval()

    @torch.inference_mode()
    def score(some):
        return model(torch.stack([decoded(file) for file in some]).to(memory_format=torch.channels_last)).softmax(1).numpy()

    return score


def score(folder):
    """All files, in batches; how many there are goes with it."""
    every, model = files(folder), scorer()

    def call():
        for start in range(0, len(every), SCORED):
            model(every[start:start + SCORED])

    return call, len(every)


def predict(folder):
    """One file after another."""
    every, model, at = files(folder), scorer(), 0

    def call():
        nonlocal at
        model([every[at % len(every)]])
        at += 1

    return call


def resnet():
    """ResNet-18 with ML.NET's third block in the last stage, without its classifier."""
    network = ResNet(BasicBlock, [2, 2, 2, 3]).eval()
    network.fc = torch.nn.Identity()
    return network


class FineTuned(torch.nn.Module):
    """The model for photographs: its stages are trained, what is before them and the statistics of batch normalisation are not."""

    def __init__(self, classes=10, width=256, heads=4):
        super().__init__()
        self.network = resnet()
        for module in [self.network.conv1, *(module for module in self.network.modules() if isinstance(module, torch.nn.BatchNorm2d))]:
            module.requires_grad_(False)
        self.norm, self.map = torch.nn.LayerNorm(512), torch.nn.Linear(512, width)
        self.block = Block(width, MIXERS["ttt-linear-closed"](width, heads), ratio=2)
        self.last, self.head = torch.nn.LayerNorm(width), torch.nn.Linear(width, classes)

    def train(self, mode=True):
        super().train(mode)
        self.network.eval()
        return self

    def forward(self, images):
        network = self.network
        x = network.maxpool(network.relu(network.bn1(network.conv1(images))))
        x = network.layer4(network.layer3(network.layer2(network.layer1(x))))
        x = self.block(self.map(self.norm(x.flatten(2).transpose(1, 2))))
        return self.head(self.last(x).mean(dim=1))


def backbone(pictures=16, side=224):
    """Features of pictures."""
    network = resnet().to(memory_format=torch.channels_last)
    pixels, mean = torch.randint(0, 256, (pictures, 3, side, side)).float(), torch.rand(1, 3, side, side)

    @torch.inference_mode()
    def call():
        network((pixels - mean).to(memory_format=torch.channels_last))

    return call
