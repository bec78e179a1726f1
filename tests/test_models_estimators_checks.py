"""Scikit-learn's own examination of an estimator, all of it, for each of ours as it is made by default."""

import pytest

import rgteach

pytest.importorskip("sklearn")
from sklearn.utils.estimator_checks import parametrize_with_checks  # noqa: E402

OURS = [rgteach.Lasso(), rgteach.Ridge(), rgteach.ElasticNet(), rgteach.LogisticLasso()]


@pytest.mark.filterwarnings("ignore::rgteach.LearnerWarning")  # the examination's tables are tiny
@parametrize_with_checks(OURS)
def test_check__is_passed(estimator, check):
    check(estimator)
