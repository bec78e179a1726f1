"""Scikit-learn's own examination of an estimator, all of it, for each of ours."""

import pytest

import rgteach

sklearn = pytest.importorskip("sklearn")
from sklearn.base import clone  # noqa: E402
from sklearn.utils.estimator_checks import parametrize_with_checks  # noqa: E402

OURS = [rgteach.Lasso(), rgteach.Ridge(), rgteach.ElasticNet(), rgteach.LogisticLasso()]
# Lasso and Ridge are examined as they are made by default, λ chosen by cross-validation in every fit.  For
# the other two that takes long, so they choose λ only where weights, classes and tiny tables are tried.
PATIENT = (rgteach.ElasticNet, rgteach.LogisticLasso)
CHOOSING = ("weight", "1sample", "1feature", "one_label", "classes", "idempotent", "default", "nan_inf")


@pytest.mark.filterwarnings("ignore::rgteach.LearnerWarning")  # the examination's tables are tiny
@parametrize_with_checks(OURS)
def test_check__is_passed(estimator, check):
    """Chosen λ depends on the deal, which weights_invariance (before 1.6) changes by shuffling the rows.

    Its successor gives the folds; in 1.6 it swaps the classes of one of the two fits that it compares.
    """
    name = check.func.__name__
    swapped = sklearn.__version__.startswith("1.6.") and "weight_equivalence" in name
    if swapped and isinstance(estimator, rgteach.LogisticLasso):
        pytest.skip("scikit-learn 1.6 swaps the classes of one of the two fits it compares")
    brief = isinstance(estimator, PATIENT) and not any(word in name for word in CHOOSING)
    if brief or "weights_invariance" in name:
        estimator = clone(estimator).set_params(lam=0.05)
    check(estimator)
