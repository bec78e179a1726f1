"""A study as a table: image features in correlated blocks, genes, two scanners, and the truth behind it.

No image is made here, so a cohort of thousands takes milliseconds; `glioma` is for voxels.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rgteach import views
from rgteach.doors import between, whole_number
from rgteach.wording import say

BLOCK = 8  # features that share one latent factor, as texture features of one kind do
WITHIN_BLOCK = 0.7  # their correlation before anything is added
DRIVER, COMPANION = "IDH_like", "ATRX_like"
DRIVER_SHARE = 0.4
COMPANION_SHARE = {True: 0.7, False: 0.05}  # of carriers and of non-carriers of the driver
BLOCKS_MOVED = 2  # blocks of texture that the driver changes
FAMILIES = ("texture", "shape", "intensity")


@dataclass(frozen=True)
class StudyTruth:
    """What the simulation put in.

    Attributes
    ----------
    shift : array of float, shape (features, genes)
        How far carrying the gene moves the feature by itself, in standard deviations of a non-carrier.
        The companion gene moves nothing: whatever it seems to do, it borrows from the driver.
    block : array of int, shape (features,)
        Features of one block share a latent factor.
    scanner_shift : array of float, shape (features,)
        How far the second scanner moves the feature, in the same unit.
    """

    shift: np.ndarray
    block: np.ndarray
    scanner_shift: np.ndarray


@dataclass(frozen=True, eq=False, repr=False)
class Study:
    """Patients with image features and mutations, made from one seed.

    Attributes
    ----------
    patients : tuple of str
        Their names, "P0001" and on.
    features : array of float, shape (patients, features)
        Some are skewed, as volumes and energies are.
    genes : array of int8, shape (patients, genes)
        1 where the patient carries a mutation.
    scanner : array of int8, shape (patients,)
        0 or 1.
    truth : StudyTruth
    """

    patients: tuple[str, ...]
    features: np.ndarray
    feature_names: tuple[str, ...]
    genes: np.ndarray
    gene_names: tuple[str, ...]
    scanner: np.ndarray
    truth: StudyTruth

    def tables(self):
        """The features and the genes as two DataFrames whose index is the patient."""
        import pandas as pd

        index = pd.Index(self.patients, name="patient")
        features = pd.DataFrame(self.features, index=index, columns=list(self.feature_names))
        return features, pd.DataFrame(self.genes, index=index, columns=list(self.gene_names))

    def more(self, n_patients: int, *, seed: int) -> Study:
        """Other patients of the same truth, whom no model has seen.

        Parameters
        ----------
        n_patients : int
            At least 10.  The driver is carried as often on either scanner.
        seed : int
            Which patients.

        Returns
        -------
        Study

        Examples
        --------
        >>> made = study(50, 16, 4, seed=1)
        >>> made.more(1000, seed=2).truth is made.truth
        True
        """
        n_patients = whole_number("bad-study-size", n_patients, 10)
        rng = np.random.default_rng([seed, 5])
        scanner = (rng.random(n_patients) < 0.5).astype(np.int8)
        genes = _mutations(rng, scanner, len(self.gene_names), 0.0)
        patients = tuple(f"N{k + 1:04d}" for k in range(n_patients))
        features = _measured(rng, genes, scanner, self.truth)
        return replace(self, patients=patients, features=features, genes=genes, scanner=scanner)

    def _facts(self) -> dict[str, str]:
        n_true = int(np.count_nonzero(self.truth.shift))
        carriers = int(self.genes[:, 0].sum())
        return {
            say("study-patients"): f"{len(self.patients)}",
            say("study-features"): say(
                "study-blocks", n=self.features.shape[1], blocks=int(self.truth.block.max()) + 1
            ),
            say("study-genes"): say(
                "study-carriers", n=self.genes.shape[1], gene=self.gene_names[0], carriers=carriers
            ),
            say("study-scanners"): " + ".join(map(str, np.bincount(self.scanner, minlength=2))),
            say("study-true"): f"{n_true} / {self.truth.shift.size:,}",
        }

    def __repr__(self) -> str:
        return views.text_card(say("study-title"), self._facts())

    def _repr_html_(self) -> str:
        return views.card(say("study-title"), self._facts())


def study(
    n_patients: int = 200,
    n_features: int = 120,
    n_genes: int = 20,
    *,
    seed: int = 0,
    effect: float = 0.8,
    scanner_effect: float = 0.5,
    confounding: float = 0.0,
) -> Study:
    """Simulate a radiogenomic study whose truth is known.

    Parameters
    ----------
    n_patients, n_features, n_genes : int
        At least 10 patients, 8 features and 2 genes. The first gene, IDH_like, moves two blocks of texture
        features; the second, ATRX_like, is carried mostly by the same patients and moves nothing itself; the
        others are carried at random by 3 to 40 % of the patients.
    seed : int
        The study; another seed gives other patients.
    effect : float
        How far the driver moves its features, in standard deviations; 0 makes a study without any truth.
    scanner_effect : float
        How far the second scanner moves a third of the features, in standard deviations.
    confounding : float
        From 0 to 1: how much rarer carriers of the driver are on the second scanner.

    Returns
    -------
    Study

    Examples
    --------
    >>> made = study(50, 16, 4, seed=1)
    >>> made.features.shape, made.genes.shape, made.gene_names[:2]
    ((50, 16), (50, 4), ('IDH_like', 'ATRX_like'))
    """
    n_patients = whole_number("bad-study-size", n_patients, 10)
    n_features = whole_number("bad-study-size", n_features, BLOCK)
    n_genes = whole_number("bad-study-size", n_genes, 2)
    confounding = between("confounding", confounding, 0, 1, open_=False)
    rng = np.random.default_rng([seed, 3])
    scanner = (rng.random(n_patients) < 0.5).astype(np.int8)
    genes = _mutations(rng, scanner, n_genes, confounding)
    truth = _truth(rng, n_features, n_genes, effect, scanner_effect)
    features = _measured(rng, genes, scanner, truth)
    return Study(
        patients=tuple(f"P{k + 1:04d}" for k in range(n_patients)),
        features=features,
        feature_names=_feature_names(truth.block),
        genes=genes,
        gene_names=(DRIVER, COMPANION, *(f"gene_{k + 1:04d}" for k in range(2, n_genes))),
        scanner=scanner,
        truth=truth,
    )


def _mutations(rng: np.random.Generator, scanner: np.ndarray, n_genes: int, confounding: float) -> np.ndarray:
    """Who carries what; the companion is met where the driver is."""
    n = len(scanner)
    share = DRIVER_SHARE * (1 + confounding * (1 - 2 * scanner))
    driver = rng.random(n) < share
    companion = rng.random(n) < np.where(driver, COMPANION_SHARE[True], COMPANION_SHARE[False])
    others = rng.random((n, n_genes - 2)) < rng.uniform(0.03, 0.4, n_genes - 2)
    return np.column_stack([driver, companion, others]).astype(np.int8)


def _truth(rng, n_features: int, n_genes: int, effect: float, scanner_effect: float) -> StudyTruth:
    block = np.arange(n_features) // BLOCK
    textures = np.flatnonzero(block % len(FAMILIES) == 0)
    moved = np.isin(block, np.unique(block[textures])[:BLOCKS_MOVED])
    shift = np.zeros((n_features, n_genes))
    shift[moved, 0] = effect * rng.uniform(0.7, 1.3, int(moved.sum()))
    scanned = rng.random(n_features) < 1 / 3
    return StudyTruth(shift, block, np.where(scanned, scanner_effect, 0.0))


def _measured(rng, genes: np.ndarray, scanner: np.ndarray, truth: StudyTruth) -> np.ndarray:
    """The features: a factor of the block, noise of their own, the gene, the scanner; every fourth skewed."""
    n, f = len(scanner), len(truth.block)
    factors = rng.standard_normal((n, int(truth.block.max()) + 1))
    own = rng.standard_normal((n, f))
    values = np.sqrt(WITHIN_BLOCK) * factors[:, truth.block] + np.sqrt(1 - WITHIN_BLOCK) * own
    values += genes @ truth.shift.T + scanner[:, None] * truth.scanner_shift
    skewed = np.arange(f) % 4 == 3
    values[:, skewed] = np.exp(values[:, skewed])
    return values


def _feature_names(block: np.ndarray) -> tuple[str, ...]:
    width = len(str(len(block)))
    return tuple(f"{FAMILIES[b % len(FAMILIES)]}_{j + 1:0{width}d}" for j, b in enumerate(block))
