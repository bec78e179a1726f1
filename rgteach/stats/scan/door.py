"""The scan: every image feature against every gene, with all the tests that were made paid for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rgteach.core.fdr import bh_threshold, step_up
from rgteach.doors import between, door, one_of, same_length, whole_number
from rgteach.errors import LearnerError
from rgteach.stats.groups import ALTERNATIVES
from rgteach.stats.scan import exact, permutation
from rgteach.stats.scan.answers import Question
from rgteach.stats.scan.blocks import workers
from rgteach.stats.scan.collect import Collected, Pairs, keep_all, keep_small, pairs_up_to
from rgteach.stats.scan.columns import Columns, read, useful_features, useful_genes
from rgteach.stats.scan.parts import Plan, make_plan
from rgteach.stats.scan.perfect import settled
from rgteach.stats.scan.result import Hits, ScanResult

KINDS = ("auto", "binary", "ordinal", "continuous", "groups")
OUTPUTS = ("table", "hits")
METHODS = ("asymptotic", "exact")
N_BEST = 100
PAIRS_AT_ONCE = 4096  # whose patients are counted together
FEW_FOR_NORMAL = 10  # patients in the smaller group, or of a rank correlation


@door
def scan(
    features: object,
    genes: object,
    *,
    kind: str = "auto",
    output: str = "table",
    alpha: float = 0.05,
    method: str = "asymptotic",
    correction: bool = True,
    alternative: str = "two-sided",
    min_group: int = 3,
    permutations: int = 0,
    seed: int = 0,
    threads: int | None = None,
) -> ScanResult:
    """Test every feature against every gene with rank tests, and adjust for all of them.

    Parameters
    ----------
    features : array-like or DataFrame, shape (n, f)
        One row a patient, in any unit: only the order of the values counts.  NaN is missing.
    genes : array-like or DataFrame, shape (n, g)
        The same patients in the same rows.  Carriers (0 and 1, or any two values, of which the larger is the
        carrier's), copy numbers, or expression.
    kind : "auto", "binary", "ordinal", "continuous" or "groups"
        "auto" decides for each gene from its own values alone: two different ones are binary, up to ten whole
        numbers ordinal, anything else continuous.  Binary genes get the rank-sum test, ordinal and continuous
        ones Spearman's rank correlation.  "groups" compares the levels of every gene as groups without an
        order, by Kruskal and Wallis (up to 10 levels).
    output : "table" or "hits"
        "table" keeps three numbers for every pair, 24 bytes.  "hits" keeps the pairs that Benjamini and
        Hochberg's procedure rejects, the same ones to the last digit, and memory for all pairs is never
        taken: at any time about 10 MB a thread, 4 bytes a value of both tables, and the candidates (0.3 % of
        the pairs at most, unless more are rejected).
    alpha : float
        Significance level of the false discovery rate, and of the family-wise error rate with permutations.
    method : "asymptotic" or "exact"
        "exact" counts for every binary gene all ways to deal out the ranks, pair by pair, ties included.  It
        is slow and gives a table only; rank correlations and groups stay approximate.
    correction : bool
        Continuity correction of the rank-sum test.
    alternative : "two-sided", "greater" or "less"
        "greater" asks whether carriers have larger values, or whether both rise together.  Groups have no
        sides.
    min_group : int
        Carriers, and other patients, that a pair needs at least.  A rank correlation needs twice as many
        patients, and never less than 4.
    permutations : int
        How many times the patients of the features are dealt anew to those of the genes, for the family-wise
        error rate by Westfall and Young's single-step smallest p-value.  The rows of a table stay together,
        with their gaps, so the correlations within each table are kept, and it is valid as long as under the
        null neither the values nor the gaps of one table know of the other.
    seed : int
        Of the permutations; the k-th has a seed of its own made from this one and k.
    threads : int, optional
        Threads that share the work; up to 4 if not given.  The result does not depend on it, to the last bit.

    Returns
    -------
    ScanResult
        See there.  `statistic` is U of the carriers, rho, or H; `effect` is the AUC, rho, or epsilon squared.

    Raises
    ------
    LearnerError
        If the tables do not have the same patients, a column is no column of numbers, a name comes twice, or
        nothing is left to test.

    Notes
    -----
    A missing value takes the patient out of the pairs with that column only, and those who remain are ranked
    anew.  So every pair gives what `wilcoxon(carriers, others, method="asymptotic")` or `spearman` would give
    for it alone, whatever other columns there are.  SciPy's ``mannwhitneyu`` with ``method="auto"`` lets ties
    in one column decide for all of them; here nothing is decided across columns.

    A rank correlation of exactly 1 or -1 gets the exact share of orders that agree as well, where t would say
    p = 0.  Among permutations it counts as 0, which makes the family-wise p-values of a dozen patients or
    fewer too large rather than too small.

    A pair whose values no longer vary, or whose groups have become too small, is NaN and not counted as a
    test.  Columns for which that is so in all pairs are left out by name, with the reason, in `excluded`.

    How it works: twice a midrank less (n + 1) is a whole number.  Each feature is ranked once.  The ranks of
    the carriers of each gene are then added up for all features at once, in whole numbers of 16 and 32 bits
    up to 8,192 patients.  Rank correlations are a matrix product, which single precision holds exactly up to
    369 patients.  Beyond these, double precision does both.

    The p-values of small groups are approximate (flagged).  Where only few ways to deal out the ranks exist,
    compare with `method="exact"`.

    References
    ----------
    Wilcoxon 1945, doi:10.2307/3001968; Spearman 1904, doi:10.2307/1412159; Kruskal and Wallis 1952,
    doi:10.1080/01621459.1952.10483441; Benjamini and Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x;
    Westfall and Young 1993, ISBN 978-0-471-55761-6.

    Examples
    --------
    >>> from sklearn.datasets import load_breast_cancer
    >>> table = load_breast_cancer(as_frame=True).frame
    >>> result = scan(table[["mean radius", "mean smoothness"]], table[["target"]])
    >>> best = result.top(1)[0]
    >>> best["feature"], round(best["effect"], 3), best["n_carriers"]
    ('mean radius', 0.062, 357)
    """
    settings = {key: value for key, value in locals().items() if key not in ("features", "genes")}
    wish = _Wish.checked(settings)
    feature_table, gene_table = _tables(features, genes, wish)
    plan = make_plan(feature_table.values, gene_table.values, gene_table.tests, wish.min_group)
    smallest = None
    with workers(wish.threads) as team:
        collect = keep_small if output == "hits" else keep_all
        found = collect(plan, wish.question, team, wish.alpha)
        if method == "exact":
            found = exact.replaced(found, plan, wish.question, team, wish.alpha)
        found = settled(found, plan, wish.question)
        if wish.permutations:
            smallest = permutation.smallest_by_chance(plan, wish.question, team, wish.permutations, wish.seed)
    return _result(feature_table, gene_table, plan, found, smallest, wish, settings)


@dataclass(frozen=True)
class _Wish:
    """The settings of a scan, checked."""

    kind: str
    alpha: float
    question: Question
    min_group: int
    permutations: int
    seed: int
    threads: int | None

    @classmethod
    def checked(cls, settings: dict[str, object]) -> _Wish:
        kind = one_of("kind", settings["kind"], KINDS)
        output = one_of("output", settings["output"], OUTPUTS)
        method = one_of("method", settings["method"], METHODS)
        alternative = one_of("alternative", settings["alternative"], ALTERNATIVES)
        alpha = between("alpha", settings["alpha"], 0, 1)
        permutations = whole_number("genescan-bad-permutations", settings["permutations"], 0)
        if method == "exact" and (output == "hits" or permutations):
            raise LearnerError("genescan-exact-table", output=output, permutations=permutations)
        if permutations and (1 + permutations) * alpha * (1 + 1e-12) < 1:
            least = int(np.ceil(1 / alpha * (1 - 1e-12))) - 1
            raise LearnerError("genescan-few-permutations", n=permutations, alpha=alpha, least=least)
        threads = settings["threads"]
        return cls(
            kind, alpha, Question(alternative, bool(settings["correction"])),
            whole_number("genescan-bad-min-group", settings["min_group"], 1), permutations,
            whole_number("genescan-bad-seed", settings["seed"], 0),
            None if threads is None else whole_number("genescan-bad-threads", threads, 1),
        )  # fmt: skip


def _tables(features: object, genes: object, wish: _Wish) -> tuple[Columns, Columns]:
    """Both tables without the columns that cannot be tested."""
    (values, names), (gene_values, gene_names) = read(features, "features"), read(genes, "genes")
    same_length(features=len(values), genes=len(gene_values))
    feature_table = useful_features(values, names, wish.min_group)
    gene_table = useful_genes(gene_values, gene_names, wish.kind, wish.min_group)
    for name, table, given in (("features", feature_table, names), ("genes", gene_table, gene_names)):
        if not table.names:
            first = table.excluded[0] if table.excluded else None
            reason = f"{first.name}: {first.reason}" if first else "–"
            raise LearnerError("genescan-nothing-left", table=name, n=len(given), first=reason)
    return feature_table, gene_table


def _result(features: Columns, genes: Columns, plan: Plan, found: Collected, smallest, wish, settings):
    k, bound = bh_threshold(found.pairs.p_value, found.n_tests, wish.alpha)
    pairs = _enough(found).smallest(bound, N_BEST)
    adjusted = np.empty(k)
    step_up(pairs.p_value[:k], found.n_tests, 1.0, adjusted)
    best = pairs.at(slice(0, N_BEST))
    known = np.full(len(best.p_value), np.nan)
    known[: min(k, len(known))] = adjusted[: len(known)]
    p_value, statistic, effect = (None,) * 3 if found.tables is None else found.tables
    flags, details = _flags(genes, settings)
    return ScanResult(
        features.names, genes.names, genes.tests, genes.kinds, len(features.values), genes.group_sizes,
        p_value, effect, statistic,
        hits=_hits(pairs.at(slice(0, k)), adjusted, plan, smallest),
        best=_hits(best, known, plan, smallest),
        n_tests=found.n_tests,
        alpha=wish.alpha,
        p_histogram=found.histogram,
        excluded=(*features.excluded, *genes.excluded),
        fwer_threshold=None if smallest is None else permutation.threshold(smallest, wish.alpha),
        settings=settings,
        flags=flags,
        details=details,
    )  # fmt: skip


def _enough(found: Collected) -> Pairs:
    """The pairs up to alpha; where they are few and all are known, simply all."""
    if len(found.pairs.p_value) >= N_BEST or found.tables is None:
        return found.pairs
    return pairs_up_to(found.tables, 1.0)


def _hits(pairs: Pairs, adjusted: np.ndarray, plan: Plan, smallest: np.ndarray | None) -> Hits:
    n = np.full(len(pairs.p_value), len(plan.features), np.int64)
    n_carriers = np.count_nonzero(plan.genes == 1, axis=0)[pairs.gene]
    if plan.has_gaps:
        for first in range(0, len(n), PAIRS_AT_ONCE):
            some = slice(first, first + PAIRS_AT_ONCE)
            here = ~np.isnan(plan.features[:, pairs.feature[some]])
            gene = plan.genes[:, pairs.gene[some]]
            n[some] = np.count_nonzero(here & ~np.isnan(gene), axis=0)
            n_carriers[some] = np.count_nonzero(here & (gene == 1), axis=0)
    n_carriers = np.where(plan.tests[pairs.gene] == "wilcoxon", n_carriers, -1).astype(np.int64)
    p_fwer = None if smallest is None else permutation.family_wise(pairs.p_value, smallest)
    return Hits(
        pairs.feature, pairs.gene, pairs.statistic, pairs.effect, pairs.p_value, adjusted,
        n, n_carriers, p_fwer,
    )  # fmt: skip


def _flags(genes: Columns, settings: dict[str, object]):
    """What could mislead, and the numbers that the sentences name."""
    n, carriers = genes.group_sizes.T
    tests = np.array(genes.tests)
    small = (tests == "wilcoxon") & (np.minimum(carriers, n - carriers) < FEW_FOR_NORMAL)
    few = (tests != "wilcoxon") & (n < FEW_FOR_NORMAL)
    details = {"n_small": int(small.sum()), "n_few": int(few.sum()), "limit": FEW_FOR_NORMAL}
    raised = {
        "genescan-flag-small-groups": small.any() and settings["method"] == "asymptotic",
        "genescan-flag-few-patients": few.any(),
    }
    return tuple(flag for flag, up in raised.items() if up), details
