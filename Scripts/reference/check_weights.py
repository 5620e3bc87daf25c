#!/usr/bin/env python3
"""Checks that weights go from bvae-script to PyTorch and back: `check_weights.py PROGRAM` with a Python that has torch,
numpy and safetensors.

There: a script makes, trains and saves a model of each kind and each network, the code of some images, and what is decoded
from it; the reference class loads the weights, encodes and decodes the same. Back: the reference class saves fresh weights;
a script opens them and does the same. Means and decoded images must agree within 1e-4.
"""
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import torch
from safetensors.torch import load_file, save_file

from reference_models import MLP, Burgess, Critic, Ign, Paper


def results(net, images):
    """Means and the images decoded from them."""
    with torch.no_grad():
        means = net.encode(torch.tensor(images))[0]
        return means.numpy(), torch.sigmoid(net.decode(means)).numpy()


program = str(pathlib.Path(sys.argv[1]).resolve())
# The data, the model's options, and the reference network.
mnist, sprites = "load mnist split test each 3", "load sprites size 64 count 30"
cases = [(kind, mnist, "latents 12", lambda: Paper(28, 1, 64, 12)) for kind in ["vae", "autoencoder", "capacityvae", "tcvae", "dipvae", "factorvae"]]
cases += [("vae", "load streets size 32 count 30", "network burgess latents 10", lambda: Burgess(32, 3)),
          ("tcvae", sprites, "network burgess latents 10", lambda: Burgess(64, 1)),
          ("dipvae", mnist, "network mlp latents 10", lambda: MLP(28, 1)),
          ("dcign", "load sprites size 32 count 30", 'network ign latents 10 factors ["x", "y"]', lambda: Ign(32, 1, latents=10, padding="same")),
          ("vae", 'load streets size 40 count 30\nsave tests "f.npz"\ntests = load "f.npz" size 38', "network ign channels 8 latents 10",
           lambda: Ign(38, 3, (8, 4, 2), 10, "valid"))]
worst = {"there": 0, "back": 0}
with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)

    def run(script):
        subprocess.run([program, "--quiet", "-e", script], cwd=folder, check=True)

    def compare(way, net):
        images = np.load(folder / "images.npy")
        for name, ours in zip(["codes", "decoded"], results(net, images)):
            difference = np.abs(ours - np.load(folder / f"{name}.npy")).max()
            worst[way] = max(worst[way], difference)
            print(f"{way:5} {difference:.1e} {name}", flush=True)

    for kind, data, options, network in cases:
        print(f"{kind} {options}, {data}")
        run(f'''tests = {data}
model = {kind} for tests {options} seed 5
train model on tests epochs 3
save model "there.safetensors"
save tests "images.npy"
code = encode model tests
save code "codes.npy"
save (decode model code) "decoded.npy"''')
        net = network()
        state = load_file(folder / "there.safetensors")
        critic = {name.removeprefix("critic."): state.pop(name) for name in list(state) if name.startswith("critic.")}
        if critic:  # of the reference's layers and shapes
            Critic(12).load_state_dict(critic)
        net.load_state_dict(state)
        compare("there", net)
        torch.manual_seed(3)
        net = network()
        save_file(net.state_dict(), folder / "back.safetensors")
        run(f'''tests = {data}
model = open "back.safetensors"{" size 28" if "mlp" in options else " size 32" if "factors" in options else ""}
code = encode model tests
save code "codes.npy"
save (decode model code) "decoded.npy"''')
        compare("back", net)

print(f"largest difference of means and decoded images: saved here, opened in PyTorch {worst['there']:.1e}; the reverse {worst['back']:.1e}")
sys.exit(0 if max(worst.values()) < 1e-4 else 1)
