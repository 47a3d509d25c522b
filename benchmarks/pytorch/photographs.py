"""A folder of JPEG files with torchvision: training through a DataLoader, scoring, one at a time; and the backbone that ML.NET ships."""
import io
import pathlib

import torch
import torch.nn.functional as F
from PIL import Image
from torchvision import datasets, transforms
from torchvision.models.resnet import BasicBlock, ResNet

from model import Compact

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


def backbone(pictures=16, side=224):
    """ResNet-18 with ML.NET's third block in the last stage, without its classifier."""
    network = ResNet(BasicBlock, [2, 2, 2, 3]).eval()
    network.fc = torch.nn.Identity()
    network = network.to(memory_format=torch.channels_last)
    pixels, mean = torch.randint(0, 256, (pictures, 3, side, side)).float(), torch.rand(1, 3, side, side)

    @torch.inference_mode()
    def call():
        network((pixels - mean).to(memory_format=torch.channels_last))

    return call
