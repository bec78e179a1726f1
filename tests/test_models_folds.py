"""Folds: everybody is held out once, classes are shared out, groups stay together, bad folds are told."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rgteach.errors import LearnerError
from rgteach.models.validation.folds import deal

pytest.importorskip("sklearn")


@given(n=st.integers(4, 60), k=st.integers(2, 4), seed=st.integers(0, 99), grouped=st.booleans())
def test_deal__everybody_is_held_out_once(n, k, seed, grouped):
    groups = np.arange(n) if grouped else None
    folds = deal(n, k, seed=seed, groups=groups)
    np.testing.assert_array_equal(np.sort(np.concatenate([fold.test for fold in folds])), np.arange(n))
    for fold in folds:
        np.testing.assert_array_equal(np.union1d(fold.train, fold.test), np.arange(n))
        assert not np.intersect1d(fold.train, fold.test).size


def test_classes__are_shared_out_evenly():
    classes = np.repeat([0, 1], [40, 10])
    for fold in deal(50, 5, classes=classes):
        assert np.bincount(classes[fold.test]).tolist() == [8, 2]


def test_number__is_ten_unless_the_data_carry_fewer():
    assert len(deal(200)) == len(deal(50)) == 10
    assert [len(deal(n)) for n in (49, 20, 12, 3)] == [9, 4, 2, 2]
    assert len(deal(50, classes=np.repeat([0, 1], [46, 4]))) == 4
    assert len(deal(50, classes=np.repeat([0, 1], [49, 1]))) == 2
    assert len(deal(50, groups=np.arange(50) // 10)) == 5


@pytest.mark.parametrize("stratified", [False, True])
def test_groups__lesions_of_one_patient_stay_together(stratified):
    patients = np.array([f"P{i}" for i in np.random.default_rng(1).integers(0, 25, 80)], object)
    classes = np.arange(80) % 2 if stratified else None
    folds = deal(80, 5, groups=patients, classes=classes, seed=2)
    for fold in folds:
        assert not set(patients[fold.train]) & set(patients[fold.test])
    again = deal(80, 5, groups=patients, classes=classes, seed=3)
    assert any(list(a.test) != list(b.test) for a, b in zip(folds, again, strict=True))


def test_repeats__a_further_deal_changes_none_before_it():
    two, three = deal(30, 3, repeats=2), deal(30, 3, repeats=3)
    for a, b in zip(two, three, strict=False):
        np.testing.assert_array_equal(a.test, b.test)
    assert list(three[0].test) != list(three[3].test)


def test_minus_one__is_never_held_out():
    folds = deal(6, [0, 1, 0, 1, -1, -1])
    assert [fold.test.tolist() for fold in folds] == [[0, 2], [1, 3]]
    assert folds[0].train.tolist() == [1, 3, 4, 5]


def test_splitter__any_of_scikit_learn_will_do():
    from sklearn.model_selection import GroupKFold, LeaveOneOut, RepeatedStratifiedKFold, ShuffleSplit

    assert len(deal(12, LeaveOneOut())) == 12
    assert len(deal(12, ShuffleSplit(4, random_state=0))) == 4
    assert len(deal(12, RepeatedStratifiedKFold(n_splits=3, n_repeats=2), classes=np.arange(12) % 2)) == 6
    assert len(deal(12, GroupKFold(3), groups=np.arange(12) // 2)) == 3


def test_masks__are_rows_too():
    inside = np.array([True, True, False, False])
    assert [f.test.tolist() for f in deal(4, [(inside, ~inside), (~inside, inside)])] == [[2, 3], [0, 1]]


SPLIT = [([0, 1, 2], [3]), ([0, 1], [2])]


@pytest.mark.parametrize(
    ("key", "folds", "more"),
    [
        pytest.param("folds-not-whole", 1, {}, id="one"),
        pytest.param("folds-not-whole", 2.5, {}, id="half"),
        pytest.param("folds-not-whole", "ten", {}, id="word"),
        pytest.param("folds-not-whole", True, {}, id="true"),
        pytest.param("folds-not-whole", [0, 0, 0, 0], {}, id="all-in-one"),
        pytest.param("folds-not-whole", 2, {"repeats": 0}, id="never"),
        pytest.param("folds-too-many", 5, {}, id="more-than-patients"),
        pytest.param("folds-too-many", 3, {"groups": [0, 0, 1, 1]}, id="more-than-groups"),
        pytest.param("lengths-differ", [0, 1, 0], {}, id="short"),
        pytest.param("lengths-differ", 2, {"groups": [0, 1]}, id="groups-short"),
        pytest.param("folds-not-numbers", [0, 1, 0.5, 1], {}, id="fraction"),
        pytest.param("folds-not-numbers", [0, 1, np.nan, 1], {}, id="nan"),
        pytest.param("folds-not-numbers", ["a", "b", "a", "b"], {}, id="letters"),
        pytest.param("folds-not-numbers", [([0, 1], [4]), ([1, 2], [0])], {}, id="no-such-row"),
        pytest.param("folds-not-numbers", {}, {}, id="dict"),
        pytest.param("has-gaps", 2, {"groups": ["a", None, "b", "b"]}, id="group-unknown"),
        pytest.param("has-gaps", 2, {"groups": [0, np.nan, 1, 1]}, id="group-nan"),
        pytest.param("cv-bad-seed", 2, {"seed": -1}, id="seed-negative"),
        pytest.param("cv-bad-seed", 2, {"seed": None}, id="seed-none"),
        pytest.param("folds-repeat-given", SPLIT, {"repeats": 2}, id="repeat-given"),
        pytest.param("fold-overlaps", [([0, 1, 2], [2, 3]), ([0, 1], [2])], {}, id="overlap"),
        pytest.param("fold-empty", [([0, 1, 2], []), ([0, 1], [2])], {}, id="nobody"),
        pytest.param("fold-splits-group", [0, 0, 1, 1], {"groups": [0, 1, 1, 2]}, id="torn"),
    ],
)
def test_folds__that_cannot_be_are_told(key, folds, more):
    with pytest.raises(LearnerError) as error:
        deal(4, folds, **more)
    assert error.value.key == key
    assert str(error.value)
