#!/usr/bin/env python3
"""Makes Tests/InterpretationTests/Fixtures/scores-*.csv: `make_score_fixture.py LIBRARY`, a checkout of
disentanglement_lib's repository: the ranking is not in its release 1.5. Codes and factors that are unbalanced and asymmetric, and what
disentanglement_lib's own metrics give them: what a score takes for a factor, latents in another order, or a denominator is seen
in the value. No latent has more than 255 values, so that trees split at the same places."""
import pathlib
import sys

import numpy as np

import disentanglement

disentanglement.load(sys.argv[1] if len(sys.argv) > 1 else None)
folder = pathlib.Path(__file__).resolve().parents[2] / "Tests/InterpretationTests/Fixtures"
random = np.random.default_rng(7)


def codes_of(a, b, c):
    noise = random.normal(size=(len(a), 4))
    codes = np.stack([a + 0.4 * b + 0.3 * noise[:, 0], 0.7 * b + 0.2 * c + 0.4 * noise[:, 1],
                      np.sin(c) + 0.5 * a + 0.3 * noise[:, 2], 0.8 * noise[:, 3] + 0.15 * c], axis=1)
    # Of floats: what lies on the edge of a bin must lie on the same side of it in the program.
    return (np.round(codes * 20) / 20).astype(np.float32).astype(np.float64)


def write(name, columns, rows):
    with open(folder / name, "w", encoding="utf-8") as file:
        print(",".join(columns), file=file)
        for row in rows:
            print(",".join(row), file=file)


def text(codes, levels):
    return [[f"{value:.2f}" for value in code] + [str(level) for level in row] for code, row in zip(codes, levels)]


def sample(count):
    levels = np.stack([random.choice(2, count, p=[0.7, 0.3]), random.choice(3, count, p=[0.5, 0.3, 0.2]),
                       random.choice(5, count, p=[0.4, 0.25, 0.15, 0.1, 0.1])], axis=1)
    return codes_of(*levels.T), levels


names = ["z0", "z1", "z2", "z3", "a", "b", "c"]
training, testing = sample(500), sample(300)
write("scores-training.csv", names, text(*training))
write("scores-testing.csv", names, text(*testing))
several = [disentanglement.fixed(training, testing, seed) for seed in range(3)]
rows = [(name, [one[name] for one in several]) for name in several[0]]
levels = np.stack([axis.ravel() for axis in np.meshgrid(np.arange(3), np.arange(5), np.arange(8), indexing="ij")], axis=1)
codes = codes_of(*levels.T)
write("scores-grid.csv", names, text(codes, levels))
several = [disentanglement.votes(codes, levels, seed) for seed in range(8)]
rows += [(name, [one[name] for one in several]) for name in several[0]]
models = [training[0], training[0][:, [2, 0, 3, 1]] * [1, -1, 1, 1],
          np.stack([training[0][:, 0] + training[0][:, 1], training[0][:, 0] - training[0][:, 1], training[0][:, 2],
                    0 * training[0][:, 3]], axis=1)]
for kind in ("lasso", "spearman"):
    rows += [(f"{kind} {place}", [value, value]) for place, value in enumerate(disentanglement.ranking(models, kind))]
write("scores.csv", ["score", "mean", "deviation"],
      [(name, f"{np.mean(values):.6f}", f"{np.std(values, ddof=1):.6f}") for name, values in rows])
