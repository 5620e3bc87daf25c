#!/usr/bin/env python3
"""Writes Tests/NetworksTests/Golden/layers.safetensors: small networks of single layers in PyTorch, computed in float64.

    make_layer_fixture.py Tests/NetworksTests/Golden/layers.safetensors

Of each network NAME: `NAME.in.x`, or of two passes `x` and `x2`, and the gradients of their outputs `dy`, `dy2`;
`NAME.weights.ARRAY` before; `NAME.out.y` and `y2`, `NAME.grad.x`, `x2`, and `NAME.grad.ARRAY`, summed over the passes;
of batch norms `NAME.after.ARRAY`, the running statistics after both passes, and `NAME.inference.y`, what a pass in
evaluation mode then makes of x. Images are B × rows × columns × channels; inputs and weights are exact in float32.
"""
import sys

import torch
from torch import nn


class HWC(nn.Module):
    """Maps to rows, in the order (row, column, channel)."""
    def forward(self, x):
        return x.permute(0, 2, 3, 1).flatten(1)


def conv(*a, **k):
    return nn.Conv2d(*a, **k)


NETWORKS = {
    "conv5": ([("a", conv(2, 3, 5))], (3, 9, 7, 2), 1),
    "conv5same": ([("a", conv(2, 3, 5, padding=2))], (2, 7, 6, 2), 1),
    "conv7": ([("a", conv(2, 3, 7, stride=2))], (2, 12, 9, 2), 1),
    "conv7same": ([("a", conv(2, 3, 7, padding=3))], (2, 8, 5, 2), 1),
    "deconv4": ([("a", nn.ConvTranspose2d(3, 5, 4, 2, 1))], (3, 5, 4, 3), 1),
    "deconv5": ([("a", nn.ConvTranspose2d(3, 2, 5, 2))], (2, 4, 3, 3), 1),
    "pool": ([("pool", nn.MaxPool2d(2))], (3, 7, 6, 3), 1),
    "pooled": ([("a", conv(2, 5, 3, padding=1)), ("pool", nn.MaxPool2d(2)), ("relu", nn.ReLU()),
                ("b", conv(5, 2, 3, padding=1))], (3, 8, 7, 2), 1),
    "upsampled": ([("up", nn.Upsample(scale_factor=2)), ("a", conv(2, 3, 7, padding=3)), ("tanh", nn.Tanh()),
                   ("up2", nn.Upsample(scale_factor=2)), ("relu", nn.LeakyReLU(0.2)), ("b", conv(3, 1, 5)),
                   ("sigmoid", nn.Sigmoid())], (2, 4, 3, 2), 1),
    "normed": ([("a", conv(2, 5, 4, 2, 1, bias=False)), ("bn1", nn.BatchNorm2d(5)), ("leaky", nn.LeakyReLU(0.1)),
                ("flat", HWC()), ("b", nn.Linear(60, 7, bias=False)), ("bn2", nn.BatchNorm1d(7)), ("leaky2", nn.LeakyReLU(0.1)),
                ("c", nn.Linear(7, 3))], (5, 8, 6, 2), 2),
    "norm": ([("bn", nn.BatchNorm2d(3)), ("relu", nn.ReLU())], (4, 3, 5, 3), 2),
}


def exact(t):
    return t.float().double()


def main(path):
    from safetensors.torch import save_file

    torch.manual_seed(18)
    kept = {}
    for name, (layers, shape, passes) in NETWORKS.items():
        net = nn.Sequential()
        for label, layer in layers:
            net.add_module(label, layer)
        net.double().train()
        with torch.no_grad():
            for p in net.parameters():
                p.copy_(exact(torch.randn_like(p) * (1 if p.ndim == 1 else 0.5) + (p.ndim == 1)))
        state = lambda: {k: v.clone() for k, v in net.state_dict().items() if not k.endswith("num_batches_tracked")}
        kept |= {f"{name}.weights.{k}": v for k, v in state().items()}
        for number in range(passes):
            suffix = "" if number == 0 else "2"
            x = exact(torch.randn(shape, dtype=torch.float64) * (1 + number) + number)
            if name == "pool":  # With many equal values.
                x = torch.round(x * 2) / 2
            x.requires_grad_()
            y = net(x.permute(0, 3, 1, 2))
            y = y.permute(0, 2, 3, 1) if y.ndim == 4 else y
            dy = exact(torch.randn_like(y))
            y.backward(dy)
            kept |= {f"{name}.in.x{suffix}": x, f"{name}.in.dy{suffix}": dy, f"{name}.out.y{suffix}": y,
                     f"{name}.grad.x{suffix}": x.grad}
        kept |= {f"{name}.grad.{k}": p.grad for k, p in net.named_parameters()}
        running = {k: v for k, v in state().items() if "running" in k}
        if running:
            kept |= {f"{name}.after.{k}": v for k, v in running.items()}
            net.eval()
            y = net(kept[f"{name}.in.x"].permute(0, 3, 1, 2))
            kept[f"{name}.inference.y"] = y.permute(0, 2, 3, 1) if y.ndim == 4 else y
    save_file({k: v.detach().float().contiguous() for k, v in kept.items()}, path)


main(sys.argv[1])
