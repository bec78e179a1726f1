"""What a test answers: a statistic, a p-value, an effect with its interval, and what to be careful about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite, isnan

from rgteach import views, wording

SMALLEST_P = 1e-300  # smaller ones are said to be smaller; they are never shown as 0


@dataclass(frozen=True, repr=False)
class Estimate:
    """A number estimated from the data, and the interval it may lie in.

    Attributes
    ----------
    name_key : str
        Key of its words: "effect-auc" is its name, "effect-auc-says", if there is one, the plain sentence.
    value : float
    low, high : float
        Ends of the confidence interval; infinite where the data set no end, NaN where none was computed.
    level : float
        The level of that interval, such as 0.95.
    """

    name_key: str
    value: float
    low: float = float("nan")
    high: float = float("nan")
    level: float = 0.95

    @property
    def name(self) -> str:
        """What it is, in the language of this moment."""
        return wording.say(self.name_key)

    @property
    def text(self) -> str:
        """The value, with its interval if it has one."""
        if isnan(self.low) or isnan(self.high):
            return number_text(self.value)
        ends = {"low": number_text(self.low), "high": number_text(self.high)}
        return wording.say(
            "result-interval", value=number_text(self.value), level=f"{100 * self.level:g}", **ends
        )

    def sentence(self, **names: str) -> str:
        """The plain sentence about it, or an empty text where there is none."""
        key = f"{self.name_key}-says"
        if not wording.knows(key):
            return ""
        return wording.say(key, value=number_text(self.value), percent=_percent(self.value), **names)

    def __repr__(self) -> str:
        return f"{self.name}: {self.text}"


@dataclass(frozen=True, eq=False, repr=False)
class TestResult:
    """The answer of one test.

    Attributes
    ----------
    test : str
        Which one, such as "wilcoxon"; its name is the message "test-wilcoxon".
    statistic : float
        The test statistic; the docstring of each test says which.
    p_value : float
    n : tuple of int
        Sizes of the groups after missing values were left out.
    method : str
        How the p-value was found, such as "exact"; the message "method-exact" says it in words.
    alternative : str or None
        "two-sided", "greater" or "less"; None where the test knows no sides.
    effect, shift : Estimate or None
        The size of the effect without a unit, and in the unit of the data.
    flags : tuple of str
        Keys of sentences about what could mislead; shown in the views, empty if nothing could.
    n_missing : int
        How many missing values (or pairs with one) were left out.
    names : tuple of str
        What the groups are called.
    details : dict of float
        Further numbers, such as {"df": 17.3}; blanks of the flags' sentences are filled from here.
    """

    __test__ = False  # pytest: this is no class of tests

    test: str
    statistic: float
    p_value: float
    n: tuple[int, ...]
    method: str
    alternative: str | None = "two-sided"
    effect: Estimate | None = None
    shift: Estimate | None = None
    flags: tuple[str, ...] = ()
    n_missing: int = 0
    names: tuple[str, ...] = ()
    details: Mapping[str, float] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The name of the test, in the language of this moment."""
        return wording.say(f"test-{self.test}")

    @property
    def notes(self) -> tuple[str, ...]:
        """The flags as sentences, in the language of this moment."""
        blanks = {name: number_text(value) for name, value in self.details.items()}
        return tuple(wording.say(flag, **self._named(), **blanks) for flag in self.flags)

    def facts(self) -> dict[str, str]:
        """Everything that the views show: name of the fact, and the fact."""
        say = wording.say
        name = f"statistic-{self.test}"
        facts = {}
        if self.effect is None or self.effect.name_key != f"effect-{self.test}":  # that says it with interval
            facts[say(name if wording.knows(name) else "result-statistic")] = number_text(self.statistic)
        facts |= {
            say("result-p"): p_text(self.p_value),
            say("result-method"): self._how(),
            say("result-n"): self._sizes(),
        }
        if self.n_missing:
            facts[say("result-missing")] = str(self.n_missing)
        for estimate in filter(None, (self.effect, self.shift)):
            facts[estimate.name] = estimate.text
            if sentence := estimate.sentence(**self._named()):
                facts[say("result-words") + (" 2" if say("result-words") in facts else "")] = sentence
        for name, value in self.details.items():
            if wording.knows(f"detail-{name}"):
                facts[say(f"detail-{name}")] = number_text(value)
        for k, note in enumerate(self.notes, 1):
            facts[say("result-note") + (f" {k}" if len(self.flags) > 1 else "")] = note
        return facts

    def _how(self) -> str:
        how = wording.say(f"method-{self.method}")
        if self.alternative is None:
            return how
        own = f"alternative-{self.test}-{self.alternative}"
        side = own if wording.knows(own) else f"alternative-{self.alternative}"
        return wording.say("result-how", method=how, side=wording.say(side, **self._named()))

    def _sizes(self) -> str:
        if len(self.names) != len(self.n):
            return " + ".join(map(str, self.n))
        return ", ".join(f"{name}: {n}" for name, n in zip(self.names, self.n, strict=True))

    def _named(self) -> dict[str, str]:
        x, y = self.names if len(self.names) == 2 else ("x", "y")
        return {"x": x, "y": y}

    def __repr__(self) -> str:
        return views.text_card(self.title, self.facts())

    def _repr_html_(self) -> str:
        return views.card(self.title, self.facts())


def p_text(p: float) -> str:
    """A p-value as it is read: 0.0321, 3.2e-12, < 1e-300, and never 0.

    Examples
    --------
    >>> p_text(0.03214), p_text(3.21e-12), p_text(0.0)
    ('0.0321', '3.2e-12', '< 1e-300')
    """
    if isnan(p):
        return "NaN"
    if p < SMALLEST_P:
        return f"< {SMALLEST_P:g}"
    return f"{p:.2g}" if p < 1e-3 else f"{p:.3g}"


def number_text(value: float) -> str:
    """A number with as many digits as one reads: whole ones in full, others with four."""
    if not isfinite(value):
        return "NaN" if isnan(value) else "∞" if value > 0 else "-∞"
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    text = f"{value:.4g}"
    return text if abs(value) < 1e4 or abs(value) >= 1e15 else f"{value:,.0f}"


def _percent(share: float) -> str:
    """A share in per cent without a fraction, except where that would turn 99.99 into 100 or 0.3 into 0."""
    percent = 100 * share
    rounded = f"{percent:.0f}"
    if percent in (0, 100) or rounded not in ("0", "100"):
        return rounded
    return f"{percent:.3g}" if rounded == "0" else f"{100 - float(f'{100 - percent:.1g}'):.12g}"
