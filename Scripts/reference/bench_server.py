#!/usr/bin/env python3
"""Times training steps of the reference network on request, for `benchmark --pytorch`.

Reads lines `work network rows columns planes batch latents threads rounds` and answers each with the median milliseconds of a training step,
or of encoding 10,000 images batch by batch: the better of the two memory layouts, fused Adam. Between requests it is
idle, so that the other program has the machine.
"""
import functools
import sys
import time

import torch

from reference_models import MLP, Burgess
from reference_vae import VAE

kept = {}


def prepared(network, shape, batch, latents, layout):
    key = (network, shape, batch, latents, layout)
    if key not in kept:
        kept.clear() if len(kept) > 1 else None
        size, _, planes = shape
        made = {"paper": lambda: VAE(size, planes, 64, latents), "burgess": lambda: Burgess(size, planes, latents=latents),
                "mlp": lambda: MLP(size, planes, latents=latents)}[network]
        net = made().to(memory_format=layout)
        optimizer = torch.optim.Adam(net.parameters(), 5e-4, fused=True)
        kept[key] = (net, optimizer, torch.rand(batch, *shape))
        step(*kept[key], batch, latents)
    return kept[key]


@functools.cache
def bytes_of(shape):
    return torch.randint(0, 256, (10_000, *shape), dtype=torch.uint8)


def loss(net, x, noise):
    """Squared error + 4 KL, summed over an image's values."""
    if isinstance(net, VAE):
        return net.loss(x, noise, 4.0)[0]
    mean, log_variance = net.encode(x)
    y = torch.sigmoid(net.decode(mean + noise * torch.exp(0.5 * log_variance)))
    divergence = -0.5 * (1 + log_variance - mean * mean - log_variance.exp()).sum()
    return (((y - x) ** 2).sum() + 4 * divergence) / len(x)


def step(net, optimizer, x, batch, latents):
    optimizer.zero_grad(set_to_none=True)
    loss(net, x, torch.randn(batch, latents)).backward()
    optimizer.step()


def encode(net, images, batch):
    """Means and log variances of images that are kept as bytes."""
    means, log_variances = [], []
    with torch.inference_mode():
        for first in range(0, len(images), batch):
            x = images[first : first + batch].to(torch.float32).div_(255)
            mean, log_variance = net.encoder(x.permute(0, 3, 1, 2)) if isinstance(net, VAE) else net.encode(x)
            means.append(mean)
            log_variances.append(log_variance)
    return torch.cat(means), torch.cat(log_variances)


for line in sys.stdin:
    work, network, *numbers = line.split()
    *shape, batch, latents, threads, rounds = map(int, numbers)
    shape = tuple(shape)
    torch.set_num_threads(threads)
    best = float("inf")
    for layout in (torch.contiguous_format, torch.channels_last):
        net, optimizer, x = prepared(network, shape, batch, latents, layout)
        times = []
        for _ in range(rounds):
            start = time.perf_counter()
            if work == "train":
                step(net, optimizer, x, batch, latents)
            else:
                encode(net, bytes_of(shape), batch)
            times.append(time.perf_counter() - start)
        best = min(best, sorted(times)[len(times) // 2])
    print(f"{best * 1e3:.3f}", flush=True)
