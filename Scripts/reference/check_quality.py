#!/usr/bin/env python3
"""Statistics that measure, interpret and search rest on, computed anew with NumPy and SciPy.

Without arguments: prints the values that the tests of Interpretation compare with (TotalCorrelationTests,
StatisticsTests). With MEAN.npy and LOG_VARIANCE.npy, both [images, latents]: the total correlation of these codes, as
`measure` gives it in TC, mixture, TC, shuffled and TC, Gaussian fit (other random draws, so equal within sampling).
With the .npz of the dataset as a third file too: its MIG (exact densities), over the factors that have an order.
"""
import sys

import numpy as np
from scipy import special, stats


def log_densities(z, mean, deviation):
    """log N(z; mean, deviation²), [points, components, latents]."""
    distance = (z[:, None] - mean[None]) / deviation[None]
    return -0.5 * distance**2 - np.log(deviation[None]) - 0.5 * np.log(2 * np.pi)


def mixture_correlation(z, mean, deviation):
    """Mean over points of log q(z) - sum_k log q(z_k), q the mixture of the components."""
    total = 0.0
    for part in np.array_split(z, max(1, len(z) // 100)):
        logs = log_densities(part, mean, deviation)
        joint = special.logsumexp(logs.sum(2), axis=1)
        marginals = special.logsumexp(logs, axis=1).sum(1)
        total += np.sum(joint - marginals + (mean.shape[1] - 1) * np.log(len(mean)))
    return total / len(z)


def exact_gap(mean, deviation, factors):
    """MIG by the mixture of the posteriors (Chen et al. 2018): I = H(z) - sum_v p(v) H(z | v), a draw an image."""
    random = np.random.default_rng(3)
    z = mean + deviation * random.normal(size=mean.shape)

    def entropy(rows, latent):
        own, scale = mean[rows, latent], deviation[rows, latent]
        logs = -0.5 * ((z[rows, latent][:, None] - own) / scale) ** 2 - np.log(scale)
        return -np.mean(special.logsumexp(logs, axis=1) - np.log(len(rows)))

    gaps = []
    for column in factors.T:
        values, places = np.unique(column, return_inverse=True)
        groups = [np.flatnonzero(places == value) for value in range(len(values))]
        shares = np.array([len(rows) for rows in groups]) / len(column)
        shared = sorted(max(0, entropy(np.arange(len(mean)), k) - sum(p * entropy(g, k) for p, g in zip(shares, groups)))
                        for k in range(mean.shape[1]))
        gaps.append((shared[-1] - shared[-2]) / -(shares * np.log(shares)).sum())
    return np.mean(gaps)


def gaussian_correlation(mean, deviation):
    covariance = np.cov(mean.T, bias=True) + np.diag((deviation**2).mean(0))
    return 0.5 * (np.log(np.diag(covariance)).sum() - np.linalg.slogdet(covariance)[1])


def fixtures():
    images, latents = 7, 3
    i, k = np.meshgrid(np.arange(images), np.arange(latents), indexing="ij")
    mean = np.sin(1.7 * i + k).astype(np.float32).astype(float)
    log_variance = (-1 + 0.5 * np.cos(i + 2 * k)).astype(np.float32).astype(float)
    deviation = np.exp(0.5 * log_variance)
    m, k = np.meshgrid(np.arange(5), np.arange(latents), indexing="ij")
    z = np.cos(0.9 * m - k)
    print("mixture at five points", repr(mixture_correlation(z, mean, deviation)))
    print("Gaussian fit", repr(gaussian_correlation(mean, deviation)))
    # The mixture's own total correlation, by two million draws.
    random = np.random.default_rng(1)
    draws = []
    for _ in range(200):
        rows = random.integers(images, size=10_000)
        draws.append(mixture_correlation(mean[rows] + deviation[rows] * random.normal(size=(10_000, latents)), mean, deviation))
    print("mixture", np.mean(draws), "±", np.std(draws) / np.sqrt(len(draws)))
    x = [1, 2, 2, 3, 5, 5, 5, 8, 9, 10.5]
    y = [2, 1, 4, 4, 3, 7, 7, 6, 6, -9.0]
    print("pearson", stats.pearsonr(x, y)[0], "spearman", stats.spearmanr(x, y)[0], "ranks", stats.rankdata(x))
    for freedom in [1, 1.5, 2, 3.7, 10, 200]:
        print("t", freedom, repr(stats.t.ppf(0.975, freedom)))
    for a, b in [([20.1, 20.5, 19.8], [21.2, 21.9, 21.0]), ([20.1, 20.5, 19.8], [20.9, 21.6, 20.2]),
                 ([0.073, 0.121, 0.039], [0.05, 0.06, 0.055]), ([1, 1.1], [2, 2.3])]:
        print("Welch", a, b, stats.ttest_ind(a, b, equal_var=False).pvalue)


if __name__ == "__main__":
    if len(sys.argv) in (3, 4):
        mean = np.load(sys.argv[1]).astype(float)
        deviation = np.exp(0.5 * np.load(sys.argv[2]).astype(float))
        random = np.random.default_rng(1)
        rows = random.permutation(len(mean))[:3000]
        shuffled = np.stack([random.permutation(rows) for _ in range(mean.shape[1])], 1)
        for name, rows in [("TC, mixture", np.repeat(rows[:, None], mean.shape[1], 1)), ("TC, shuffled", shuffled)]:
            own = np.take_along_axis(mean, rows, 0), np.take_along_axis(deviation, rows, 0)
            print(name, mixture_correlation(own[0] + own[1] * random.normal(size=own[0].shape), *own))
        print("TC, Gaussian fit", gaussian_correlation(mean, deviation))
        if len(sys.argv) == 4:
            data = np.load(sys.argv[3])
            ordered = [k for k, name in enumerate(data["factor_names"]) if name not in ("shape", "digit", "image")]
            varying = [k for k in ordered if len(np.unique(data["factor_values"][:, k])) > 1]
            print("MIG (exact densities)", exact_gap(mean, deviation, data["factor_values"][:, varying]))
    else:
        fixtures()
