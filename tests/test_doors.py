"""The doors: known settings, and columns and tables that hold finite numbers."""

import numpy as np
import pandas as pd
import pytest

from rgteach import doors
from rgteach.errors import LearnerError


def refused(function, *args, **settings) -> LearnerError:
    with pytest.raises(LearnerError) as caught:
        function(*args, **settings)
    return caught.value


def test_door__a_misspelt_setting_names_the_nearest():
    @doors.door
    def test(x, *, alternative="two-sided"):
        return x

    error = refused(test, 1, alternativ="less")
    assert error.key == "unknown-setting"
    assert error.values["nearest"] == "alternative"


def test_one_of__anything_that_is_no_text_is_refused_with_a_sentence():
    for given in ("lesser", None, 3, ["less"]):
        assert refused(doors.one_of, "alternative", given, ["less", "greater"]).key == "unknown-option"


@pytest.mark.parametrize("given", [0, 1, -0.1, 1.1, float("nan"), "0.5", True, None])
def test_between__only_a_number_inside_passes(given):
    assert refused(doors.between, "alpha", given, 0, 1).key == "out-of-range"
    assert doors.between("alpha", 0.5, 0, 1) == 0.5
    assert doors.between("l1_ratio", 1, 0, 1, open_=False) == 1.0


@pytest.mark.parametrize(
    "values",
    [
        [1, 2, 3],
        (1, 2, 3),
        np.array([1, 2, 3], np.uint8),
        np.array([1, 2, 3], ">f4"),
        np.array([[1], [2], [3]]),
        np.asfortranarray([[1, 2, 3]]),
        pd.Series([1, 2, 3], index=[7, 8, 9]),
        pd.array([1, 2, 3], dtype="Int64"),
        pd.DataFrame({"a": [1, 2, 3]}),
        np.array([1, 2, 3], object),
    ],
)
def test_column__takes_numbers_in_every_dress(values):
    got = doors.column(values, "x")
    assert got.tolist() == [1.0, 2.0, 3.0]
    assert got.dtype == np.float64
    assert got.flags.c_contiguous


def test_column__is_our_own_to_change():
    x = np.zeros(3)
    doors.column(x, "x")[0] = 5
    assert x[0] == 0


@pytest.mark.parametrize(
    ("values", "key"),
    [
        (["1", "2"], "not-numbers"),
        ([1, "2"], "not-numbers"),
        ([1j, 2], "not-numbers"),
        (np.array(["2020-01-01"], "M8[D]"), "not-numbers"),
        (pd.Series(["a", "b"]), "not-numbers"),
        ([[1, 2], [3]], "not-numbers"),
        ([1, np.inf], "infinite-values"),
        ([1, None], "has-gaps"),
        (pd.array([1, None], dtype="Int64"), "has-gaps"),
        ([[1, 2], [3, 4]], "not-a-column"),
        (5, "not-a-column"),
    ],
)
def test_column__says_what_is_wrong(values, key):
    error = refused(doors.column, values, "x")
    assert error.key == key
    assert str(error)


def test_column__gaps_pass_where_they_are_asked_for():
    for values in ([1, None], [1, np.nan], pd.array([1, None], dtype="Int64"), pd.Series([1, pd.NA])):
        np.testing.assert_array_equal(doors.column(values, "x", gaps=True), [1, np.nan])


def test_matrix__keeps_the_names_of_a_table():
    table = pd.DataFrame({"age": [1, 2], "dose": pd.array([3, None], dtype="Int64"), "sex": [True, False]})
    X, names = doors.matrix(table, "X", gaps=True)
    assert names == ("age", "dose", "sex")
    np.testing.assert_array_equal(X, [[1, 3, 1], [2, np.nan, 0]])
    assert doors.matrix(pd.Series([1, 2], name="age"), "X")[1] == ("age",)


def test_matrix__names_columns_that_have_none():
    X, names = doors.matrix([1, 2, 3], "X")
    assert X.shape == (3, 1)
    assert names == ("x0",)
    assert doors.matrix(np.ones((2, 3)), "X")[1] == ("x0", "x1", "x2")
    assert refused(doors.matrix, np.ones((2, 2, 2)), "X").key == "not-a-matrix"


def test_has_gaps__counts_cells_and_rows():
    error = refused(doors.matrix, [[1, np.nan], [np.nan, np.nan], [1, 2]], "X")
    assert (error.values["n"], error.values["rows"], error.values["total"]) == (3, 2, 3)


def test_same_length__tells_every_length():
    assert doors.same_length(X=3, y=3) == 3
    error = refused(doors.same_length, X=3, y=4)
    assert error.key == "lengths-differ"
    assert "X: 3, y: 4" in str(error)
