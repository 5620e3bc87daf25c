#!/usr/bin/env python3
"""Times training steps of the reference network on request, for `benchmark --pytorch`.

Reads lines `work system network rows columns planes batch latents threads rounds` and answers each with the median
milliseconds of a training step, or of encoding 10,000 images batch by batch: the better of the two memory layouts, fused
Adam. Between requests it is idle, so that the other program has the machine.
"""
import functools
import sys
import time

import torch
import torch.nn.functional as F

from reference_models import MLP, Burgess, Critic, Ign, InfoGAN, dcign_gradients
from reference_vae import VAE

kept = {}


class Kept:
    """A system on a batch, ready for steps."""
    def __init__(self, system, network, shape, batch, latents, layout):
        size, _, planes = shape
        if system == "infogan":
            self.step = self.infogan_step
            codes = dict(size=28) if size == 28 else dict(size=32, noise=124, categories=(10,) * 4, continuous=4)
            self.net = InfoGAN(planes=planes, **codes).to(memory_format=layout)
            self.judge_optimizer, self.generator_optimizer = self.net.optimisers(fused=True)
            self.x = torch.rand(batch, *shape)
            self.step()
            return
        made = {"paper": lambda: VAE(size, planes, 64, latents), "burgess": lambda: Burgess(size, planes, latents=latents),
                "mlp": lambda: MLP(size, planes, latents=latents), "ign": lambda: Ign(size, planes, latents=latents, padding="valid" if size % 16 else "same")}[network]
        self.net = made().to(memory_format=layout)
        self.optimizer = torch.optim.Adam(self.net.parameters(), 5e-4, fused=True)
        self.x, self.latents = torch.rand(batch, *shape), latents
        self.step = {"vae": self.vae_step, "factorvae": self.factor_step, "dcign": self.dcign_step}[system]
        if system == "factorvae":
            self.critic = Critic(latents)
            self.critic_optimizer = torch.optim.Adam(self.critic.parameters(), 1e-4, (0.5, 0.9), fused=True)
            self.x2 = torch.rand(batch, *shape)
        self.step()

    def vae_step(self):
        self.optimizer.zero_grad(set_to_none=True)
        loss(self.net, self.x, torch.randn(len(self.x), self.latents), 4)[0].backward()
        self.optimizer.step()

    def sample(self, x):
        mean, log_variance = encoded(self.net, x)
        return mean + torch.randn(len(x), self.latents) * torch.exp(0.5 * log_variance)

    def dcign_step(self):
        """All latents but the first held at their means over the batch."""
        active = torch.arange(self.latents) == 0
        _, gradients, _ = dcign_gradients(self.net, self.x, torch.randn(len(self.x), self.latents), active, "gaussian")
        for name, parameter in self.net.named_parameters():
            parameter.grad = gradients[name] / len(self.x)
        self.optimizer.step()

    def infogan_step(self):
        """One of the judge on real and made images, one of the generator."""
        net, batch = self.net, len(self.x)
        noise, categories, continuous = net.draw(batch, "cpu")
        with torch.no_grad():
            fake = net.generate(noise, categories, continuous)
        self.judge_optimizer.zero_grad(set_to_none=True)
        net.judge_loss(self.x, fake, categories, continuous)[0]["judge"].backward()
        self.judge_optimizer.step()
        self.generator_optimizer.zero_grad(set_to_none=True)
        net.generator_loss(*net.draw(batch, "cpu"))["generator"].backward()
        self.generator_optimizer.step()

    def factor_step(self):
        """Both gradients before either step, as in Kim and Mnih 2018, algorithm 2."""
        self.optimizer.zero_grad(set_to_none=True)
        own, z = loss(self.net, self.x, torch.randn(len(self.x), self.latents), 1)
        logits = self.critic(z)
        gradients = torch.autograd.grad(own + 10 * (logits[:, 0] - logits[:, 1]).mean(), list(self.net.parameters()))
        with torch.no_grad():
            z2 = self.sample(self.x2)
            z2 = torch.stack([z2[torch.randperm(len(z2)), k] for k in range(self.latents)], 1)
        self.critic_optimizer.zero_grad(set_to_none=True)
        kinds = torch.zeros(len(z), dtype=torch.long)
        (0.5 * (F.cross_entropy(self.critic(z.detach()), kinds) + F.cross_entropy(self.critic(z2), kinds + 1))).backward()
        for parameter, gradient in zip(self.net.parameters(), gradients):
            parameter.grad = gradient
        self.optimizer.step()
        self.critic_optimizer.step()


def prepared(*key):
    if key not in kept:
        kept.clear() if len(kept) > 1 else None
        kept[key] = Kept(*key)
    return kept[key]


@functools.cache
def bytes_of(shape):
    return torch.randint(0, 256, (10_000, *shape), dtype=torch.uint8)


def encoded(net, x):
    if isinstance(net, InfoGAN):
        return net.judge(x)
    return net.encoder(x.permute(0, 3, 1, 2)) if isinstance(net, VAE) else net.encode(x)


def loss(net, x, noise, beta):
    """Squared error + β KL, summed over an image's values; and the codes."""
    mean, log_variance = encoded(net, x)
    z = mean + noise * torch.exp(0.5 * log_variance)
    decoded = net.decoder(z).reshape(x.shape) if isinstance(net, VAE) else torch.sigmoid(net.decode(z))
    divergence = -0.5 * (1 + log_variance - mean * mean - log_variance.exp()).sum()
    return (((decoded - x) ** 2).sum() + beta * divergence) / len(x), z


def encode(net, images, batch):
    """Means and log variances of images that are kept as bytes."""
    means, log_variances = [], []
    with torch.inference_mode():
        for first in range(0, len(images), batch):
            x = images[first : first + batch].to(torch.float32).div_(255)
            mean, log_variance = encoded(net, x)
            means.append(mean)
            log_variances.append(log_variance)
    return torch.cat(means), torch.cat(log_variances)


for line in sys.stdin:
    work, system, network, *numbers = line.split()
    *shape, batch, latents, threads, rounds = map(int, numbers)
    shape = tuple(shape)
    torch.set_num_threads(threads)
    best = float("inf")
    for layout in (torch.contiguous_format, torch.channels_last):
        ready = prepared(system, network, shape, batch, latents, layout)
        times = []
        for _ in range(rounds):
            start = time.perf_counter()
            if work == "train":
                ready.step()
            else:
                encode(ready.net, bytes_of(shape), batch)
            times.append(time.perf_counter() - start)
        best = min(best, sorted(times)[len(times) // 2])
    print(f"{best * 1e3:.3f}", flush=True)
