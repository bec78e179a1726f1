"""What a scan of all features and all genes answers: the pairs, what was left out, what to be careful of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from rgteach import views
from rgteach.core.fdr import step_up
from rgteach.stats.result import number_text, p_text
from rgteach.wording import say

SHOWN_PAIRS = 10  # lines of the views
SHOWN_NAMES = 3  # of the columns that were left out for one reason


@dataclass(frozen=True)
class Excluded:
    """A column that was not tested.

    Attributes
    ----------
    kind : "feature" or "gene"
    name : str
    reason_key : str
        A message of the wording table; `values` fills its blanks.
    """

    kind: str
    name: str
    reason_key: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        """Why, in the language of this moment."""
        return say(self.reason_key, **self.values)


@dataclass(frozen=True, eq=False, repr=False)
class Hits:
    """Pairs of a feature and a gene, smallest p-value first, as arrays of one length.

    Attributes
    ----------
    feature, gene : (k,) int64
        Places in `ScanResult.features` and `ScanResult.genes`.
    statistic : (k,) float64
        U of the carriers (wilcoxon), rho (spearman) or H (kruskal).
    effect : (k,) float64
        AUC, the share of pairs in which the carrier has the larger value (wilcoxon); rho (spearman);
        epsilon squared (kruskal).
    p_value, p_adjusted : (k,) float64
        `p_adjusted` is Benjamini and Hochberg's, over all tests of the scan; NaN where it is not known (in
        `best` for pairs that are not rejected; `ScanResult.top` finds it where all p-values were kept).
    n, n_carriers : (k,) int64
        Patients with both values, and carriers among them (-1 for a gene that is not binary).
    p_fwer : (k,) float64 or None
        The share of permutations, the data themselves counted as one, in which any pair of the scan has a
        p-value as small; None without permutations.
    """

    feature: np.ndarray
    gene: np.ndarray
    statistic: np.ndarray
    effect: np.ndarray
    p_value: np.ndarray
    p_adjusted: np.ndarray
    n: np.ndarray
    n_carriers: np.ndarray
    p_fwer: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.p_value)

    def __repr__(self) -> str:
        return f"Hits({len(self)})"


@dataclass(frozen=True, eq=False, repr=False)
class ScanResult:
    """Every feature against every gene.

    Attributes
    ----------
    features, genes : tuple of str
        What was tested, f features and g genes.
    tests, kinds : tuple of str
        The test of each gene ("wilcoxon", "spearman", "kruskal"), and the kind of values that decided it
        ("binary", "ordinal", "continuous", "groups").
    n_patients : int
        Rows of both tables.
    group_sizes : (g, 2) int64
        Patients with a value of the gene, and carriers among them (-1 for a gene that is not binary).
    p_value, effect, statistic : (f, g) float64, or None for output="hits"
        NaN where a pair could not be tested.  `Hits` says what they are.
    hits : Hits
        The pairs that Benjamini and Hochberg's procedure rejects at `alpha`.
    best : Hits
        Up to 100 pairs with the smallest p-values, rejected or not.
    n_tests : int
        Pairs that were tested, all of which the adjustment pays for.
    p_histogram : (20,) int64
        How many of all p-values lie in [0, 0.05), [0.05, 0.1), …, [0.95, 1].
    excluded : tuple of Excluded
    fwer_threshold : float or None
        A p-value strictly below it keeps the family-wise error rate at `alpha`; None without permutations.
    settings : dict
        What the scan was called with.
    flags : tuple of str
        Keys of sentences about what could mislead; `details` fills their blanks.
    """

    features: tuple[str, ...]
    genes: tuple[str, ...]
    tests: tuple[str, ...]
    kinds: tuple[str, ...]
    n_patients: int
    group_sizes: np.ndarray
    p_value: np.ndarray | None
    effect: np.ndarray | None
    statistic: np.ndarray | None
    hits: Hits
    best: Hits
    n_tests: int
    alpha: float
    p_histogram: np.ndarray
    excluded: tuple[Excluded, ...] = ()
    fwer_threshold: float | None = None
    settings: Mapping[str, object] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    details: Mapping[str, object] = field(default_factory=dict)

    def top(self, k: int = SHOWN_PAIRS) -> list[dict[str, object]]:
        """Up to k pairs with the smallest p-values as plain rows, rejected or not (at most 100).

        Adjusted p-values above `alpha` need all p-values: with output="hits" they are NaN.
        """
        return list(self.rows(self._adjusted_best))[:k]

    @cached_property
    def _adjusted_best(self) -> Hits:
        """`best` with every adjusted p-value that can be known; sorting a large table takes seconds."""
        if self.p_value is None or not len(self.best):
            return self.best
        ordered = np.sort(self.p_value[~np.isnan(self.p_value)])
        adjusted = np.empty(len(ordered))
        step_up(ordered, self.n_tests, 1.0, adjusted)
        return replace(self.best, p_adjusted=np.minimum(adjusted[: len(self.best)], 1.0))

    def rows(self, pairs: Hits | None = None) -> Iterator[dict[str, object]]:
        """The hits, or other pairs of this scan, as plain dicts."""
        pairs = self.hits if pairs is None else pairs
        for k in range(len(pairs)):
            gene, n_carriers = int(pairs.gene[k]), int(pairs.n_carriers[k])
            row = {
                "feature": self.features[pairs.feature[k]],
                "gene": self.genes[gene],
                "test": self.tests[gene],
                "n": int(pairs.n[k]),
                "n_carriers": n_carriers if n_carriers >= 0 else None,
            }
            for name in ("statistic", "effect", "p_value", "p_adjusted"):
                row[name] = float(getattr(pairs, name)[k])
            if pairs.p_fwer is not None:
                row["p_fwer"] = float(pairs.p_fwer[k])
            yield row

    @property
    def notes(self) -> tuple[str, ...]:
        """The flags as sentences, in the language of this moment."""
        return tuple(say(flag, **self.details) for flag in self.flags)

    @property
    def title(self) -> str:
        """What was scanned."""
        return say("genescan-title", features=f"{len(self.features):,}", genes=f"{len(self.genes):,}")

    def facts(self) -> dict[str, str]:
        """Everything that the views show but the pairs: name of the fact, and the fact."""
        counts = Counter(zip(self.kinds, self.tests, strict=True))
        tested = [
            say(f"genescan-kind-{kind}", n=f"{n:,}", test=say(f"test-{test}"))
            for (kind, test), n in counts.items()
        ]
        facts = {
            say("genescan-patients"): f"{self.n_patients:,}",
            say("genescan-tests"): f"{self.n_tests:,}" + (f" ({' · '.join(tested)})" if tested else ""),
            say("genescan-raw"): f"{int(self.p_histogram[0]):,}",
            say("genescan-hits"): say("genescan-hits-of", n=f"{len(self.hits):,}", alpha=f"{self.alpha:g}"),
        }
        if self.fwer_threshold is not None:
            facts[say("genescan-fwer")] = p_text(self.fwer_threshold)
        for k, text in enumerate(self._left_out(), 1):
            facts[say("genescan-left") + (f" {k}" if k > 1 else "")] = text
        for k, note in enumerate(self.notes, 1):
            facts[say("result-note") + (f" {k}" if k > 1 else "")] = note
        return facts

    def _left_out(self) -> Iterator[str]:
        """One line a reason: how many columns, some of their names, and why the first one."""
        groups: dict[tuple[str, str], list[Excluded]] = {}
        for one in self.excluded:
            groups.setdefault((one.kind, one.reason_key), []).append(one)
        for (kind, _), alike in groups.items():
            names = [one.name for one in alike[:SHOWN_NAMES]] + ["…"] * (len(alike) > SHOWN_NAMES)
            text = {"names": ", ".join(names), "reason": alike[0].reason}
            yield say(f"genescan-left-{kind}", n=f"{len(alike):,}", **text)

    def lines(self) -> tuple[list[str], list[list[str]]]:
        """The best pairs as a table of texts."""
        keys = "feature gene effect p adjusted n carriers".split() + ["fwer"] * (self.best.p_fwer is not None)
        lines = []
        for row in self.top():
            carriers = "–" if row["n_carriers"] is None else str(row["n_carriers"])
            size = say(f"genescan-effect-{row['test']}", value=number_text(row["effect"]))
            adjusted = say("genescan-unknown") if np.isnan(row["p_adjusted"]) else p_text(row["p_adjusted"])
            line = [row["feature"], row["gene"], size, p_text(row["p_value"]), adjusted]
            line += [str(row["n"]), carriers] + ([p_text(row["p_fwer"])] if "p_fwer" in row else [])
            lines.append(line)
        return [say(f"genescan-column-{key}") for key in keys], lines

    def __repr__(self) -> str:
        header, lines = self.lines()
        card = views.text_card(self.title, self.facts())
        return f"{card}\n{views.text_table(header, lines)}" if lines else card

    def _repr_html_(self) -> str:
        header, lines = self.lines()
        below = views.table(header, lines) if lines else ""
        return views.card(self.title, self.facts(), below=below)
