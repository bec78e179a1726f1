"""The rank-sum test beside SciPy and NumPy: `python -m benchmarks.wilcoxon`.

SciPy's exact p-value knows no ties, so what is timed beside ours there is its enumeration of all splits,
in groups small enough for it; at (20, 30) with ties there is no peer in SciPy, and the time wanted stands
in its place.
"""

from __future__ import annotations

import numpy as np

from benchmarks.harness import Row, as_text, race

LIMIT_S = 1e-3  # for tied ranks of 20 against 30, through the public door
LIMIT = "time wanted"


def drawn(n_x: int, n_y: int, *, tied: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Two normal groups a little apart, rounded to about ten values if ties are wanted."""
    rng = np.random.default_rng(n_x + n_y)
    x, y = rng.normal(0.4, 1, n_x), rng.normal(0, 1, n_y)
    return (np.round(2 * x), np.round(2 * y)) if tied else (x, y)


def same(ours: float, theirs: float) -> str:
    """How far the two p-values are apart; stops if they are not the same."""
    apart = abs(ours / theirs - 1)
    if apart > 1e-11:
        raise AssertionError(f"p = {ours}, the other says {theirs}")
    return f"p = {ours:.4g}, relative difference {apart:.1e}"


def exact_with_ties(rounds: int) -> Row:
    from rgteach import wilcoxon

    x, y = drawn(20, 30, tied=True)
    seconds = race({"rgteach": lambda: wilcoxon(x, y, method="exact")}, rounds)
    values = len(np.unique(np.concatenate((x, y))))
    found = wilcoxon(x, y, method="exact")
    return Row(
        "exact, ties, 20 against 30",
        seconds | {LIMIT: LIMIT_S},
        {LIMIT: 1.0},
        f"{found.method}, {values} different values, p = {found.p_value:.4g}; AUC, shift, intervals included",
    )


def enumerated_with_ties(rounds: int) -> Row:
    from scipy.stats import PermutationMethod, mannwhitneyu

    from rgteach import wilcoxon

    x, y = drawn(7, 8, tied=True)
    every = PermutationMethod(n_resamples=np.inf)
    jobs = {
        "rgteach": lambda: wilcoxon(x, y, method="exact", alternative="greater").p_value,
        "SciPy, all 6,435 splits": lambda: mannwhitneyu(x, y, alternative="greater", method=every).pvalue,
    }
    ours, theirs = (job() for job in jobs.values())
    return Row("exact, ties, 7 against 8", race(jobs, rounds), {}, same(ours, theirs))


def exact_without_ties(n_x: int, n_y: int, rounds: int) -> Row:
    from scipy.stats import mannwhitneyu

    from rgteach import wilcoxon

    x, y = drawn(n_x, n_y)
    jobs = {
        "rgteach": lambda: wilcoxon(x, y, method="exact").p_value,
        "SciPy": lambda: mannwhitneyu(x, y, method="exact").pvalue,
    }
    ours, theirs = (job() for job in jobs.values())
    notes = same(ours, theirs) + "; SciPy keeps its table from call to call and gives p only"
    return Row(f"exact, no ties, {n_x} against {n_y}", race(jobs, rounds), {}, notes)


def asymptotic(n_x: int, n_y: int, rounds: int) -> Row:
    from scipy.stats import mannwhitneyu

    from rgteach import wilcoxon

    x, y = drawn(n_x, n_y, tied=True)
    jobs = {
        "rgteach": lambda: wilcoxon(x, y, method="asymptotic").p_value,
        "SciPy": lambda: mannwhitneyu(x, y, method="asymptotic").pvalue,
    }
    ours, theirs = (job() for job in jobs.values())
    notes = same(ours, theirs) + "; ours with AUC, shift and intervals, SciPy's p only"
    return Row(f"asymptotic, ties, {n_x} against {n_y}", race(jobs, rounds), {}, notes)


def hodges_lehmann(n_x: int, n_y: int, rounds: int) -> Row:
    from rgteach.core.wilcoxon import nth_difference

    x, y = drawn(n_x, n_y)
    middle = n_x * n_y // 2

    def ours() -> float:
        low, high = np.sort(x), np.sort(y)
        return (nth_difference(low, high, middle - 1) + nth_difference(low, high, middle)) / 2

    def outer() -> float:
        return float(np.median(np.subtract.outer(x, y)))

    if abs(ours() - outer()) > 1e-14:
        raise AssertionError(f"shift {ours()}, NumPy says {outer()}")
    seconds = race({"rgteach": ours, "NumPy, outer and median": outer}, rounds)
    return Row(
        f"Hodges-Lehmann shift, {n_x:,} against {n_y:,}",
        seconds,
        {},
        f"NumPy's table: {n_x * n_y / 125e3:.3g} MB",
    )


def rows(rounds: int = 21) -> list[Row]:
    """All comparisons; a row that is to be even is short work, so it is repeated more often."""
    return [
        exact_with_ties(20 * rounds),
        enumerated_with_ties(rounds),
        exact_without_ties(20, 30, 20 * rounds),
        exact_without_ties(50, 50, 20 * rounds),
        asymptotic(12, 39, 20 * rounds),
        asymptotic(200, 300, 20 * rounds),
        asymptotic(5_000, 5_000, rounds),
        hodges_lehmann(20, 30, 20 * rounds),
        hodges_lehmann(200, 300, 5 * rounds),
        hodges_lehmann(3_000, 4_000, min(rounds, 5)),
    ]


if __name__ == "__main__":
    print(as_text(rows()))
