#!/usr/bin/env python3
"""Checks the functions of the language against NumPy and SciPy: `check_functions.py PROGRAM [--seed 1]`. Random arrays
are written into a script as lists, and every result is saved as .npy and compared. Prints the largest relative differences; exits with 1 above 1e-9."""
import argparse
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
from scipy import stats

parser = argparse.ArgumentParser()
parser.add_argument("program")
parser.add_argument("--seed", type=int, default=1)
options = parser.parse_args()
random = np.random.default_rng(options.seed)

x = random.normal(size=(40, 5)) * [1, 3, 0.1, 10, 2]
y = random.normal(size=(40, 5)) + 0.5 * x
v, w = x[:, 1], y[:, 1]
p = np.abs(v) + 0.1
k = random.integers(0, 6, size=30).astype(float)


def pca(values, count):
    centred = values - values.mean(0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    axes = axes * np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(1)])[:, None]
    return centred @ axes[:count].T


# expression: what NumPy makes of it
checks = {
    "x + y": x + y, "x - y": x - y, "x * y": x * y, "x / y": x / y, "x % 3": x % 3, "2 - x": 2 - x, "-x": -x,
    "x + w5": x + x[0], "x - x[.., [2]]": x - x[:, [2]],
    "sum(x)": x.sum(), "sum(x, 0)": x.sum(0), "sum(x, 1)": x.sum(1), "mean(x)": x.mean(), "mean(x, 0)": x.mean(0),
    "mean(x, -1)": x.mean(-1), "variance(x)": x.var(ddof=1), "variance(x, 0)": x.var(0, ddof=1), "std(x)": x.std(ddof=1),
    "std(x, 1)": x.std(1, ddof=1), "median(x)": np.median(x), "median(x, 0)": np.median(x, 0),
    "quantile(x, 0.3)": np.quantile(x, 0.3), "quantile(v, [0, 0.1, 0.975, 1])": np.quantile(v, [0, 0.1, 0.975, 1]),
    "min(x)": x.min(), "min(x, 0)": x.min(0), "max(x)": x.max(), "max(x, 1)": x.max(1),
    "argmin(x)": x.argmin(), "argmin(x, 0)": x.argmin(0), "argmax(v)": v.argmax(), "argmax(x, 1)": x.argmax(1),
    "correlation(v, w)": np.corrcoef(v, w)[0, 1], "correlation(x)": np.corrcoef(x.T),
    "spearman(v, w)": stats.spearmanr(v, w)[0], "spearman(x)": stats.spearmanr(x)[0],
    "covariance(v, w)": np.cov(v, w)[0, 1], "covariance(x)": np.cov(x.T),
    "histogram(v)": np.histogram(v)[0], "histogram(k, 7)": np.histogram(k, 7)[0], "edges(v, 4)": np.histogram(v, 4)[1],
    "ranks(k)": stats.rankdata(k), "cumsum(v)": np.cumsum(v), "order(k)": np.argsort(k, kind="stable"),
    "sort(v)": np.sort(v), "reverse(v)": v[::-1], "unique(k)": np.unique(k), "counts(k)": np.unique(k, return_counts=True)[1],
    "linspace(-1, 2, 7)": np.linspace(-1, 2, 7), "shape(x)": np.array(x.shape), "reshape(x, [5, 40])": x.reshape(5, 40),
    "transpose(x)": x.T, "dot(v, w)": v @ w, "dot(x, transpose(y))": x @ y.T, "dot(x, w5)": x @ x[0], "norm(v)": np.linalg.norm(v),
    "norm(x)": np.linalg.norm(x), "distance(v, w)": np.linalg.norm(v - w), "pca(x, 3)": pca(x, 3),
    "abs(x)": np.abs(x), "sqrt(p)": np.sqrt(p), "exp(v)": np.exp(v), "log(p)": np.log(p), "floor(x)": np.floor(x),
    "ceiling(x)": np.ceil(x), "round(x)": np.round(x), "sin(x)": np.sin(x), "cos(x)": np.cos(x), "tan(x)": np.tan(x),
    "tanh(x)": np.tanh(x), "pow(p, 1.7)": np.power(p, 1.7), "pow(p, v / 10)": np.power(p, v / 10),
    "sum(x > 0)": (x > 0).sum(), "mean(x > 0, 0)": (x > 0).mean(0), "sum(k == 3)": (k == 3).sum(),
    "x[x > 1]": x[x > 1], "x[.., 2]": x[:, 2], "x[1..3, -1]": x[1:4, -1], "x[-2..]": x[-2:], "x[[3, 0], 1..]": x[[3, 0], 1:],
    "v[v > 0 and w > 0]": v[(v > 0) & (w > 0)], "v[not (v > 0)]": v[~(v > 0)], "x[k[..9], 0]": x[k[:10].astype(int), 0],
    "where(x > 0, x, y)": np.where(x > 0, x, y), "where(v > w, 1, v)": np.where(v > w, 1, v), "clip(x, -1, 2)": x.clip(-1, 2),
    "repeat(v, 2)": np.stack([v, v]), "0..3 step 0.25": np.arange(0, 3.001, 0.25), "[a * b for a, b in zip(v, w) if a > 0]":
    (v * w)[v > 0], "[sum(row) for row in x]": x.sum(1), "changed": np.where(x < 0, 0, x) + np.eye(1, 5) * 3,
    "sum(x >= y)": (x >= y).sum(), "sum(x <= y or x > 2)": ((x <= y) | (x > 2)).sum(),
}


def text(values):
    return "[" + ", ".join(text(value) if np.ndim(value) else repr(float(value)) for value in values) + "]"


with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    lines = [f"{name} = {text(values)}" for name, values in dict(x=x, y=y, v=v, w=w, p=p, k=k, w5=x[0]).items()]
    lines += ["changed = x", "changed[changed < 0] = 0", "changed[.., 0] += 3"]
    for place, expression in enumerate(checks):
        lines += [f"result = {expression}", f'save join(result) "{place}.npy"' if np.ndim(checks[expression]) == 0
                  else f'save (result) "{place}.npy"']
    (folder / "functions.bvs").write_text("\n".join(lines), encoding="utf-8")
    subprocess.run([pathlib.Path(options.program).resolve(), "--quiet", "functions.bvs"], cwd=folder, check=True)
    worst = {}
    for place, (expression, expected) in enumerate(checks.items()):
        found, expected = np.load(folder / f"{place}.npy").astype(float), np.atleast_1d(np.asarray(expected, float))
        if found.shape != expected.shape:
            sys.exit(f"{expression}: the shape is {found.shape}, NumPy's {expected.shape}")
        worst[expression] = np.abs(found - expected).max() / max(1e-300, np.abs(expected).max())
for expression, difference in sorted(worst.items(), key=lambda item: -item[1])[:8]:
    print(f"{difference:.1e}  {expression}")
print(f"{len(checks)} expressions, the largest relative difference is {max(worst.values()):.1e}")
sys.exit(int(max(worst.values()) > 1e-9))
