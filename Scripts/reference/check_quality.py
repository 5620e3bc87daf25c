#!/usr/bin/env python3
"""Statistics that measure, interpret and search rest on, computed anew with NumPy and SciPy.

Without arguments: prints the values that the tests of Interpretation compare with (TotalCorrelationTests,
StatisticsTests). With MEAN.npy and LOG_VARIANCE.npy, both [images, latents]: the total correlation of these codes, as
`measure` gives it in TC, mixture, TC, shuffled and TC, Gaussian fit (other random draws, so equal within sampling).
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
    if len(sys.argv) == 3:
        mean = np.load(sys.argv[1]).astype(float)
        deviation = np.exp(0.5 * np.load(sys.argv[2]).astype(float))
        random = np.random.default_rng(1)
        rows = random.permutation(len(mean))[:3000]
        shuffled = np.stack([random.permutation(rows) for _ in range(mean.shape[1])], 1)
        for name, rows in [("TC, mixture", np.repeat(rows[:, None], mean.shape[1], 1)), ("TC, shuffled", shuffled)]:
            own = np.take_along_axis(mean, rows, 0), np.take_along_axis(deviation, rows, 0)
            print(name, mixture_correlation(own[0] + own[1] * random.normal(size=own[0].shape), *own))
        print("TC, Gaussian fit", gaussian_correlation(mean, deviation))
    else:
        fixtures()
