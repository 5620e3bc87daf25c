#!/usr/bin/env python3
"""Checks that weights go from bvae-script to PyTorch and back: `check_weights.py PROGRAM` with a Python that has torch,
numpy and safetensors.

There: a script makes, trains and saves a model of each kind and the code of some images; the reference class loads the weights
and encodes the same images. Back: the reference class saves fresh weights and their code; a script opens them and
encodes the same images. Means must agree within 1e-4.
"""
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import torch
from safetensors.torch import load_file, save_file

from reference_vae import VAE


def means(net, images):
    with torch.no_grad():
        return net.encoder(torch.tensor(images).permute(0, 3, 1, 2))[0].numpy()


program = str(pathlib.Path(sys.argv[1]).resolve())
with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)

    def run(script):
        subprocess.run([program, "--quiet", "-e", script], cwd=folder, check=True)

    there = 0
    for kind in ["vae", "autoencoder", "capacityvae", "tcvae", "dipvae"]:
        run(f'''tests = load mnist split test each 3
model = {kind} for tests latents 12 seed 5
train model on tests epochs 3
save model "there.safetensors"
save tests "images.npy"
save (encode model tests) "there.npy"''')
        images = np.load(folder / "images.npy")
        net = VAE(28, 1, 64, 12)
        net.load_state_dict(load_file(folder / "there.safetensors"))
        there = max(there, np.abs(means(net, images) - np.load(folder / "there.npy")).max())

    torch.manual_seed(3)
    net = VAE(28, 1, 64, 12)
    save_file(net.state_dict(), folder / "back.safetensors")
    run('''model = open "back.safetensors"
save (encode model (load mnist split test each 3)) "back.npy"''')
    back = np.abs(means(net, images) - np.load(folder / "back.npy")).max()

print(f"largest difference of the means of {len(images)} images: saved here, opened in PyTorch {there:.1e}; the reverse {back:.1e}")
sys.exit(0 if max(there, back) < 1e-4 else 1)
