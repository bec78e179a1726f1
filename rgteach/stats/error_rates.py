"""What a procedure for many tests does when the truth is known: simulated error rates and power."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from rgteach import views, wording
from rgteach.doors import between, door, one_of, whole_number
from rgteach.errors import LearnerError
from rgteach.stats.adjustment import harmonic
from rgteach.stats.null_share import GRID, least_error

NUMBERS_AT_ONCE = 1_000_000


@dataclass(frozen=True)
class Rate:
    """A simulated rate and its Monte-Carlo standard error (both NaN where the rate has no meaning)."""

    value: float
    se: float

    def __repr__(self) -> str:
        return wording.say("rate-none") if np.isnan(self.value) else f"{self.value:.4f} ± {self.se:.4f}"


@dataclass(frozen=True, repr=False)
class ErrorRates:
    """Error rates of one procedure over many simulated studies.

    Attributes
    ----------
    pcer : Rate
        Mean number of false discoveries divided by the number of tests, E[V] / m.
    fwer : Rate
        Share of studies with at least one false discovery, P(V > 0).
    fdr : Rate
        Mean share of false ones among the discoveries, E[V / max(R, 1)].
    power : Rate
        Mean share of the true effects that were discovered; NaN without true effects.
    n_discoveries : Rate
        Mean number of discoveries, E[R].
    settings : dict
        What was simulated.
    """

    pcer: Rate
    fwer: Rate
    fdr: Rate
    power: Rate
    n_discoveries: Rate
    settings: dict

    def facts(self) -> dict[str, str]:
        """Everything that the views show."""
        say, known = wording.say, self.settings
        facts = {say("discoveries-method"): say(f"adjust-{known['method']}")}
        facts |= {say(f"rate-{name}"): repr(getattr(self, name)) for name in ("pcer", "fwer", "fdr", "power")}
        facts[say("rate-discoveries")] = f"{self.n_discoveries.value:.4g} ± {self.n_discoveries.se:.2g}"
        facts[say("rate-setting")] = say("rate-setting-says", **known)
        return facts

    def __repr__(self) -> str:
        return views.text_card(wording.say("rate-title"), self.facts())

    def _repr_html_(self) -> str:
        return views.card(wording.say("rate-title"), self.facts())


@door
def error_rates(
    *,
    n_tests: int = 2000,
    n_effects: int = 100,
    effect: float = 3.0,
    alpha: float = 0.05,
    method: str = "bh",
    repetitions: int = 200,
    correlation: float = 0.0,
    block: int = 50,
    seed: int = 0,
) -> ErrorRates:
    """Simulate studies of many tests whose truth is known, and count what a procedure gets wrong.

    Each test is a two-sided z-test: z = effect·(1 if real else 0) + noise, with noise of variance 1.

    Parameters
    ----------
    n_tests, n_effects : int
        Tests in a study, and how many of them have a true effect, spread evenly over the blocks.
    effect : float
        Size of a true effect in standard errors; 3 is found by a single test at 0.05 in 85 % of the studies.
    alpha : float
    method : str
        "none", "bonferroni", "sidak", "holm", "hochberg", "holm-sidak", "bh", "by" or "storey".
    repetitions : int
        Simulated studies, 2 or more.
    correlation : float
        Correlation of the noise of any two tests in the same block, 0 to below 1.
    block : int
        Tests in a block; tests of different blocks are independent.
    seed : int
        The same seed gives the same studies, whatever method and alpha.

    Returns
    -------
    ErrorRates
        Each rate with its Monte-Carlo standard error, sd / √repetitions.  A rate of 0 with error 0 says that
        it never happened in these repetitions: with 95 % confidence it is below 3 / repetitions.

    Raises
    ------
    LearnerError
        "bad-count", "out-of-range" or "unknown-option".

    References
    ----------
    Definitions of PCER, FWER and FDR: Benjamini and Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x.

    Examples
    --------
    >>> rates = error_rates(n_tests=200, n_effects=0, method="bonferroni", repetitions=500)
    >>> abs(rates.fwer.value - 0.05) < 3 * rates.fwer.se
    True
    """
    one_of("method", method, COUNTS)
    alpha, correlation = between("alpha", alpha, 0, 1), _share(correlation)
    n_tests, repetitions = (_whole(n_tests, 1), _whole(repetitions, 2))
    n_effects, block = _whole(n_effects, 0, n_tests), min(_whole(block, 1), n_tests)
    real = np.zeros(n_tests, bool)
    real[(np.arange(n_effects) * n_tests) // max(n_effects, 1)] = True
    rng = np.random.default_rng(seed)
    false, true = [], []
    for noise in _noise(rng, repetitions, n_tests, correlation, block):
        p = _two_sided(noise + effect * real)
        rejected = p <= _cutoffs(p, alpha, method)[:, None]
        false.append((rejected & ~real).sum(axis=1))
        true.append((rejected & real).sum(axis=1))
    settings = {
        "n_tests": n_tests, "n_effects": n_effects, "effect": effect, "alpha": alpha, "method": method,
        "repetitions": repetitions, "correlation": correlation, "block": block, "seed": seed,
    }  # fmt: skip
    return _summed_up(np.concatenate(false), np.concatenate(true), settings)


def _summed_up(false: np.ndarray, true: np.ndarray, settings: dict) -> ErrorRates:
    """Rates from the numbers of false and true discoveries in each study."""
    found = false + true
    power = true / settings["n_effects"] if settings["n_effects"] else np.full(len(true), np.nan)
    rates = (false / settings["n_tests"], false > 0, false / np.maximum(found, 1), power, found)
    return ErrorRates(
        *(Rate(float(x.mean()), float(x.std(ddof=1) / np.sqrt(len(x)))) for x in rates), settings
    )


def _noise(
    rng: np.random.Generator, repetitions: int, n_tests: int, correlation: float, block: int
) -> Iterator[np.ndarray]:
    """Noise of variance 1, a bounded number of studies at a time; a shared part makes a block's correlation.

    The shared and the own parts come from two streams, so that studies do not change with their number.
    """
    own, shared = rng.spawn(2)
    of_test = np.arange(n_tests) // block
    while repetitions:
        now = min(repetitions, max(1, NUMBERS_AT_ONCE // n_tests))
        noise = np.sqrt(1 - correlation) * own.standard_normal((now, n_tests))
        if correlation:
            noise += np.sqrt(correlation) * shared.standard_normal((now, of_test[-1] + 1))[:, of_test]
        yield noise
        repetitions -= now


def _two_sided(z: np.ndarray) -> np.ndarray:
    from scipy.special import erfc

    return erfc(np.abs(z) / np.sqrt(2))


def _cutoffs(p: np.ndarray, alpha: float, method: str) -> np.ndarray:
    """For each study (row) the largest p-value that is a discovery, −1 where there is none."""
    ordered = np.sort(p, axis=1)
    n = COUNTS[method](ordered, alpha)
    return np.where(n > 0, ordered[np.arange(len(p)), np.maximum(n - 1, 0)], -1.0)


# ------------------------------------- how many of the sorted p-values of each row are discoveries


def _last(small: np.ndarray) -> np.ndarray:
    """Step up: as many as the last that stays below its bound."""
    return np.where(small.any(axis=1), small.shape[1] - np.argmax(small[:, ::-1], axis=1), 0)


def _first(small: np.ndarray) -> np.ndarray:
    """Step down: as many as come before the first that does not."""
    return np.where(small.all(axis=1), small.shape[1], np.argmin(small, axis=1))


def _shares(ordered: np.ndarray) -> np.ndarray:
    m = ordered.shape[1]
    return np.arange(1, m + 1) / m


def _open(ordered: np.ndarray) -> np.ndarray:
    return np.arange(ordered.shape[1], 0, -1.0)


def _storey(ordered: np.ndarray, alpha: float) -> np.ndarray:
    pi0 = np.array([min(least_error(row, GRID), 1.0) for row in ordered])
    return _last(pi0[:, None] * ordered <= alpha * _shares(ordered))


COUNTS: dict[str, Callable[[np.ndarray, float], np.ndarray]] = {
    "none": lambda p, alpha: _last(p <= alpha),
    "bonferroni": lambda p, alpha: _last(p * p.shape[1] <= alpha),
    "sidak": lambda p, alpha: _last(p <= -np.expm1(np.log1p(-alpha) / p.shape[1])),
    "holm": lambda p, alpha: _first(p * _open(p) <= alpha),
    "holm-sidak": lambda p, alpha: _first(p <= -np.expm1(np.log1p(-alpha) / _open(p))),
    "hochberg": lambda p, alpha: _last(p * _open(p) <= alpha),
    "bh": lambda p, alpha: _last(p <= alpha * _shares(p)),
    "by": lambda p, alpha: _last(p <= alpha / harmonic(p.shape[1]) * _shares(p)),
    "storey": _storey,
}


def _whole(given: object, least: int, most: float = np.inf) -> int:
    number = whole_number("bad-count", given, least)
    if number > most:
        raise LearnerError("more-effects-than-tests", given=number, most=most)
    return number


def _share(given: object) -> float:
    value = between("correlation", given, 0, 1, open_=False)
    return value if value < 1 else between("correlation", given, 0, 1)
