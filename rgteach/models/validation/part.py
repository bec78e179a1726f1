"""The path of a part of the patients, where it can happen that nothing is left to explain."""

from __future__ import annotations

import numpy as np

from rgteach.errors import LearnerError
from rgteach.models.penalised import lasso_path

NOTHING = ("nothing-to-explain", "nothing-left-to-explain")


def learn(
    X: np.ndarray, y: np.ndarray, lam: np.ndarray, weights: np.ndarray | None = None, **how
) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients (k, p) and intercepts (k,) learnt from these rows alone.

    All patients of a part can have the same outcome, or the same value of every feature.  In a question about
    everybody this is an error; a part is described by its mean, and no feature is in.
    """
    try:
        path = lasso_path(X, y, lam=lam, weights=weights, **how)
    except LearnerError as error:
        if error.key not in NOTHING or how.get("unpenalised") is not None:
            raise
    else:
        return path.coef, path.intercept
    mean = np.average(y, weights=weights)
    level = mean if how["family"] == "gaussian" else np.log(mean / (1 - mean))
    return np.zeros((len(lam), X.shape[1])), np.full(len(lam), level if how["intercept"] else 0.0)
