"""A generator of logits layers on grey images of 28 pixels, as a PyTorch user writes it: four convolutions, a learned metric, soft k-means, and a transformer that corrects the class means."""
import torch
import torch.nn.functional as F
from torch import nn

POOLINGS, LAYERS, SIDE, RANK, WIDTH, STEPS = 2, 4, 28, 128, 128, 3
SHIFTS = [(1, 1), (-1, -1)]


def embed(images, layers):
    """[M, 1, S, S] -> [M, F]; a layer is kernels and what normalises."""
    x = images
    for at, (kernels, normalise) in enumerate(layers):
        x = F.conv2d(x, kernels, padding=1)
        if at < POOLINGS:
            x = F.max_pool2d(x, 2)
        if at < LAYERS - 1:
            x = F.relu(x)
        x = normalise(x)
    return x.flatten(1)


def shifted(images, by):
    """Moved by a pixel along a diagonal, the border repeated."""
    rows, columns = (torch.arange(SIDE).sub(step).clamp(0, SIDE - 1) for step in by)
    return images.index_select(2, rows).index_select(3, columns)


def with_views(images, layers, views):
    """The mean embedding of images and of their shifted views."""
    return torch.stack([embed(one, layers) for one in [images, *(shifted(images, by) for by in SHIFTS[:views])]]).mean(0)


class Generator(nn.Module):
    def __init__(self, channels, ways=20):
        super().__init__()
        self.ways, self.views = ways, 2 if channels < 16 else 1
        sizes = [1] + [channels] * LAYERS
        self.convolutions = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1, bias=False) for a, b in zip(sizes, sizes[1:]))
        self.norms = nn.ModuleList(nn.BatchNorm2d(channels, eps=1e-3) for _ in range(LAYERS))
        features = channels * (SIDE >> POOLINGS) ** 2
        self.metric = nn.Linear(features, RANK, bias=False)
        self.register_buffer("centre", torch.zeros(RANK))
        self.scale = 4 / features
        self.temperature, self.weight, self.output_scale = nn.Parameter(torch.zeros(STEPS)), nn.Parameter(torch.zeros(STEPS)), nn.Parameter(torch.zeros(1))
        self.codes, self.places = nn.Parameter(torch.randn(ways + 1, WIDTH)), nn.Parameter(torch.randn(ways, WIDTH))
        self.sample_input, self.slot_input, self.slice = nn.Linear(RANK, WIDTH), nn.Linear(RANK, WIDTH), nn.Linear(WIDTH, RANK)
        block = nn.TransformerEncoderLayer(WIDTH, 2, 2 * WIDTH, dropout=0, batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(block, 2, norm=nn.LayerNorm(WIDTH), enable_nested_tensor=False)

    def layers(self):
        return [(convolution.weight, norm) for convolution, norm in zip(self.convolutions, self.norms)]

    def generate(self, embeddings, labels):
        """Support embeddings [B, N, D] and labels [B, N, W], a row of zeros for none -> weights [B, W, D], biases [B, W]."""
        x = embeddings - self.centre
        counts, sums = labels.sum(1).unsqueeze(2), labels.transpose(1, 2) @ x
        means = sums / counts
        unlabelled = 1 - labels.sum(2, keepdim=True)
        for step in range(STEPS):
            closeness = (2 * x @ means.transpose(1, 2) - means.square().sum(2).unsqueeze(1)) * (self.temperature[step].exp() * self.scale)
            shares = (closeness.softmax(2) * unlabelled).transpose(1, 2) * self.weight[step].exp()
            means = (shares @ x + sums) / (shares.sum(2, keepdim=True) + counts)
        codes = labels @ self.codes[: self.ways] + unlabelled * self.codes[self.ways]
        tokens = torch.cat([self.places + self.slot_input(means), self.sample_input(x) + codes], dim=1)
        means = means + self.slice(self.encoder(tokens)[:, : self.ways])
        heat = self.scale * self.output_scale.exp()
        weight = 2 * heat * means
        return weight, -heat * means.square().sum(2) - weight @ self.centre

    def forward(self, support, labels, query):
        """[B, N, 1, S, S], [B, N, W], [B, Q, 1, S, S] -> logits [B, Q, W]."""
        b, n = support.shape[:2]
        x = self.metric(embed(torch.cat([support, query], 1).flatten(0, 1), self.layers())).view(b, -1, RANK)
        weight, bias = self.generate(x[:, :n], labels)
        return x[:, n:] @ weight.transpose(1, 2) + bias.unsqueeze(1)


class Classifier(nn.Module):
    """What a support set has made: needs the generator no more."""

    def __init__(self, generator, support, labels):
        super().__init__()
        x = generator.metric(with_views(support, generator.layers(), generator.views)).unsqueeze(0)
        weight, self.bias = generator.generate(x, labels.unsqueeze(0))
        self.weight = weight[0] @ generator.metric.weight
        self.kernels = [convolution.weight.clone() for convolution in generator.convolutions]
        self.affine = []
        for norm in generator.norms:
            scale = norm.weight * (norm.running_var + norm.eps).rsqrt()
            self.affine.append((scale.view(-1, 1, 1), (norm.bias - norm.running_mean * scale).view(-1, 1, 1)))

    def forward(self, pixels):
        """Bytes [M, 1, S, S] -> probabilities [M, W]."""
        layers = [(kernels, lambda x, a=affine: x * a[0] + a[1]) for kernels, affine in zip(self.kernels, self.affine)]
        x = with_views(pixels.float().sub(128).div(64), layers, 2)
        return F.linear(x, self.weight, self.bias[0]).softmax(1)


def episodes(channels, tasks=16, ways=20, queries=2):
    """A training step on tasks of one support image and two queries a class."""
    model = Generator(int(channels)).train()
    support, query = torch.rand(tasks, ways, 1, SIDE, SIDE) * 2 - 1, torch.rand(tasks, ways * queries, 1, SIDE, SIDE) * 2 - 1
    labels, answers = torch.eye(ways).repeat(tasks, 1, 1), torch.arange(ways).repeat_interleave(queries).repeat(tasks)
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1e-4)

    def call():
        logits = model(support, labels, query).flatten(0, 1)
        loss = F.cross_entropy(logits, answers)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss.item(), (logits.argmax(1) == answers).float().mean().item()

    return call


def adapt(channels, ways=20):
    """One image of each of 20 classes -> a classifier."""
    model = Generator(int(channels)).eval()
    support, labels = torch.rand(ways, 1, SIDE, SIDE) * 2 - 1, torch.eye(ways)

    @torch.inference_mode()
    def call():
        Classifier(model, support, labels)

    return call


@torch.inference_mode()
def classify(channels, count=64, ways=20):
    """64 images -> probabilities."""
    classifier = Classifier(Generator(int(channels)).eval(), torch.rand(ways, 1, SIDE, SIDE), torch.eye(ways)).eval()
    pixels = torch.randint(0, 256, (count, 1, SIDE, SIDE), dtype=torch.uint8)

    @torch.inference_mode()
    def call():
        classifier(pixels)

    return call
