"""`lasso_path` on awkward tables, its refusals, and the views of a path."""

import numpy as np
import pandas as pd
import pytest

import rgteach as rg
from rgteach import wording
from rgteach.models.penalised import lasso_path


def study(n=30, p=6, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p))
    return X, X[:, 0] - X[:, 1] + rng.normal(size=n)


def refused(key, *args, **settings):
    with pytest.raises(rg.LearnerError) as error:
        lasso_path(*args, **settings)
    assert error.value.key == key
    assert str(error.value)


# ---------------------------------------------------------------- awkward tables


@pytest.mark.parametrize("value", [0.0, 3.0, 1e8, 0.1 + 0.2])
@pytest.mark.parametrize("l1_ratio", [1.0, 0.0], ids=["lasso", "ridge"])
def test_constant_feature__gets_zero_and_a_flag(value, l1_ratio):
    X, y = study()
    with_constant = np.column_stack([X, np.full(30, value)])
    path = lasso_path(with_constant, y, l1_ratio=l1_ratio, n_lam=5)
    assert not path.coef[:, 6].any()
    assert path.flags == ("path-constant-features",)
    assert np.allclose(path.coef[:, :6], lasso_path(X, y, l1_ratio=l1_ratio, n_lam=5).coef, rtol=1e-9)


def test_constant_feature__a_tiny_spread_beside_a_large_offset_is_a_spread():
    X, y = study()
    X[:, 0] = 1e8 + np.round(X[:, 0] * 1e3) / 2**20
    path = lasso_path(X, y, n_lam=20)
    assert path.flags == ()
    assert path.coef[-1, 0] != 0


def test_constant_feature__is_an_intercept_where_there_is_none():
    X, y = study()
    ones = np.column_stack([X, np.ones(30)])
    path = lasso_path(ones, y + 5, intercept=False, standardise=False, lam=[1e-6])
    assert path.coef[0, 6] == pytest.approx(lasso_path(X, y + 5, lam=[1e-9]).intercept[0], rel=1e-3)


def test_twin_features__one_is_taken_and_the_path_says_so():
    X, y = study()
    doubled = np.column_stack([X, -3 * X[:, 0] + 7])
    path = lasso_path(doubled, y, n_lam=30)
    assert path.flags == ("path-twins",)
    assert path.relative_gap.max() <= 1e-10
    plain = lasso_path(X, y, lam=path.lam)
    assert np.allclose(path.predict(doubled), plain.predict(X), atol=1e-8)
    net = lasso_path(doubled, y, l1_ratio=0.5, n_lam=30)
    assert np.allclose(net.coef[:, 0], -3 * net.coef[:, 6], atol=1e-9)  # shared: equal on one scale


def test_twin_features__nobody_speaks_of_twins_that_were_not_chosen():
    X, y = study()
    doubled = np.column_stack([X, X[:, 5]])
    path = lasso_path(doubled, y, lam=[0.8 * lasso_path(doubled, y, n_lam=1).lam[0]])
    assert path.flags == ()


@pytest.mark.parametrize("apart", 10.0 ** -np.arange(3, 16), ids=str)
def test_near_twins__the_gap_is_closed_all_the_same(apart):
    X, y = study(40, 8)
    X = np.column_stack([X, X + apart * np.random.default_rng(1).normal(size=X.shape)])
    path = lasso_path(X, y, n_lam=20, lam_ratio=1e-3)
    assert path.relative_gap.max() <= 1e-10


def test_more_features_than_patients__down_to_a_trace_of_a_penalty():
    """The fit ends where it passes through every point, with as many coefficients as patients less one."""
    X, y = study(15, 60)
    top = lasso_path(X, y, n_lam=1).lam[0]
    path = lasso_path(X, y, lam=top * np.array([0.1, 1e-3, 1e-6, 1e-8]))
    assert path.relative_gap.max() <= 1e-10
    assert path.n_nonzero[-1] == 14
    assert path.deviance_ratio[-1] == pytest.approx(1, abs=1e-12)
    assert "path-saturated" in path.flags
    assert "path-saturated" not in lasso_path(X, y, lam=0.3 * top).flags
    assert "path-saturated" not in lasso_path(X, y, l1_ratio=0.1, n_lam=10).flags  # many, but held down


def test_feature_that_covariates_explain__gets_zero_and_a_flag():
    X, y = study()
    X = np.column_stack([X, 2 * X[:, 2] - X[:, 3] + 1])
    path = lasso_path(X, y, unpenalised=[2, 3], n_lam=5)
    assert not path.coef[:, 6].any()
    assert path.flags == ("path-explained-features",)
    assert path.relative_gap.max() <= 1e-10


@pytest.mark.parametrize("n", [1, 2])
def test_few_patients__one_is_nothing_to_explain_and_two_are_a_line(n):
    X, y = np.array([[1.0, 5.0], [3.0, 6.0]])[:n], np.array([1.0, 2.0])[:n]
    if n == 1:
        refused("nothing-left-to-explain", X, y)
    else:
        path = lasso_path(X, y, n_lam=5)
        assert path.relative_gap.max() <= 1e-10
        assert path.n_nonzero.max() == 1


def test_scales__far_apart_without_standardising():
    X, y = study()
    X = X * 10.0 ** np.arange(-6, 6, 2)
    path = lasso_path(X, y, standardise=False, n_lam=50, lam_ratio=1e-9)
    assert path.relative_gap.max() <= 1e-10


@pytest.mark.parametrize("scale", [1e-150, 1e-8, 1e8, 1e150], ids=str)
def test_outcome__its_unit_only_changes_the_unit_of_the_answer(scale):
    X, y = study()
    plain, scaled = lasso_path(X, y, n_lam=8), lasso_path(X, scale * y, n_lam=8)
    assert np.allclose(scaled.coef, scale * plain.coef, rtol=1e-8, atol=1e-10 * scale)
    assert np.allclose(scaled.lam, scale * plain.lam, rtol=1e-12)


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("nothing-left-to-explain", {"y": np.full(30, 0.1)}),
        ("nothing-left-to-explain", {"y": np.full(30, 1e8 + 0.1)}),
        ("nothing-to-explain", {"X": np.ones((30, 2))}),
        ("has-gaps", {"y": np.r_[np.nan, np.zeros(29)]}),
        ("has-gaps", {"X": np.full((30, 2), np.nan)}),
        ("infinite-values", {"X": np.full((30, 2), np.inf)}),
        ("not-numbers", {"y": ["a"] * 30}),
        ("lengths-differ", {"y": np.arange(29.0)}),
        ("lengths-differ", {"weights": np.ones(3)}),
        ("empty-table", {"X": np.empty((0, 3)), "y": []}),
        ("empty-table", {"X": np.empty((30, 0))}),
        ("bad-weights", {"weights": -np.ones(30)}),
        ("bad-weights", {"weights": np.zeros(30)}),
        ("out-of-range", {"l1_ratio": 1.5}),
        ("out-of-range", {"lam_ratio": 0}),
        ("out-of-range", {"tol": 0}),
        ("bad-n-lam", {"n_lam": 0}),
        ("bad-penalties", {"lam": [0.1, 0.0]}),
        ("bad-penalties", {"lam": []}),
        ("no-such-column", {"unpenalised": ["age"]}),
        ("no-such-column", {"unpenalised": 6}),
        ("unpenalised-collinear", {"unpenalised": [0, 1]}),
        ("unknown-option", {"family": "gausian"}),
        ("unknown-setting", {"alpha": 1}),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value),
)
def test_bad_input__is_named(key, change):
    X, y = study()
    if key == "unpenalised-collinear":
        X[:, 1] = 2 * X[:, 0] + 1
    given = {"X": X, "y": y, **change}
    refused(key, given.pop("X"), given.pop("y"), **given)


def test_outcome_that_the_covariates_give_exactly__is_refused():
    X, _ = study()
    refused("nothing-left-to-explain", X, 3 * X[:, 0] - X[:, 1] + 2, unpenalised=[0, 1])


# ---------------------------------------------------------------- the path as an object


@pytest.fixture
def frame():
    X, y = study()
    return pd.DataFrame(X, columns=list("abcdef")), y


def test_at__grid_points_only(frame):
    path = rg.lasso_path(*frame, n_lam=10)
    point = path.at(path.lam[4])
    assert point.lam == path.lam[4]
    assert np.array_equal(point.coef, path.coef[4])
    assert np.allclose(point.predict(frame[0]), path.predict(frame[0])[:, 4], rtol=1e-13)
    between = np.sqrt(path.lam[4] * path.lam[5]) * 1.01
    with pytest.raises(rg.LearnerError, match=f"{path.lam[4]:.6g}"):
        path.at(between)
    assert path.at(between, nearest=True).lam == path.lam[4]
    for wrong in (-1.0, 0.0, np.nan):
        with pytest.raises(rg.LearnerError):
            path.at(wrong, nearest=True)


def test_nonzero__names_the_largest_first(frame):
    path = lasso_path(*frame, n_lam=10)
    names = path.nonzero(path.lam[-1])
    assert set(names[:2]) == {"a", "b"}
    assert len(names) == path.n_nonzero[-1]
    assert path.nonzero(path.lam[0]) == ()


def test_predict__finds_columns_by_name_and_refuses_others(frame):
    X, _ = frame
    path = lasso_path(*frame, n_lam=5)
    turned = X[list("fedcba")].assign(more=0.0)
    assert np.array_equal(path.predict(turned), path.predict(X))
    assert np.array_equal(path.predict(X.to_numpy()), path.predict(X))
    for wrong in (X.rename(columns={"a": "z"}), X.to_numpy()[:, :3]):
        with pytest.raises(rg.LearnerError) as error:
            path.predict(wrong)
        assert error.value.key == "other-columns"


def test_path__is_not_to_be_changed(frame):
    with pytest.raises(AttributeError):
        lasso_path(*frame, n_lam=3).lam = None


@pytest.mark.parametrize(("lang", "words"), [("en", ["Lasso path", "nonzero"]), ("zh", ["路径", "非零系数"])])
def test_views__tell_range_features_gap_and_flags_in_both_languages(frame, lang, words):
    rg.setup(lang)
    X, y = frame
    path = lasso_path(X.assign(flat=1.0), y, unpenalised=["c"], n_lam=5)
    for view in (repr(path), path._repr_html_()):
        assert all(word in view for word in words)
        assert f"{path.lam[0]:.4g}" in view
        assert "c" in view
        assert wording.say("path-constant-features") in view
    point = path.at(path.lam[-1])
    for view in (repr(point), point._repr_html_()):
        assert "a, b" in view or "b, a" in view
    for l1_ratio in (0.5, 0.0):
        assert repr(lasso_path(X, y, l1_ratio=l1_ratio, n_lam=2))


@pytest.mark.parametrize("l1_ratio", [1.0, 0.5, 0.0], ids=["lasso", "net", "ridge"])
def test_real_radiomic_features__full_of_near_twins_are_solved_too(shared_data, l1_ratio):
    """60 patients × 1,764 PyRadiomics features, many of them the same but for rounding; y is one of them."""
    table = pd.read_csv(shared_data / "nsclc_radiogenomics" / "features.csv").select_dtypes("number")
    y = np.log(table["original_shape_MeshVolume"].to_numpy())
    X = table[[name for name in table.columns if "shape" not in name]]
    path = lasso_path(X, y, l1_ratio=l1_ratio, n_lam=50)
    assert path.relative_gap.max() <= 1e-10
    assert path.deviance_ratio[-1] > 0.9


def test_ridge__its_grid_goes_from_nearly_nothing_to_nearly_least_squares_whatever_the_unit_of_y():
    rng = np.random.default_rng(8)
    X = rng.normal(size=(60, 4)) * [1, 10, 100, 1000]
    y = X @ [2, 0.2, 0.02, 0.002] + rng.normal(size=60)
    path, in_mm = lasso_path(X, y, l1_ratio=0), lasso_path(X, 1000 * y, l1_ratio=0)
    np.testing.assert_array_equal(path.lam, in_mm.lam)
    assert path.lam[[0, -1]] == pytest.approx([40, 4e-6], rel=1e-12)
    assert path.deviance_ratio[0] < 0.1
    np.testing.assert_allclose(path.coef[-1], np.linalg.lstsq(X - X.mean(0), y - y.mean())[0], rtol=1e-4)
