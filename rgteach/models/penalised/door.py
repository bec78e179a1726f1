"""Lasso, elastic net and ridge: the public door to whole paths of penalised fits."""

from __future__ import annotations

from rgteach.core.threads import one_blas_thread
from rgteach.doors import door, one_of
from rgteach.models.penalised.gaussian import gaussian_path
from rgteach.models.penalised.path import PenalisedPath
from rgteach.models.penalised.problem import prepare

FAMILIES = ("gaussian", "binomial")


@door
def lasso_path(
    X,
    y,
    *,
    l1_ratio=1.0,
    family="gaussian",
    lam=None,
    n_lam=100,
    lam_ratio=None,
    standardise=True,
    intercept=True,
    weights=None,
    unpenalised=None,
    tol=1e-10,
) -> PenalisedPath:
    """Fit a model for every strength of a penalty on its coefficients: lasso, elastic net or ridge.

    For each penalty strength lam this minimises::

        loss + lam * (l1_ratio * sum |b_j| + (1 - l1_ratio) / 2 * sum b_j²)

    where the loss is Σ w_i (y_i - fit_i)² / (2n) for family="gaussian" and the mean negative log-likelihood
    Σ w_i (log(1 + exp(eta_i)) - y_i eta_i) / n for family="binomial", with weights that sum to n.

    Parameters
    ----------
    X : array or DataFrame, shape (n, p)
        Patients in rows, features in columns; no gaps.
    y : array, shape (n,)
        A number a patient, in any unit.  For family="binomial" 0 and 1, or any two labels: the event is the
        larger number, True, or what comes second in the alphabet (`settings["classes"]` keeps both).
    l1_ratio : float in [0, 1]
        1 is the lasso, 0 ridge, between them the elastic net.
    family : "gaussian" or "binomial"
    lam : float or array, optional
        Penalties, in any order; they are sorted, the strongest first, and each is kept once.
    n_lam, lam_ratio : int, float
        The grid where `lam` is not given: n_lam values, evenly spaced by ratio, from λmax (the smallest
        penalty at which every penalised coefficient is zero) down to lam_ratio (0.01) times λmax.  Ridge
        never gets to zero; its grid begins at ten times the sum of the columns' variances (their number,
        if standardised), where little is left, and goes down to 10⁻⁷ of that, whatever the unit of y.
    standardise : bool
        Penalise coefficients of columns divided by their population standard deviation (weighted if there are
        weights), whatever the units of X.  The coefficients that come back belong to X as given all the same.
    intercept : bool
        Whether a constant, never penalised, is fitted beside the columns.
    weights : array, shape (n,), optional
        How many patients a row stands for; only ratios count, and a row of weight zero is left out.
    unpenalised : names or places of columns, optional
        Covariates such as age that always stay in the model.
    tol : float
        Largest duality gap allowed, as a share of the null model's objective.

    Returns
    -------
    PenalisedPath
        Coefficients, intercept, gap, objective, number of features and explained deviance for each penalty.

    Raises
    ------
    LearnerError
        If a value is missing or infinite, if nothing is left to explain (y is constant), if no column has
        anything to do with y, if unpenalised columns depend on each other, or if a setting makes no sense.

    Notes
    -----
    The same fit elsewhere, for columns that are already standardised:

    - scikit-learn's ``Lasso`` and ``ElasticNet``: alpha = lam.  Its ``Ridge``: alpha = n·lam, because there
      the loss is a sum.  Its ``LogisticRegression``: C = 1 / (n·lam).
    - glmnet's lasso has our scaling.  Its Gaussian elastic net divides y by its population standard deviation
      s first and multiplies the coefficients back afterwards, so its ridge part counts lam / s: glmnet's
      (lambda, alpha) is our (lam, l1_ratio) with lam·l1_ratio = lambda·alpha and
      lam·(1 - l1_ratio) = lambda·(1 - alpha) / s.

    Where features outnumber patients the path ends with as many coefficients as patients (less one for the
    intercept): the fit then all but passes through every point, and "path-saturated" is among the flags.  A
    constant feature gets 0 ("path-constant-features").  Of two features that say the same the lasso takes
    either ("path-twins"); an elastic net shares the coefficient between them.

    References
    ----------
    Tibshirani 1996, doi:10.1111/j.2517-6161.1996.tb02080.x; Zou and Hastie 2005,
    doi:10.1111/j.1467-9868.2005.00503.x (here without their rescaling); Efron et al. 2004,
    doi:10.1214/009053604000000067; strong rules: Tibshirani et al. 2012,
    doi:10.1111/j.1467-9868.2011.01004.x.

    Examples
    --------
    Two patients, one feature with mean 0 and spread 1: X'y/n is 2, and the penalty is taken off that.

    >>> path = lasso_path([[-1.0], [1.0]], [-2.0, 2.0], lam=[1.0, 0.5])
    >>> path.coef[:, 0].tolist()
    [1.0, 1.5]
    """
    family = one_of("family", family, FAMILIES)
    settings = {
        "l1_ratio": l1_ratio, "lam": lam, "n_lam": n_lam, "lam_ratio": lam_ratio, "standardise": standardise,
        "intercept": intercept, "weights": weights, "unpenalised": unpenalised, "tol": tol,
    }  # fmt: skip
    with one_blas_thread():
        if family == "binomial":
            from rgteach.models.logistic.problem import two_classes
            from rgteach.models.penalised.binomial import binomial_path

            y, classes = two_classes(y, None, False)
            return binomial_path(prepare(X, y, **settings), classes)
        return gaussian_path(prepare(X, y, **settings))
