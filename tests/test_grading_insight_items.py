"""Item analysis agrees with published numbers and with counts by hand."""

import numpy as np
import pytest

from rgteach.grading.insight import items

# Section 6 of the LSAT, 1000 test takers, 5 questions: how often each pattern of right answers came up.
# Bock and Lieberman 1970, doi:10.1007/BF02291262; analysed in Rizopoulos 2006, doi:10.18637/jss.v017.i05.
LSAT = """00000:3 00001:6 00010:2 00011:11 00100:1 00101:1 00110:3 00111:4 01000:1 01001:8 01011:16 01101:3
01110:2 01111:15 10000:10 10001:29 10010:14 10011:81 10100:3 10101:28 10110:15 10111:80 11000:16 11001:56
11010:21 11011:173 11100:11 11101:61 11110:28 11111:298"""


def lsat() -> np.ndarray:
    pairs = (word.split(":") for word in LSAT.split())
    return np.array([[int(c) for c in pattern] for pattern, n in pairs for _ in range(int(n))], float)


def test_lsat__difficulty_correlation_and_alpha_are_the_published_ones():
    answers = lsat()
    found = items.analyse(tuple("12345"), answers, answers)
    assert answers.shape == (1000, 5)
    assert [item.difficulty.value for item in found] == [0.924, 0.709, 0.553, 0.763, 0.870]
    assert [round(item.rest.value, 4) for item in found] == [0.1128, 0.1532, 0.1728, 0.1444, 0.1216]
    assert round(items.alpha(answers), 4) == 0.2950
    without = [round(items.alpha(np.delete(answers, k, axis=1)), 4) for k in range(5)]
    assert without == [0.2754, 0.2376, 0.2168, 0.2459, 0.2663]


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson__agrees_with_newcombe_1998(right, n, low, high):
    """Table I, method 3 of doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E."""
    found = items.wilson(right / n, n)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_wilson__holds_the_truth_often_enough_for_partial_credit():
    """Shares between 0 and 1 vary less than rights and wrongs, so that the interval is wide enough."""
    rng = np.random.default_rng(0)
    truth, held = 0.7 * 0.5 + 0.3 * 1.0, 0
    for _ in range(400):
        found = items.wilson(rng.choice((0.5, 1.0), 40, p=(0.7, 0.3)).mean(), 40)
        held += found.low <= truth <= found.high
    assert held / 400 >= 0.95


def test_upper_lower__is_the_count_by_hand():
    """100 students with totals 0..99: the item is right for the best 40, so for 27 of 27 and for 0 of 27."""
    right = (np.arange(100) >= 60).astype(float)
    points = np.column_stack([right, np.arange(100) - right])
    assert items.upper_lower(points, right) == pytest.approx(1.0)
    few = np.isin(np.arange(100), [0, 1, 2, 80, 81, 90, 99]).astype(float)
    points = np.column_stack([few, np.arange(100) - few])
    assert items.upper_lower(points, few) == pytest.approx(4 / 27 - 3 / 27)


def test_upper_lower__equal_totals_at_the_border_count_in_part():
    """10 students, tail 0.27: 2.7 students; the best is one, the next four tie and give 1.7 together."""
    total = np.array([9, 8, 8, 8, 8, 3, 2, 2, 1, 0], float)
    item = np.array([0, 1, 0, 0, 0, 0, 0, 0, 0, 0], float)
    expected = (1.7 / 4) / 2.7
    for order in (np.arange(10), np.arange(10)[::-1], np.random.default_rng(1).permutation(10)):
        points = np.column_stack([item, total - item])[order]
        assert items.upper_lower(points, item[order]) == pytest.approx(expected)


def test_few_students__have_no_discrimination():
    rng = np.random.default_rng(0)
    points = rng.integers(0, 3, (items.FEWEST - 1, 4)).astype(float)
    few = items.analyse(tuple("abcd"), points, points / 2)
    assert [(i.rest, i.upper_lower) for i in few] == [(None, None)] * 4
    assert items.alpha(points) is None
    points = np.vstack([points, points[:1]])
    assert all(i.rest for i in items.analyse(tuple("abcd"), points, points / 2))


def test_what_does_not_vary__has_no_discrimination():
    points = np.column_stack([np.ones(40), np.arange(40.0)])
    assert items.item_rest(points, 0) is None
    assert items.item_rest(points, 1) is None
    assert items.upper_lower(np.ones((40, 2)), np.ones(40)) is None
    assert items.alpha(np.ones((40, 2))) is None


def test_item_rest__its_interval_is_fishers():
    """With r = 0.5 and n = 28: z = 0.5493 ± 1.96 / 5, so 0.156 to 0.736."""
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=(2, 28))
    a, b = a - a.mean(), b - b.mean()
    b -= a * (a @ b) / (a @ a)
    other = 0.5 * a / np.linalg.norm(a) + np.sqrt(0.75) * b / np.linalg.norm(b)
    found = items.item_rest(np.column_stack([a, other]), 0)
    assert [round(v, 3) for v in (found.value, found.low, found.high)] == [0.5, 0.156, 0.736]
