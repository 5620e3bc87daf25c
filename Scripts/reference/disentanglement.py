"""disentanglement_lib's own metric modules (Locatello et al. 2019, version 1.5), unmodified, at the settings of its
`unsupervised_study_v1`, on codes and factors that are at hand. Needs NumPy, scikit-learn, six, absl-py and gin-config 0.4
(later ones have dropped an argument that disentanglement_lib uses); TensorFlow is not needed: `gin.tf` is `gin`."""
import logging
import pathlib
import sys
import warnings

import numpy as np

METRICS = None


def load(path):
    """Imports the metric modules: from a folder or wheel if one is given, else from where pip put them."""
    global METRICS
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)  # gin's, about words that disentanglement_lib uses
    if path:
        if not pathlib.Path(path).exists():
            sys.exit(f"'{path}' does not exist; give the folder or wheel of disentanglement_lib 1.5")
        sys.path.insert(0, str(path))
    try:
        import gin
        import sklearn.metrics  # used by disentanglement_lib, which does not import it
        sys.modules["gin.tf"] = gin
        from disentanglement_lib.evaluation.metrics import beta_vae, dci, factor_vae, mig, modularity_explicitness, sap_score, utils
    except (ImportError, TypeError) as error:
        sys.exit(f"disentanglement_lib's metrics cannot be imported ({error}): pip install 'gin-config==0.4.0' six absl-py "
                 "scikit-learn, pip download --no-deps disentanglement_lib==1.5, and give its wheel or folder with --library")
    gin.bind_parameter("discretizer.discretizer_fn", lambda target, num_bins: utils._histogram_discretize(target, num_bins))
    gin.bind_parameter("discretizer.num_bins", 20)
    gin.bind_parameter("prune_dims.threshold", 0.05)
    METRICS = beta_vae, factor_vae, mig, sap_score, dci, modularity_explicitness


class Grid:
    """A dataset of disentanglement_lib: all combinations of the factors' levels, whose 'observations' are rows of codes."""

    def __init__(self, codes, values):
        levels = [np.unique(column, return_inverse=True)[1].ravel() for column in values.T]
        levels = [column for column in levels if column.max() > 0]
        self.sizes = [column.max() + 1 for column in levels]
        self.num_factors = len(levels)
        place = np.ravel_multi_index(np.stack(levels), self.sizes)
        assert len(set(place)) == len(codes) == np.prod(self.sizes), "the images are not a complete grid"
        self.codes, self.row = codes, np.argsort(place)

    def sample_factors(self, count, random):
        return np.stack([random.randint(size, size=count) for size in self.sizes], axis=1)

    def sample_observations_from_factors(self, factors, random):
        return self.codes[self.row[np.ravel_multi_index(factors.T, self.sizes)]]

    def sample(self, count, random):
        factors = self.sample_factors(count, random)
        return factors, self.sample_observations_from_factors(factors, random)

    def sample_observations(self, count, random):
        return self.sample(count, random)[1]


class Pair:
    """What disentanglement_lib draws of a dataset: first the images to train on, then those to test on."""

    def __init__(self, *pairs):
        self.codes, self.levels = (np.concatenate(part) for part in zip(*pairs))
        self.place = 0

    def sample(self, count, random):
        rows = slice(self.place, self.place + count)
        self.place += count
        return self.levels[rows], self.codes[rows]


def ranking(codes, kind):
    """The unsupervised ranking of models by their codes of the same images, [images, latents] each, whose posteriors have
    variance 1. The release 1.5 has no such module, its repository does."""
    from disentanglement_lib.evaluation.udr.metrics import udr
    count = len(codes[0])
    functions = [lambda rows, own=own: (own[rows], 0.5 * (own[rows] ** 2).mean(axis=0)) for own in codes]

    class Rows:
        place = 0

        def sample_observations(self, size, random):
            self.place += size
            return np.arange(self.place - size, self.place)

    return udr.compute_udr_sklearn(
        Rows(), functions, np.random.RandomState(0), batch_size=count, num_data_points=count,
        correlation_matrix=kind)["model_scores"]


def votes(codes, values, seed):
    """The scores that draw images anew from a complete grid."""
    beta_vae, factor_vae, *_ = METRICS
    data, random, same = Grid(codes, values), np.random.RandomState(seed), lambda observations: observations
    beta = beta_vae.compute_beta_vae_sklearn(data, same, random, batch_size=64, num_train=10_000, num_eval=5000)
    factor = factor_vae.compute_factor_vae(
        data, same, random, batch_size=64, num_train=10_000, num_eval=5000, num_variance_estimate=10_000)
    return {"β-VAE score": beta["eval_accuracy"], "FactorVAE score": factor["eval_accuracy"]}


def fixed(training, testing, seed, with_dci=True):
    """The other scores, of pairs (codes, levels), [images, …] both."""
    _, _, mig, sap_score, dci, modularity_explicitness = METRICS
    np.random.seed(seed)
    arrays = [array.T for array in (*training, *testing)]
    scores = {
        "MIG": mig._compute_mig(*arrays[:2])["discrete_mig"],
        "SAP": sap_score._compute_sap(*arrays, continuous_factors=False)["SAP_score"],
        "SAP (r²)": sap_score._compute_sap(*arrays, continuous_factors=True)["SAP_score"]}
    both = modularity_explicitness.compute_modularity_explicitness(
        Pair(training, testing), lambda observations: observations, None, num_train=len(training[0]),
        num_test=len(testing[0]))
    scores |= {"modularity": both["modularity_score"], "explicitness": both["explicitness_score_test"]}
    if with_dci:
        found = dci._compute_dci(*arrays)
        scores |= {"DCI disentanglement": found["disentanglement"], "DCI completeness": found["completeness"],
                   "DCI informativeness": found["informativeness_test"]}
    return scores


def scores(codes, values, seed, with_dci=True):
    """All scores of a complete grid, by draws of 10,000 images to train on and 5000 to test on."""
    data, random = Grid(codes, values), np.random.RandomState(1000 + seed)
    draws = [data.sample(count, random)[::-1] for count in (10_000, 5000)]
    return votes(codes, values, seed) | fixed(*draws, seed, with_dci)
