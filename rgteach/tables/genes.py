"""The pandas door of the scan: two tables of patients in, one tidy table out, nothing lost unsaid."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from rgteach import views
from rgteach.doors import door
from rgteach.errors import LearnerError
from rgteach.stats.scan import door as arrays
from rgteach.tables import pairs
from rgteach.tables.carriers import Coding, gene_numbers
from rgteach.tables.columns import Columns, LeftOut, choose, numbers, say_table
from rgteach.tables.joining import Join, join
from rgteach.wording import say


@dataclass(frozen=True, eq=False, repr=False)
class GeneScan:
    """A scan of two tables, with what was joined, how words were read, and what was left out.

    Attributes
    ----------
    result : ScanResult
        The scan of the arrays.
    joined : Join
        The patients: how many in each table and in both, and who was lost.
    codings : tuple of Coding
        For each gene that came in words: which word counted as carrier.
    left_out : tuple of LeftOut
        Columns that were no numbers, or stood in both tables.
    features, genes : Columns
        The joined columns by name; float64 with NaN.
    settings : dict
        What was asked of `stats.scan.scan`.
    """

    result: object
    joined: Join
    codings: tuple[Coding, ...]
    left_out: tuple[LeftOut, ...]
    features: Columns
    genes: Columns
    settings: dict = field(default_factory=dict)

    @property
    def table(self):
        """DataFrame, one line a pair (only the hits after `output="hits"`), smallest p-value first."""
        result = self.result
        if result.p_value is None:
            return self.hits
        return pairs.of_table(result, self.features.pick(result.features), self.genes.pick(result.genes))

    @property
    def hits(self):
        """DataFrame of the pairs that Benjamini and Hochberg's procedure rejects at `alpha`."""
        return pairs.of_hits(self.result)

    @property
    def excluded(self):
        """DataFrame of every column that was not tested: kind, name, reason_key, and the reason in words."""
        import pandas as pd

        rows = [
            (one.kind, one.name, one.reason_key, say(one.reason_key, **one.values))
            for one in (*self.left_out, *self.result.excluded)
        ]
        return pd.DataFrame(rows, columns=["kind", "name", "reason_key", "reason"])

    def intervals(self, lines):
        """Lines of the tidy table with `effect_low` and `effect_high`, the ends of a 95 % interval."""
        return pairs.with_intervals(lines, self.features, self.genes)

    def again(self, names):
        """The ScanResult of some of the genes with every pair kept, and the same settings otherwise."""
        features = self.result.features
        settings = {**self.settings, "output": "table", "permutations": 0}
        return _scanned(self.features.pick(features), features, self.genes.pick(names), names, settings)

    def facts(self) -> dict[str, str]:
        """What was done and found, by name, in the language in force."""
        result = self.result
        facts = {
            "genes-fact-patients": self.joined.n_joined,
            "genes-fact-tested": f"{len(result.features):,} × {len(result.genes):,}",
            "genes-fact-tests": f"{result.n_tests:,}",
            "genes-fact-hits": f"{len(result.hits.p_value):,}",
            "genes-fact-excluded": f"{len(self.left_out) + len(result.excluded):,}",
        }
        return {say(key, alpha=f"{result.alpha:g}"): str(fact) for key, fact in facts.items()}

    def __repr__(self) -> str:
        header, lines = self.result.lines()
        card = views.text_card(say("genes-title"), self.facts())
        return f"{card}\n{views.text_table(header, lines)}" if lines else card

    def _repr_html_(self) -> str:
        header, lines = self.result.lines()
        below = views.table(header, lines) if lines else ""
        return views.card(say("genes-title"), self.facts(), below=below)


@door
def scan(
    features,
    genes,
    *,
    id=None,
    feature=None,
    gene=None,
    carriers=None,
    missing=(),
    kind="auto",
    output="table",
    alpha=0.05,
    method="asymptotic",
    correction=True,
    alternative="two-sided",
    min_group=3,
    permutations=0,
    seed=0,
    threads=None,
):
    """Test every image feature against every gene, from two DataFrames joined on the patient's id.

    Parameters
    ----------
    features : DataFrame, one line a patient
        Columns of numbers are features; columns of text are left out and reported.  Two plain arrays are
        passed straight to `stats.scan.scan`, whose result is returned.
    genes : DataFrame, one line a patient
        Mutations as 0/1, True/False or words such as Mutant/Wildtype, yes/no; copy numbers; expression.
    id : str or (str, str), optional
        Column (or name of the index) with the patient's id, or its names in the two tables.  Without it the
        index is the id; two tables that are only numbered 0, 1, 2, … are taken row by row.
    feature, gene : str or sequence of str, optional
        Columns to use; `*` and `?` stand for letters.  All columns without it.
    carriers : str, sequence of str, or dict of column to these, optional
        Words that mean "carries the mutation", where the usual ones do not fit:
        ``carriers={"ALK translocation status": "Translocated"}``.
    missing : sequence of str
        Words for "unknown" besides the usual ("Unknown", "Not collected", "N/A", empty, …).
    kind, output, alpha, method, correction, alternative, min_group, permutations, seed, threads
        As in `stats.scan.scan`.

    Returns
    -------
    GeneScan
        `.table` and `.hits` are tidy DataFrames: feature, gene, test, n, n_carriers, statistic, effect,
        p_value, p_adjusted; `.excluded` says what was not tested and why, `.joined` who was lost.

    Raises
    ------
    LearnerError
        If a patient stands twice in a table, no patient is in both, a column is missing, or it is not clear
        which word means "carrier".

    Notes
    -----
    A patient is the same one only if the ids are equal letter by letter: 007 and 7 are two, and are reported
    as looking alike.  A feature that is also a gene, value by value, is left out: it would be compared with
    itself.

    Examples
    --------
    >>> import pandas as pd
    >>> features = pd.DataFrame({"id": list("abcdefgh"), "entropy": [1, 2, 3, 4, 5, 6, 7, 8]})
    >>> words = ["Mutant"] * 4 + ["Wildtype"] * 3 + ["Unknown"]
    >>> genes = pd.DataFrame({"id": list("hgfedcba"), "EGFR": words})
    >>> found = scan(features, genes, id="id")
    >>> best = found.table.iloc[0]
    >>> best["feature"], best["gene"], int(best["n"]), int(best["n_carriers"]), float(best["effect"])
    ('entropy', 'EGFR', 7, 4, 1.0)
    """
    settings = {
        "kind": kind, "output": output, "alpha": alpha, "method": method, "correction": correction,
        "alternative": alternative, "min_group": min_group, "permutations": permutations, "seed": seed,
        "threads": threads,
    }  # fmt: skip
    if not (_is_table(features) and _is_table(genes)):
        _refuse_half(features, genes, id, feature, gene, carriers)
        return arrays.scan(features, genes, **settings)
    left, right, joined = join(features, genes, id)
    X, no_numbers = numbers(choose(left, feature, "feature"), missing)
    G, codings, no_words = gene_numbers(choose(right, gene, "gene"), carriers, missing, gene is not None)
    X, same = _without_genes(X, G)
    left_out = (*no_numbers, *no_words, *same)
    for columns, kind_, frame in ((X, "feature", left), (G, "gene", right)):
        _need_some(columns, kind_, frame)
    result = _scanned(X.array, X.names, G.array, G.names, settings)
    return GeneScan(result, joined, tuple(codings), left_out, X, G, settings)


def _is_table(given) -> bool:
    return hasattr(given, "columns") and hasattr(given, "iloc")


def _refuse_half(features, genes, *for_tables) -> None:
    """One table and one array have no patients in common that anybody could know."""
    if _is_table(features) or _is_table(genes):
        which = "features" if _is_table(features) else "genes"
        raise LearnerError("genes-half", table=say_table(which.removesuffix("s")))
    if any(setting is not None for setting in for_tables):
        raise LearnerError("genes-arrays")


def _without_genes(X: Columns, G: Columns) -> tuple[Columns, list[LeftOut]]:
    """The features without those that are also a gene, by name and value."""
    same = [n for n in X.names if n in G and np.array_equal(X[n], G[n], equal_nan=True)]
    if not same:
        return X, []
    kept = tuple(name for name in X.names if name not in set(same))
    return Columns(kept, X.pick(kept)), [LeftOut("feature", name, "genes-left-same") for name in same]


def _need_some(columns: Columns, kind: str, frame) -> None:
    if not len(columns):
        first = "; ".join(f"{name} = {frame[name].iloc[0]}" for name in frame.columns[:4])
        told = say_table(kind)
        raise LearnerError("genes-no-numbers", table=told, n=frame.shape[1], example=first[:120] or "–")


def _scanned(X: np.ndarray, features, G: np.ndarray, genes, settings: dict):
    """The scan of two arrays whose columns have names."""
    import pandas as pd

    named = (
        pd.DataFrame(array, columns=list(names), copy=False) for array, names in ((X, features), (G, genes))
    )
    return arrays.scan(*named, **settings)
