#!/usr/bin/env python3
"""Checks the scores of disentanglement: `check_scores.py PROGRAM [EPOCHS]` with a Python that has NumPy and
scikit-learn.

The program trains small models on sprites and streets, saves the codes (.npy), the factors (.npz) and its scores (.csv);
here the scores are computed anew from the same codes with NumPy and scikit-learn alone, by the definitions of
disentanglement_lib (Locatello et al. 2019). MIG and SAP must be the same within 0.001; those that draw at random
(β-VAE and FactorVAE score), and DCI, whose trees split at other places, within three standard errors or 0.02.
Prints one line a score; exits with 1 if one fails.
"""
import csv
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import mutual_info_score
from sklearn.svm import LinearSVC

program = str(pathlib.Path(sys.argv[1]).resolve())
epochs = int(sys.argv[2]) if len(sys.argv) > 2 else 20
BINS, PAIRS, TRAINING, TESTING = 20, 64, 10_000, 5000
# With these every latent comes into use: scores near 0 would be no trial.
DATA = [
    ("sprites", "count 2000 size 16", "beta 1 likelihood bernoulli"),
    ("streets", "digits 3 count 2000 size 16", "beta 0.2"),
    ("streets", "count 3000 size 16", "beta 0.5"),
]
CATEGORICAL = {"shape", "digit", "typeface", "polarity", "left", "right", "plate"}


class Factor:
    """The values of one factor, one an image."""

    def __init__(self, name, values):
        self.name, self.values = name, values.astype(np.float64)
        self.categorical = name in CATEGORICAL
        self.few = self.categorical or len(np.unique(values)) <= BINS

    def levels(self):
        """As whole numbers: each value its own where they are few, else bins of equal width."""
        return np.unique(self.values, return_inverse=True)[1] if self.few else binned(self.values)

    def groups(self):
        """The images of one value, or of one of twenty groups of nearly equal size."""
        if self.few:
            levels = self.levels()
            return [np.flatnonzero(levels == level) for level in range(levels.max() + 1)]
        groups = max(2, min(BINS, len(self.values) // 16))
        order, count = np.argsort(self.values, kind="stable"), len(self.values)
        return [order[k * count // groups:(k + 1) * count // groups] for k in range(groups)]


def binned(values):
    """disentanglement_lib's `_histogram_discretize`."""
    return np.digitize(values, np.histogram(values, BINS)[1][:-1]) - 1


def is_test(count):
    return np.modf(np.arange(count) * 0.618033988749895)[0] >= 2 / 3


def mig(codes, factors):
    latents, gaps = [binned(code) for code in codes.T], []
    for factor in factors:
        levels = factor.levels()
        shared = sorted((mutual_info_score(latent, levels) for latent in latents), reverse=True)
        gaps.append((shared[0] - shared[1]) / mutual_info_score(levels, levels))
    return np.mean(gaps)


def sap(codes, factors):
    test, gaps = is_test(len(codes)), []
    for factor in factors:
        scores = []
        for code in codes.T:
            if factor.categorical:
                machine = LinearSVC(C=0.01, class_weight="balanced", dual=False, tol=1e-10, max_iter=100_000)
                machine.fit(code[~test, None], factor.values[~test])
                scores.append(machine.score(code[test, None], factor.values[test]))
            else:
                scores.append(np.corrcoef(code, factor.values)[0, 1] ** 2 if code.var(ddof=1) > 1e-12 else 0)
        scores.sort(reverse=True)
        gaps.append(scores[0] - scores[1])
    return np.mean(gaps)


def concentration(rows):
    lifted = rows + 1e-11
    share = lifted / lifted.sum(axis=1, keepdims=True)
    entropy = -(share * np.log(share)).sum(axis=1) / np.log(rows.shape[1])
    return ((1 - entropy) * rows.sum(axis=1) / rows.sum()).sum()


def dci(codes, factors):
    test, importance, informed = is_test(len(codes)), [], []
    for factor in factors:
        kind = GradientBoostingClassifier if factor.categorical else GradientBoostingRegressor
        trees = kind(random_state=0).fit(codes[~test], factor.values[~test])
        importance.append(trees.feature_importances_)
        informed.append(max(0, trees.score(codes[test], factor.values[test])))
    importance = np.array(importance)
    return concentration(importance.T), concentration(importance), np.mean(informed)


def draw(factors, rng):
    """A factor, and the images that agree in it with one drawn at random."""
    place = rng.integers(len(factors))
    image = rng.integers(len(factors[place].group_of))
    return place, image, factors[place].all_groups[factors[place].group_of[image]]


def beta_vae(codes, factors, rng):
    def points(number):
        x, y = np.empty((number, codes.shape[1])), np.empty(number, int)
        for point in range(number):
            place = rng.integers(len(factors))
            factor = factors[place]
            first = rng.integers(len(codes), size=PAIRS)
            groups = factor.group_of[first]
            second = factor.flat[factor.start[groups] + (rng.random(PAIRS) * factor.size[groups]).astype(int)]
            x[point], y[point] = np.abs(codes[first] - codes[second]).mean(axis=0), place
        return x, y

    return LogisticRegression(max_iter=5000).fit(*points(TRAINING)).score(*points(TESTING))


def factor_vae(codes, factors, rng):
    variances = codes.var(axis=0, ddof=1)
    active = np.sqrt(variances) >= 0.05
    if not active.any():
        return 0.0

    def votes(number):
        table = np.zeros((active.sum(), len(factors)))
        for _ in range(number):
            place, _, alike = draw(factors, rng)
            drawn = codes[alike[rng.integers(len(alike), size=PAIRS)]][:, active]
            table[np.argmin(drawn.var(axis=0, ddof=1) / variances[active]), place] += 1
        return table

    rule, test = votes(TRAINING).argmax(axis=1), votes(TESTING)
    return test[np.arange(len(rule)), rule].sum() / TESTING


def prepare(factor):
    factor.all_groups = factor.groups()
    factor.group_of = np.empty(len(factor.values), int)
    for place, group in enumerate(factor.all_groups):
        factor.group_of[group] = place
    factor.flat = np.concatenate(factor.all_groups)
    factor.size = np.array([len(group) for group in factor.all_groups])
    factor.start = np.concatenate([[0], np.cumsum(factor.size)[:-1]])
    return factor


def compare(name, found, expected, within):
    ok = abs(found - expected) <= within
    print(f"{'ok    ' if ok else 'FAILED'} {name}: {found:.4f}, here {expected:.4f} (within {within:.4f})", flush=True)
    return ok


def check(data, options, objective, folder):
    """One dataset: all seven scores."""
    script = f'''images = load {data} {options}
model = vae for images latents 6 channels 8 {objective} seed 3
train model on images epochs {epochs} batch 32 rate 0.001
save images "images.npz"
save (encode model images) "codes.npy"
save (measure model on images scores) "scores.csv"'''
    subprocess.run([program, "--quiet", "-e", script], cwd=folder, check=True)
    codes = np.load(folder / "codes.npy").astype(np.float64)
    stored = np.load(folder / "images.npz", allow_pickle=False)
    names = [str(name) for name in stored["factor_names"]]
    columns = zip(names, stored["factor_values"].T)
    factors = [prepare(Factor(name, values)) for name, values in columns if len(np.unique(values)) > 1]
    with open(folder / "scores.csv", encoding="utf-8", newline="") as file:
        scores = {row["score"]: {key: float(row[key]) for key in ("value", "from", "to")} for row in csv.DictReader(file)}
    rng = np.random.default_rng(1)
    expected = dict(zip(("DCI disentanglement", "DCI completeness", "DCI informativeness"), dci(codes, factors)))
    expected |= {"MIG": mig(codes, factors), "SAP": sap(codes, factors)}
    expected |= {"β-VAE score": beta_vae(codes, factors, rng), "FactorVAE score": factor_vae(codes, factors, rng)}
    passed = list(scores) and set(scores) == set(expected)
    for name, score in scores.items():
        # Half of the 95 % interval is 1.96 standard errors; here two scores are drawn.
        error = (score["to"] - score["from"]) / 2 / 1.96 * 2 ** 0.5
        within = 1e-3 if name in ("MIG", "SAP") else max(0.02, 3 * error)
        passed &= compare(f"{data} {name}", score["value"], expected[name], within)
    return passed


with tempfile.TemporaryDirectory() as name:
    passed = True
    for data, options, objective in DATA:
        folder = pathlib.Path(name) / f"{data}-{len(options)}"
        folder.mkdir()
        passed &= bool(check(data, options, objective, folder))
sys.exit(0 if passed else 1)
