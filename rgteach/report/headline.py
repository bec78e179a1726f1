"""What a scan found, in plain words: for the head of the report and for the terminal."""

from __future__ import annotations

from rgteach.report.lists import p_digits
from rgteach.stats.result import p_text
from rgteach.tables.sweep import Sweep
from rgteach.wording import say


def headline(scan, seen: Sweep) -> list[str]:
    """What was found, in sentences that a reader in a hurry can trust."""
    result = scan.result
    n_hits, m = len(result.hits.p_value), result.n_tests
    if not m:
        return [say("report-nothing"), say("report-nothing-why", n=scan.joined.n_joined)]
    alpha = f"{result.alpha:g}"
    told = [
        say("report-hits" if n_hits > 1 else "report-one-hit", n=f"{n_hits:,}", m=f"{m:,}", alpha=alpha)
        if n_hits
        else say("report-no-hits", m=f"{m:,}", alpha=alpha)
    ]
    told.append(_shape_of(scan))
    by_chance = f"{result.alpha * m:,.0f}" if result.alpha * m >= 1 else f"{result.alpha * m:.2g}"
    told.append(say("report-chance", n=f"{seen.n_small:,}", alpha=alpha, expected=by_chance))
    told.append(_smallest(seen, alpha))
    told.append(say("report-hits-mean" if n_hits else "report-no-hits-mean", alpha=f"{100 * result.alpha:g}"))
    if result.fwer_threshold is not None:
        told.append(_family(result, seen))
    return told + list(result.notes)


def _shape_of(scan) -> str:
    result = scan.result
    return say(
        "report-shape", patients=f"{scan.joined.n_joined:,}", features=f"{len(result.features):,}",
        genes=f"{len(result.genes):,}", m=f"{result.n_tests:,}",
    )  # fmt: skip


def _smallest(seen: Sweep, alpha: str) -> str:
    best = seen.lines.iloc[0]
    adjusted = best["p_adjusted"]
    told = say("report-above", alpha=alpha) if adjusted != adjusted else p_digits(adjusted)
    return say(
        "report-smallest",
        p=p_digits(best["p_value"]),
        adjusted=told,
        feature=best["feature"],
        gene=best["gene"],
    )


def _family(result, seen: Sweep) -> str:
    limit, k = p_text(float(result.fwer_threshold)), result.settings.get("permutations", 0)
    return say("report-family", k=f"{k:,}", limit=limit, n=f"{seen.n_family:,}", alpha=f"{result.alpha:g}")
