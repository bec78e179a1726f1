"""Cross-validation: the errors are those of a hand-written loop, and nothing of a held-out patient leaks."""

import numpy as np
import pytest

import rgteach
from rgteach.errors import LearnerError, LearnerWarning
from rgteach.models.validation import crossval, lasso_cv

sklearn = pytest.importorskip("sklearn")
LAM = np.array([1.0, 0.5, 0.2, 0.1, 0.05])


@pytest.fixture(scope="module")
def study():
    """Sixty patients, eight features in different units, two of them of use."""
    rng = np.random.default_rng(5)
    X = rng.normal(size=(60, 8)) * [1, 10, 0.1, 1, 5, 1, 100, 1] + [0, 5, 1, 0, 0, -3, 1000, 0]
    y = X[:, 0] - 0.2 * X[:, 1] + rng.normal(size=60)
    return X, y


@pytest.fixture(scope="module")
def numbers():
    """Folds of unequal size."""
    return np.repeat([0, 1, 2, 3], [10, 12, 18, 20])


def by_hand(X, y, numbers, lam):
    """Held-out mean squared errors, scaling and fitting the training rows with scikit-learn."""
    from sklearn.linear_model import Lasso
    from sklearn.preprocessing import StandardScaler

    errors = np.empty((4, len(lam)))
    for fold in range(4):
        train, test = numbers != fold, numbers == fold
        scaler = StandardScaler().fit(X[train])
        for k in range(len(lam)):
            model = Lasso(alpha=lam[k], tol=1e-13, max_iter=100_000).fit(scaler.transform(X[train]), y[train])
            errors[fold, k] = np.mean((y[test] - model.predict(scaler.transform(X[test]))) ** 2)
    return errors


def test_error__is_that_of_a_hand_written_loop(study, numbers):
    cv = lasso_cv(*study, folds=numbers, lam=LAM)
    errors = by_hand(*study, numbers, LAM)
    np.testing.assert_allclose(cv.fold_error, errors, rtol=1e-5)  # both stop at a duality gap, not at a digit
    sizes = np.array([10, 12, 18, 20])
    mean = sizes @ errors / 60
    se = np.sqrt(sizes @ (errors - mean) ** 2 / 60 / 3)
    np.testing.assert_allclose(cv.error, mean, rtol=1e-5)
    np.testing.assert_allclose(cv.se, se, rtol=1e-5)


def test_error__is_that_of_lasso_cv_of_scikit_learn(study):
    from sklearn.linear_model import LassoCV
    from sklearn.model_selection import KFold

    X, y = study[0] / study[0].std(axis=0), study[1]
    theirs = LassoCV(alphas=LAM, cv=KFold(5), tol=1e-12, max_iter=100_000).fit(X, y)
    ours = lasso_cv(X, y, folds=KFold(5), lam=LAM, standardise=False)
    np.testing.assert_allclose(ours.fold_error, theirs.mse_path_.T, rtol=1e-5)
    assert ours.lam_min == theirs.alpha_


def test_fit__no_number_of_a_held_out_patient_enters_it(study, numbers, monkeypatch):
    """The coefficients of a fold stay the same to the last bit when the row they are tested on changes."""
    learnt = []

    def spy(*args, **how):
        learnt.append(learn(*args, **how))
        return learnt[-1]

    learn = crossval.learn
    monkeypatch.setattr(crossval, "learn", spy)
    lasso_cv(*study, folds=numbers, lam=LAM)
    X, y = study[0].copy(), study[1].copy()
    X[0], y[0] = 1e6, -1e6  # patient 0 is held out in fold 0
    lasso_cv(X, y, folds=numbers, lam=LAM)
    before, after = learnt[:4], learnt[4:]
    np.testing.assert_array_equal(before[0][0], after[0][0])
    np.testing.assert_array_equal(before[0][1], after[0][1])
    assert all(np.any(before[fold][0] != after[fold][0]) for fold in (1, 2, 3))


def test_folds__given_again_reproduce_the_result(study):
    cv = lasso_cv(*study, folds=5, seed=3, lam=LAM)
    assert sorted(np.bincount(cv.fold_of[0])) == [12] * 5
    pairs = [(fold.train, fold.test) for fold in cv.folds]
    for folds in (cv.fold_of[0], list(cv.fold_of[0]), pairs):
        again = lasso_cv(*study, folds=folds, lam=LAM)
        np.testing.assert_array_equal(again.fold_error, cv.fold_error)


def test_seed__decides_the_folds(study):
    first, same, other = (lasso_cv(*study, folds=4, seed=s, lam=LAM).fold_of for s in (0, 0, 1))
    np.testing.assert_array_equal(first, same)
    assert np.any(first != other)


def test_repeats__leave_the_first_deal_as_it_was_and_average(study):
    one = lasso_cv(*study, folds=4, lam=LAM)
    three = lasso_cv(*study, folds=4, lam=LAM, repeats=3)
    assert three.fold_error.shape == (12, 5)
    assert three.fold_of.shape == (3, 60)
    np.testing.assert_array_equal(three.fold_error[:4], one.fold_error)
    np.testing.assert_allclose(three.error, three.fold_error.mean(axis=0), rtol=1e-12)  # folds of one size
    assert np.all(three.se > 0.3 * one.se)  # new deals make no new patients


def test_chosen__both_rules_stand_in_the_result(study):
    sparse = lasso_cv(*study, folds=5)
    best = lasso_cv(*study, folds=5, rule="min")
    assert (sparse.lam_chosen, best.lam_chosen) == (sparse.lam_1se, sparse.lam_min)
    assert sparse.lam_1se >= sparse.lam_min
    limit = sparse.error.min() + sparse.se[sparse.best]
    assert sparse.error[sparse.sparse] <= limit < sparse.error[sparse.sparse - 1]
    np.testing.assert_array_equal(best.coef, best.path.coef[best.best])
    assert np.count_nonzero(best.coef) == best.n_nonzero[best.best] == len(best.selected)
    assert best.intercept == best.path.intercept[best.best]


def test_null__one_standard_error_mostly_chooses_the_empty_model():
    """In forty studies y has nothing to do with X."""
    empty = []
    for study in range(40):
        rng = np.random.default_rng(study)
        cv = lasso_cv(rng.normal(size=(40, 6)), rng.normal(size=40), folds=5, n_lam=20)
        empty.append(not cv.selected)
        assert ("cv-flag-empty" in cv.flags) == empty[-1]
    assert np.mean(empty) >= 0.85


def test_l1_ratio__the_mix_with_the_smallest_error_is_taken(study):
    cv = lasso_cv(*study, folds=4, l1_ratio=[0.2, 0.6, 1.0], n_lam=15)
    assert list(cv.compared) == [0.2, 0.6, 1.0]
    assert cv.compared[cv.l1_ratio] == min(cv.compared.values()) == cv.error.min()
    alone = lasso_cv(*study, folds=4, l1_ratio=cv.l1_ratio, n_lam=15)
    np.testing.assert_array_equal(alone.coef, cv.coef)


def test_ridge__its_choice_has_nothing_to_do_with_the_unit_of_y(study):
    X, y = study
    plain, in_mm = (lasso_cv(X, y * unit, folds=4, l1_ratio=0.0, n_lam=30) for unit in (1, 1000))
    assert plain.lam_min == in_mm.lam_min
    assert 0 < plain.best < 29
    np.testing.assert_allclose(in_mm.coef, 1000 * plain.coef, rtol=1e-8)


def test_units__of_the_features_change_nothing(study):
    X, y = study
    plain = lasso_cv(X, y, folds=4, n_lam=20)
    moved = lasso_cv(X * 1000 + 1e8, y, folds=4, n_lam=20)
    assert moved.sparse == plain.sparse
    np.testing.assert_allclose(moved.error, plain.error, rtol=1e-6)  # 1e8 costs eight of sixteen digits


def test_weights__count_a_patient_as_often_as_they_say(study, numbers):
    X, y = study
    weights = np.tile([1, 0, 2, 3], 15)
    weighted = lasso_cv(X, y, folds=numbers, lam=LAM, weights=weights)
    repeated = lasso_cv(X.repeat(weights, 0), y.repeat(weights), folds=numbers.repeat(weights), lam=LAM)
    np.testing.assert_allclose(weighted.error, repeated.error, rtol=1e-6)
    np.testing.assert_allclose(weighted.se, repeated.se, rtol=1e-6)


def test_weights__of_zero_are_as_if_the_rows_were_gone(study):
    X, y = study
    kept = np.arange(60) % 3 > 0
    weighted = lasso_cv(X, y, lam=LAM, weights=kept, groups=np.arange(60) // 2)
    alone = lasso_cv(X[kept], y[kept], lam=LAM, groups=np.arange(60)[kept] // 2)
    np.testing.assert_allclose(weighted.error, alone.error, rtol=1e-12)
    assert weighted.fold_of.shape == (1, 60)
    assert np.all(weighted.fold_of[0, ~kept] == -1)


def test_unpenalised__is_meant_by_name_in_the_folds_too(study):
    pandas = pytest.importorskip("pandas")
    X, y = study
    table = pandas.DataFrame(X, columns=list("abcdefgh"))
    named = lasso_cv(table, y, folds=4, n_lam=10, unpenalised=["b"])
    placed = lasso_cv(X, y, folds=4, n_lam=10, unpenalised=[1])
    np.testing.assert_array_equal(named.fold_error, placed.fold_error)
    assert np.all(named.path.coef[:, 1] != 0)
    assert "b" not in named.selected


def test_fold__a_feature_or_an_outcome_without_spread_in_it_is_survived():
    rng = np.random.default_rng(0)
    X = np.column_stack([rng.normal(size=20), np.arange(20) == 3])
    y = (np.arange(20) == 3) * 5.0
    with pytest.warns(LearnerWarning, match="holds out 4"):
        cv = lasso_cv(X, y, folds=5, n_lam=10)
    alone = cv.fold_of[0, 3]  # to those who learn without patient 3 everybody is 0
    np.testing.assert_allclose(cv.fold_error[alone], 25 / 4)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_few__patients_are_refused(study, n):
    with pytest.raises(LearnerError) as error:
        lasso_cv(study[0][:n], study[1][:n])
    assert error.value.key == "cv-too-few"
    assert str(error.value)


def test_leaving_one_out__is_not_warned_about(study, recwarn):
    from sklearn.model_selection import LeaveOneOut

    X, y = study[0][:15], study[1][:15]
    cv = lasso_cv(X, y, folds=LeaveOneOut(), lam=LAM)
    np.testing.assert_allclose(lasso_cv(X, y, folds=15, lam=LAM).error, cv.error, rtol=1e-12)
    np.testing.assert_allclose(cv.se, cv.fold_error.std(axis=0) / np.sqrt(14), rtol=1e-12)
    assert len(recwarn) == 0


@pytest.mark.parametrize("setting", ["flods", "lambda_"])
def test_setting__misspelt_is_refused(study, setting):
    with pytest.raises(LearnerError) as error:
        lasso_cv(*study, **{setting: 5})
    assert error.value.key == "unknown-setting"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_view__tells_both_penalties_and_what_to_mind(study, language):
    rgteach.setup(language)
    cv = lasso_cv(*study, folds=5, lam=[0.5, 0.4])
    assert cv.flags == ("cv-flag-end",)
    for view in (repr(cv), cv._repr_html_()):
        assert f"{cv.lam_min:.4g}" in view
        assert "x0" in view
        assert ("lam_ratio" in view) == ("cv-flag-end" in cv.flags)
