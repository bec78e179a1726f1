"""Two small tables of patients, and a way to be refused: shared by the tests of the scan's tables."""

import numpy as np
import pandas as pd
import pytest

import rgteach as rg
from rgteach.errors import LearnerError
from rgteach.tables.genes import GeneScan

N = 40


def two_tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Forty patients in both tables, in another order in the second; one feature has gaps."""
    rng = np.random.default_rng(3)
    ids = [f"P{k:03}" for k in range(N)]
    carrier = np.arange(N) % 3 == 0
    features = pd.DataFrame(rng.normal(size=(N, 4)), columns=["a", "b", "c", "d"]).assign(id=ids)
    features["a"] += 3 * carrier
    features.loc[:4, "b"] = np.nan
    words = np.where(carrier, "Mutant", "Wildtype")
    genes = pd.DataFrame(
        {"id": ids, "EGFR": words, "copies": rng.integers(0, 5, N), "expr": rng.normal(size=N)}
    )
    return features, genes.sample(frac=1, random_state=1).reset_index(drop=True)


def refused(*args, **settings) -> LearnerError:
    with pytest.raises(LearnerError) as error:
        rg.scan(*args, **settings)
    assert str(error.value)  # every blank of the sentence is filled
    return error.value


def gene(words, **settings) -> GeneScan:
    """A scan of one feature against one column of words."""
    features = pd.DataFrame({"x": np.arange(len(words), dtype=float)})
    return rg.scan(features, pd.DataFrame({"G": words}), **settings)
