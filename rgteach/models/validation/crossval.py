"""Choosing the penalty strength by cross-validation; whatever is learnt is learnt inside the folds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rgteach.doors import between, column, door, matrix, one_of, same_length
from rgteach.errors import LearnerError, warn
from rgteach.models.logistic.problem import two_classes
from rgteach.models.penalised import lasso_path
from rgteach.models.penalised.path import PenalisedPath
from rgteach.models.validation.crossval_result import CrossValidation
from rgteach.models.validation.folds import SMALL, Fold, deal, group_numbers
from rgteach.models.validation.heldout import MEASURES, fold_error, mean_and_se, one_se
from rgteach.models.validation.part import learn

RULES = ("1se", "min")
LEAST = 3  # patients; of two, each would be predicted from the other alone


@door
def lasso_cv(
    X: object,
    y: object,
    *,
    folds: object = None,
    family: str = "gaussian",
    l1_ratio: float | Sequence[float] = 1.0,
    rule: str = "1se",
    measure: str | None = None,
    groups: object = None,
    repeats: int = 1,
    seed: int = 0,
    lam: object = None,
    n_lam: int = 100,
    lam_ratio: float | None = None,
    standardise: bool = True,
    intercept: bool = True,
    weights: object = None,
    unpenalised: object = None,
    tol: float = 1e-10,
) -> CrossValidation:
    """Choose the penalty strength of a lasso, ridge or elastic net by cross-validation.

    The grid of λ is fixed once, from all patients, as in glmnet.  Then in each fold the path is fitted to the
    other folds only, and that includes the means and standard deviations of the columns: no number of a
    held-out patient enters the fit that is tested on this patient.

    Parameters
    ----------
    X : array or DataFrame, shape (n, p)
        Features, one row a patient (or lesion, then give `groups`).
    y : array, shape (n,)
        The outcome; two values for family="binomial", the larger of them is class 1.
    folds : int, array of fold numbers, list of (train, test), or splitter of scikit-learn
        None takes ten folds, or fewer so that a fold holds out five patients and one of the smaller class.
        Folds that are counted are stratified by class for family="binomial".
    family : "gaussian" or "binomial"
    l1_ratio : float, or several
        Of several the one with the smallest mean error is taken, then the rule is applied along its path.
    rule : "1se" or "min"
        Take the largest λ within one standard error of the smallest error (the sparser, steadier choice), or
        the λ with the smallest error itself (usually the better predictor).  Both are in the result.
    measure : str, optional
        "mse" (default) or "mae" for gaussian; "deviance" (default), "misclassification" or "auc" for
        binomial, where the error is then 1 − AUC.
    groups : array, shape (n,), optional
        Lesions of one patient carry the same name and are held out together.
    repeats : int
        How often to deal the folds anew.  Errors are averaged; the standard error is that of one deal, for
        repeating makes no new patients.
    seed : int
    lam, n_lam, lam_ratio, standardise, intercept, weights, unpenalised, tol
        As in `lasso_path`.

    Returns
    -------
    CrossValidation

    Raises
    ------
    LearnerError
        Where the folds do not fit the data, or a fold leaves one class to learn from.

    Notes
    -----
    Mean and standard error weigh the folds by size, as glmnet does: m = Σ s_f e_f / Σ s_f and
    √( Σ s_f (e_f − m)² / Σ s_f / (F − 1) ).  The folds share training patients, so this standard error is
    rather too small (Bates, Hastie and Tibshirani 2023, doi:10.1080/01621459.2023.2197686).

    The error at the chosen λ is optimistic, for λ was chosen to make it small.  An honest number needs a
    second round of folds outside of the choice: scikit-learn's `cross_val_score` around an estimator with
    lam="1se" is such a nested cross-validation.  If features were picked before by looking at all patients,
    no cross-validation afterwards can mend it.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> X = rng.normal(size=(60, 20))
    >>> y = X[:, 3] - X[:, 7] + rng.normal(size=60)
    >>> cv = lasso_cv(X, y, folds=5)
    >>> {"x3", "x7"} <= set(cv.selected), cv.lam_1se >= cv.lam_min
    (True, True)
    """
    one_of("family", family, MEASURES)
    one_of("rule", rule, RULES)
    measure = one_of("measure", MEASURES[family][0] if measure is None else measure, MEASURES[family])
    data = _Data.checked(X, y, family, weights)
    dealt = data.dealt(folds, groups, repeats, seed)
    flags = _check_folds(dealt, data, measure, repeats)
    how = {"family": family, "standardise": standardise, "intercept": intercept, "tol": tol}
    every = how | {"n_lam": n_lam, "lam_ratio": lam_ratio, "weights": weights, "unpenalised": unpenalised}
    tried = []
    for ratio in _ratios(l1_ratio):
        path = lasso_path(X, y, l1_ratio=ratio, lam=lam, **every)
        errors = np.array([_held_out(fold, data, path, measure, how) for fold in dealt])
        tried.append((path, errors, *_summed(errors, dealt, data.weights, repeats)))
    return _decided(
        tried, dealt, measure, rule, {"repeats": repeats, "seed": seed, "rows": len(data.y)}, flags
    )


def _decided(
    tried: list[tuple],
    dealt: tuple[Fold, ...],
    measure: str,
    rule: str,
    settings: dict,
    flags: tuple[str, ...],
) -> CrossValidation:
    """Take the mix with the smallest error, and the two penalties along its path."""
    compared = {path.l1_ratio: float(mean.min()) for path, _, mean, _ in tried}
    path, errors, mean, se = min(tried, key=lambda one: one[2].min())
    best, sparse = one_se(path.lam, mean, se)
    flags += _flags_of_choice(path, best, sparse if rule == "1se" else best)
    rest = (path, compared, {**path.settings, **settings}, flags)
    return CrossValidation(path.lam, mean, se, errors, dealt, measure, best, sparse, rule, *rest)


@dataclass(frozen=True)
class _Data:
    """What the folds are cut from."""

    X: np.ndarray
    y: np.ndarray
    weights: np.ndarray
    classes: np.ndarray | None

    @classmethod
    def checked(cls, X: object, y: object, family: str, weights: object) -> _Data:
        """Plain arrays of one length; classes become 0 and 1."""
        array, _ = matrix(X, "X")
        outcome = column(y, "y") if family == "gaussian" else two_classes(y, None, False)[0]
        n = same_length(X=len(array), y=len(outcome))
        given = np.ones(n) if weights is None else column(weights, "weights")
        same_length(X=n, weights=len(given))
        n = np.count_nonzero(given)
        if n < LEAST:
            raise LearnerError("cv-too-few", n=n, least=LEAST)
        return cls(array, outcome, given, None if family == "gaussian" else outcome.astype(int))

    def dealt(self, folds: object, groups: object, repeats: int, seed: int) -> tuple[Fold, ...]:
        """Folds of all rows if they are given; if they are counted, of the rows whose weight is not zero."""
        rows, classes = np.arange(len(self.y)), self.classes
        if folds is None or np.isscalar(folds):
            rows = np.flatnonzero(self.weights > 0)
            classes = None if classes is None else classes[rows]
            groups = None if groups is None else group_numbers(groups, len(self.y))[rows]
        found = deal(len(rows), folds, classes=classes, groups=groups, repeats=repeats, seed=seed)
        return tuple(Fold(rows[fold.train], rows[fold.test]) for fold in found)


def _held_out(fold: Fold, data: _Data, path: PenalisedPath, measure: str, how: dict) -> np.ndarray:
    """Learn from the training rows of a fold alone; the errors on its held-out rows, (k,)."""
    X, y, weights = data.X[fold.train], data.y[fold.train], data.weights[fold.train]
    free = [path.names.index(name) for name in path.settings["unpenalised"]] or None
    how = {**how, "l1_ratio": path.l1_ratio, "unpenalised": free}
    coef, intercept = learn(X, y, path.lam, None if np.all(weights == 1) else weights, **how)
    eta = data.X[fold.test] @ coef.T + intercept
    return fold_error(eta, data.y[fold.test], measure, data.weights[fold.test])


def _summed(
    errors: np.ndarray, dealt: Sequence[Fold], weights: np.ndarray, repeats: int
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and SE at each λ; of repeated deals the mean of their means and of their SEs."""
    sizes = np.array([weights[fold.test].sum() for fold in dealt])
    parts = zip(np.split(errors, repeats), np.split(sizes, repeats), strict=True)
    means, ses = zip(*(mean_and_se(*part) for part in parts), strict=True)
    return np.mean(means, axis=0), np.mean(ses, axis=0)


def _ratios(l1_ratio: float | Sequence[float]) -> list[float]:
    """The mixes to try, each once and in the order given."""
    given = np.atleast_1d(np.asarray(l1_ratio, dtype=object)).ravel()
    if not len(given):
        raise LearnerError("out-of-range", setting="l1_ratio", given=l1_ratio, low=0, high=1)
    return list(dict.fromkeys(between("l1_ratio", ratio, 0, 1, open_=False) for ratio in given))


def _check_folds(dealt: Sequence[Fold], data: _Data, measure: str, repeats: int) -> tuple[str, ...]:
    """Stop where a fold cannot be learnt from; warn and flag where its error says little."""
    flags = []
    smallest = min(len(fold.test) for fold in dealt)
    alone = all(len(fold.test) == 1 for fold in dealt)  # leaving one out: small folds, but many of them
    if smallest < SMALL and not alone:
        warn("cv-few-a-fold", n=smallest, folds=len(dealt), wanted=SMALL)
        flags.append("cv-flag-small")
    if data.classes is not None:
        flags += _check_classes(dealt, data, measure, alone, repeats)
    return tuple(flags)


def _check_classes(dealt: Sequence[Fold], data: _Data, measure: str, alone: bool, repeats: int) -> list[str]:
    counted = data.weights > 0
    n_classes = [[len(np.unique(data.y[r][counted[r]])) for r in (fold.train, fold.test)] for fold in dealt]
    if any(train < 2 for train, _ in n_classes):
        fold = next(number for number, (train, _) in enumerate(n_classes) if train < 2)
        raise LearnerError("cv-fold-learns-one-class", fold=fold, rarest=int(np.bincount(data.classes).min()))
    lonely = sum(test < 2 for _, test in n_classes)
    if measure == "auc" and len(dealt) - lonely < 2 * repeats:
        raise LearnerError("cv-no-auc", n=lonely, folds=len(dealt))
    if lonely and not alone:
        warn("cv-fold-one-class", n=lonely, folds=len(dealt))
        return ["cv-flag-one-class"]
    return []


def _flags_of_choice(path: PenalisedPath, best: int, chosen: int) -> tuple[str, ...]:
    """Flags that depend on where on the grid the choice fell."""
    at_end = ("cv-flag-end",) if best == len(path.lam) - 1 and len(path.lam) > 1 else ()
    return at_end + (("cv-flag-empty",) if path.n_nonzero[chosen] == 0 else ())
