"""Penalised models as scikit-learn estimators, for Pipeline, GridSearchCV and cross_val_score.

All of them minimise the mean loss plus ``lam * (l1_ratio * |b|₁ + (1 - l1_ratio) / 2 * |b|₂²)``, where b are
the coefficients of columns divided by their standard deviation (``standardise=False``: of the columns given).

    ours                                      scikit-learn's, with standardise=False
    Lasso(lam)                                Lasso(alpha=lam)
    ElasticNet(lam, l1_ratio)                 ElasticNet(alpha=lam, l1_ratio=l1_ratio)
    Ridge(lam)                                Ridge(alpha=n * lam): its loss is a sum, ours a mean
    LogisticLasso(lam)                        LogisticRegression(C=1 / (n * lam), L1), solver "saga"; its
                                              "liblinear" penalises the intercept too

n is the number of rows, or the sum of `sample_weight`.
"""

from __future__ import annotations

from rgteach.models.linear_estimators import PenalisedClassifier, PenalisedRegressor

__all__ = ["ElasticNet", "Lasso", "LogisticLasso", "Ridge"]


class Lasso(PenalisedRegressor):
    """Least squares with an L1 penalty: many coefficients are exactly zero.

    Parameters
    ----------
    lam : float, "1se" or "min"
        Penalty strength λ.  There is no number that suits all data, for λ has the unit of y; so the default
        chooses it inside `fit` by cross-validation: "1se" the largest λ within one standard error of the
        smallest held-out error, "min" the λ of the smallest.
    cv : int, array of fold numbers, list of (train, test) or splitter, optional
        Folds for that choice, as `folds` in `lasso_cv`; not used where lam is a number.  Rows that belong
        together (lesions of one patient) need fold numbers or (train, test) lists here.
    standardise : bool
        Penalise the coefficients of columns divided by their standard deviation, which is learnt from the
        rows of `fit` (in cross-validation: from the training rows alone).
    intercept : bool
    tol : float
        Duality gap to reach, as a share of the null model's objective.
    seed : int
        Deals the folds.

    Attributes
    ----------
    coef_ : array, shape (p,)
        On the scale of the X given.
    intercept_ : float
    lam_ : float
        The λ that was used.
    cv_ : CrossValidation
        Where lam was "1se" or "min".
    dual_gap_, relative_gap_ : float
        The most by which the objective could still fall; the same as a share of the null model's objective.
    n_features_in_, feature_names_in_
        As everywhere in scikit-learn.

    Notes
    -----
    With lam="1se" or "min", `cross_val_score` around the estimator is nested cross-validation: the outer
    folds take no part in the choice of λ.

    References
    ----------
    Tibshirani 1996, doi:10.1111/j.2517-6161.1996.tb02080.x.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(50, 10))
    >>> y = 3 * X[:, 2] + rng.normal(size=50)
    >>> Lasso(lam=0.5).fit(X, y).coef_.nonzero()[0].tolist()
    [2]
    """

    def _mix(self):
        return 1.0


class Ridge(PenalisedRegressor):
    """Least squares with a squared penalty: every column stays, all coefficients shrink.

    Parameters and attributes are those of `Lasso`.  For standardised columns λ has no unit: the coefficient
    of a column that is uncorrelated with the others is divided by 1 + λ.

    References
    ----------
    Hoerl and Kennard 1970, doi:10.1080/00401706.1970.10488634.

    Examples
    --------
    >>> Ridge(lam=1.0).fit([[-1.0], [1.0]], [-2.0, 2.0]).coef_.round(8).tolist()
    [1.0]
    """

    def _mix(self):
        return 0.0


class ElasticNet(PenalisedRegressor):
    """Least squares with a mixed penalty: correlated columns come in together rather than one for the others.

    Parameters and attributes are those of `Lasso`, and besides:

    Parameters
    ----------
    l1_ratio : float from 0 to 1
        1 is the lasso, 0 is ridge.

    References
    ----------
    Zou and Hastie 2005, doi:10.1111/j.1467-9868.2005.00503.x (their "naive" elastic net: no rescaling after).

    Examples
    --------
    >>> twins = [[-1.0, -1.0], [1.0, 1.0]]
    >>> ElasticNet(lam=0.5, l1_ratio=0.5).fit(twins, [-2.0, 2.0]).coef_.round(6).tolist()
    [0.777778, 0.777778]
    """

    def __init__(
        self, lam="1se", l1_ratio=0.5, *, cv=None, standardise=True, intercept=True, tol=1e-10, seed=0
    ):
        self.lam = lam
        self.l1_ratio = l1_ratio
        self.cv = cv
        self.standardise = standardise
        self.intercept = intercept
        self.tol = tol
        self.seed = seed


class LogisticLasso(PenalisedClassifier):
    """Logistic regression of two classes with an L1 penalty.

    Parameters and attributes are those of `Lasso`, with scikit-learn's shapes for classifiers, ``coef_``
    (1, p) and ``intercept_`` (1,), and besides:

    Parameters
    ----------
    l1_ratio : float from 0 to 1
        1 is the lasso, 0 is ridge.

    Attributes
    ----------
    classes_ : array, shape (2,)
        The classes in sorted order; coefficients speak for the second.

    Raises
    ------
    LearnerError
        With one class, or more than two.

    Notes
    -----
    The loss is the mean negative log-likelihood.  Probabilities of a penalised model are pulled towards the
    share of each class; check their calibration before they are read as risks.

    Examples
    --------
    >>> from sklearn.datasets import load_breast_cancer
    >>> X, y = load_breast_cancer(return_X_y=True, as_frame=True)
    >>> model = LogisticLasso(lam=0.1).fit(X, y)
    >>> [name for name, b in zip(X.columns, model.coef_[0]) if b]
    ['mean concave points', 'worst radius', 'worst texture', 'worst concave points']
    """

    def __init__(
        self, lam="1se", l1_ratio=1.0, *, cv=None, standardise=True, intercept=True, tol=1e-10, seed=0
    ):
        self.lam = lam
        self.l1_ratio = l1_ratio
        self.cv = cv
        self.standardise = standardise
        self.intercept = intercept
        self.tol = tol
        self.seed = seed
