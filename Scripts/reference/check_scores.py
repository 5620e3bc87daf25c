#!/usr/bin/env python3
"""Checks the scores of disentanglement against disentanglement_lib's own code.

    check_scores.py PROGRAM [--library PATH] [--seeds 3] [--epochs 12] [--models sprites,streets] [--without-dci]

The program trains small models on complete grids of sprites (in order, and the same images shuffled) and of streets, saves the
codes (.npy), the factors (.npz) and, for several seeds, its scores (.csv). The unmodified metric modules of
disentanglement_lib 1.5 then score the same codes, for as many seeds. Prints a table; exits with 1 if the means of a
score differ by more than two standard deviations (of theirs and ours together, at least 0.002). DCI takes scikit-learn
most of the time: about a minute a seed and model on an idle processor."""
import argparse
import csv
import itertools
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

import disentanglement

SPRITES = {"shape": range(3), "scale": [0.5, 0.7, 0.85, 1], "orientation": [0, 0.25, 0.5, 0.75],
           "x": [0, 0.3, 0.6, 0.9], "y": [0, 0.3, 0.6, 0.9]}
STREETS = ("digit", "size", "x", "brightness")


def sprites(folder, run):
    """A grid of 768 sprites in order, and the same shuffled."""
    values = np.array(list(itertools.product(*SPRITES.values())), np.float32)
    order = np.random.default_rng(3).permutation(len(values))
    return list(SPRITES), {"sprites in order": values, "sprites shuffled": values[order]}, "beta 1 likelihood bernoulli"


def streets(folder, run):
    """A grid of 640 street numbers: four factors go over the range that drawn ones have, the others stay."""
    run('save (load streets count 400 size 16) "drawn.npz"')
    drawn = np.load(folder / "drawn.npz", allow_pickle=False)
    names, table = [str(name) for name in drawn["factor_names"]], drawn["factor_values"]
    levels = [np.arange(10) if name == "digit" else np.quantile(table[:, names.index(name)], [0.05, 0.35, 0.65, 0.95])
              for name in STREETS]
    grid = np.array(list(itertools.product(*levels)), np.float32)
    values = np.repeat(table[:1], len(grid), axis=0)
    values[:, [names.index(name) for name in STREETS]] = grid
    return names, {"streets": values}, "beta 0.2"


def ours(program, folder, kind, names, values, objective, options):
    """The codes of a model, the factors and our scores, a list of dictionaries."""
    np.savez(folder / "factors.npz", factor_names=np.array(names), factor_values=values,
             noise_seeds=np.arange(len(values)), synthetic=np.array([kind]),
             images=np.zeros((len(values), 16, 16, 3 if kind == "streets" else 1), np.uint8))
    measures = "\n".join(f'save (measure model on images scores seed {seed + 1}) "scores-{seed}.csv"'
                         for seed in range(options.seeds))
    script = f'''images = load {kind} from "factors.npz" size 16
model = vae for images latents 6 channels 8 {objective} seed 3
train model on images epochs {options.epochs} batch 32 rate 0.001
save (encode model images) "codes.npy"
{measures}'''
    subprocess.run([program, "--quiet", "-e", script], cwd=folder, check=True)
    scores = []
    for seed in range(options.seeds):
        with open(folder / f"scores-{seed}.csv", encoding="utf-8", newline="") as file:
            scores.append({row["score"]: float(row["value"]) for row in csv.DictReader(file)})
    return np.load(folder / "codes.npy").astype(np.float64), scores


def compare(title, found, expected):
    passed = True
    # Our r² is for factors with an order alone, theirs for all.
    for name in (name for name in expected[0] if name != "SAP (r²)"):
        own, other = ([one[name] for one in scores] for scores in (found, expected))
        spread = [np.std(values, ddof=1) if len(values) > 1 else 0 for values in (own, other)]
        difference, within = abs(np.mean(own) - np.mean(other)), max(0.002, 2 * np.hypot(*spread))
        passed &= bool(difference <= within)
        print(f"{title:17} {name:20} {np.mean(own):.4f} ± {spread[0]:.4f}   {np.mean(other):.4f} ± {spread[1]:.4f}   "
              f"{'ok' if difference <= within else 'FAILED'}", flush=True)
    return passed


parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("program")
parser.add_argument("--library", help="the wheel or folder of disentanglement_lib 1.5, if pip has not installed it")
parser.add_argument("--seeds", type=int, default=3)
parser.add_argument("--epochs", type=int, default=12)
parser.add_argument("--models", default="sprites,streets")
parser.add_argument("--without-dci", action="store_true", help="leaves out DCI, which takes scikit-learn minutes")
options = parser.parse_args()
if options.seeds < 2:
    parser.error("a single seed does not tell how much scores vary; give --seeds 2 or more")
disentanglement.load(options.library)
program = str(pathlib.Path(options.program).resolve())
passed = True
print(f"{'images':17} {'score':20} {'ours':17}   {'disentanglement_lib':19}")
for kind in options.models.split(","):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)

        def run(text):
            subprocess.run([program, "--quiet", "-e", text], cwd=folder, check=True)

        names, grids, objective = {"sprites": sprites, "streets": streets}[kind](folder, run)
        for title, values in grids.items():
            codes, found = ours(program, folder, kind, names, values, objective, options)
            expected = [disentanglement.scores(codes, values, seed, not options.without_dci)
                        for seed in range(options.seeds)]
            passed &= compare(title, found, expected)
sys.exit(0 if passed else 1)
