"""The words and tables of a fitted logistic regression; `result` is a LogisticResult throughout."""

from __future__ import annotations

import numpy as np

from rgteach.wording import say

MOST_ROWS = 30


def title(result) -> str:
    """What was fitted."""
    return say(f"logistic-title-{result.method}")


def facts(result) -> dict[str, str]:
    """Patients, events, how well it fits, and what to be careful with."""
    label = result.classes[1]
    told = {
        say("logistic-patients"): count(result.n),
        say("logistic-events"): say("logistic-event-share", n=count(result.n_events), label=label),
    }
    if result.n_missing or result.n_zero_weight:
        told[say("logistic-left-out")] = say(
            "logistic-left-out-counts", missing=result.n_missing, zero=result.n_zero_weight
        )
    told[say("logistic-all-columns")] = say(
        "logistic-model-test",
        statistic=number(result.model_statistic),
        df=result.df,
        p=p_text(result.model_p),
    )
    told[say("logistic-deviance")] = say(
        "logistic-fit",
        deviance=number(result.deviance),
        null=number(result.null_deviance),
        aic=number(result.aic),
    )
    notes = [sentence(result, key) for key in result.flags]
    if notes:
        told[say("logistic-careful")] = " ".join(notes)
    return told


def sentence(result, key: str) -> str:
    """A flag as a sentence with its numbers."""
    apart = result.separation
    return say(
        key,
        columns=", ".join(apart.columns) if apart else "",
        undetermined=", ".join(apart.undetermined) if apart else "",
        apart=apart.n_apart if apart else 0,
        rarer=f"{min(result.n_events, result.n - result.n_events):g}",
        p=result.df,
    )


def lines(result) -> dict[str, str]:
    """One line a column, for a terminal."""
    names, told = table(result)[1], {}
    for name, coef, se, odds, interval, p in names:
        told[name] = say("logistic-line", coef=coef, se=se, odds=odds, interval=interval, p=p)
    return told


def table(result) -> tuple[list[str], list[list[str]]]:
    """Header and rows: name, coefficient, standard error, odds ratio, its interval, p-value."""
    kind = result.best_interval
    ends = result.odds_ratio_interval()
    p = result.p_value if kind == "wald" else result.p_lr
    level = f"{100 * result.level:g}"
    header = [
        say("logistic-column"),
        say("logistic-coef"),
        say("logistic-se"),
        say("logistic-odds-ratio"),
        say(f"logistic-interval-{kind}", level=level),
        say(f"logistic-p-{kind}"),
    ]
    rows = [
        [
            name,
            number(result.coef[j]),
            number(result.se[j]),
            number(result.odds_ratio[j]),
            say("logistic-to", low=number(ends[j, 0]), high=number(ends[j, 1])),
            p_text(p[j]),
        ]
        for j, name in enumerate(result.names[:MOST_ROWS])
    ]
    if len(result.names) > MOST_ROWS:
        rows.append([say("logistic-more", n=len(result.names) - MOST_ROWS), *[""] * 5])
    return header, rows


def count(total: float) -> str:
    """Patients; with weights they need not be whole."""
    return f"{total:,}" if isinstance(total, int) else f"{total:,.1f}"


def number(value: float) -> str:
    """Four digits; a dash where there is no number."""
    if np.isnan(value):
        return "–"
    if np.isinf(value):
        return "∞" if value > 0 else "−∞"
    return f"{value:.4g}".replace("-", "−") if "e" not in f"{value:.4g}" else f"{value:.3g}"


def p_text(p: float) -> str:
    """A p-value with two digits, never shown as 0."""
    if np.isnan(p):
        return "–"
    return "< 1e-300" if p < 1e-300 else f"{p:.2g}"
