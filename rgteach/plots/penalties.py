"""What a penalty does: the price of one coefficient, the rule that follows, and the walk of two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from rgteach.plots.page import describe
from rgteach.plots.style import COLOURS, LINE_STYLES, MARKERS, label, style
from rgteach.wording import say

CURVES = ("black", "blue", "orange", "vermilion")
RULES = {
    "none": ("black", ":"),
    "soft": ("blue", "-"),
    "ridge": ("orange", "--"),
    "elastic": ("purple", "-."),
}


@style()
def price(ax: Axes, slope: float, lams: Sequence[float]) -> Axes:
    """Draw loss plus penalty against the coefficient of one standardised feature, and where each is lowest.

    Parameters
    ----------
    ax : Axes
    slope : float
        The coefficient without a penalty.
    lams : sequence of float
        Penalty strengths, at most four.

    Returns
    -------
    ax : Axes
    """
    reach = 1.35 * abs(slope)
    b = np.linspace(min(slope, 0) - 0.35 * abs(slope), reach if slope > 0 else 0.35 * abs(slope), 301)
    told = []
    for k, lam in enumerate(lams):
        value = (b - slope) ** 2 / 2 + lam * np.abs(b)
        best = np.sign(slope) * max(abs(slope) - lam, 0)
        height = (best - slope) ** 2 / 2 + lam * abs(best)
        colour = COLOURS[CURVES[k % 4]]
        ax.plot(b, value, LINE_STYLES[k % 4], color=colour, label=label("lab07-lam-is", lam=f"{lam:g}"))
        ax.plot([best], [height], MARKERS[k % 8], color=colour, ms=11, zorder=3)
        told.append(say("alt-lab07-lowest", lam=f"{lam:g}", b=f"{best:.2f}"))
    ax.axvline(0, color="gray", linewidth=1)
    ax.set_xlabel(label("lab07-coefficient"))
    ax.set_ylabel(label("lab07-objective"))
    ax.legend()
    return describe(ax, say("alt-lab07-price", told="; ".join(told)))


def shrunken(slope: np.ndarray, rule: str, lam: float, l1_ratio: float = 0.5) -> np.ndarray:
    """The coefficient of one standardised feature that a rule makes of its slope without a penalty."""
    share = {"none": 0.0, "soft": 1.0, "ridge": 0.0, "elastic": l1_ratio}[rule]
    lam = 0.0 if rule == "none" else lam
    return np.sign(slope) * np.maximum(np.abs(slope) - lam * share, 0) / (1 + lam * (1 - share))


@style()
def rules(ax: Axes, lam: float, kinds: Sequence[str] = ("none", "soft", "ridge")) -> Axes:
    """Draw what each penalty makes of a slope: the coefficient after it against the one before.

    Parameters
    ----------
    ax : Axes
    lam : float
    kinds : sequence of str
        Of `RULES`.

    Returns
    -------
    ax : Axes
    """
    before = np.linspace(-3 * lam, 3 * lam, 241)
    ax.axvspan(-lam, lam, color="0.93", zorder=0)
    told = []
    for kind in kinds:
        colour, line = RULES[kind]
        ax.plot(
            before,
            shrunken(before, kind, lam),
            line,
            color=COLOURS[colour],
            label=label(f"lab07-rule-{kind}"),
        )
        after = [float(shrunken(np.array(x * lam), kind, lam)) for x in (1, 2)]
        told.append(
            say(
                "alt-lab07-rule", rule=say(f"lab07-rule-{kind}"), one=f"{after[0]:.2f}", two=f"{after[1]:.2f}"
            )
        )
    ax.axhline(0, color="gray", linewidth=1, zorder=0)
    ax.set_xlabel(label("lab07-before"))
    ax.set_ylabel(label("lab07-after"))
    ax.legend(loc="upper left")
    return describe(ax, say("alt-lab07-rules", lam=f"{lam:g}", twice=f"{2 * lam:g}", told="; ".join(told)))


@style()
def walk(
    ax: Axes, loss, steps, *, names: Sequence[str], others: Mapping[str, Sequence[float]] | None = None
) -> Axes:
    """Draw the objective of two coefficients as contour lines, and the way that the descent took.

    Parameters
    ----------
    ax : Axes
    loss : function
        What is minimised, of two coefficients.
    steps : array, shape (steps, 2)
        Coefficients after each update, the start first.
    names : two str
        The features.
    others : mapping of name to two coefficients, optional
        Further points to mark, such as the fit without a penalty.

    Returns
    -------
    ax : Axes
    """
    steps, others = np.asarray(steps, float), others or {}
    shown = np.vstack([steps, *[np.asarray(v, float)[None] for v in others.values()]])
    low, high = shown.min(axis=0), shown.max(axis=0)
    room = 0.25 * (high - low).max()
    grid = [np.linspace(low[i] - room, high[i] + room, 61) for i in (0, 1)]
    values = np.array([[loss(a, b) for a in grid[0]] for b in grid[1]])
    levels = np.quantile(values, (0.02, 0.08, 0.18, 0.32, 0.5, 0.7, 0.9))
    ax.contour(*grid, values, levels=levels, colors="0.6", linewidths=1)
    ax.axhline(0, color="gray", linewidth=1)
    ax.axvline(0, color="gray", linewidth=1)
    ax.plot(*steps.T, "-o", color=COLOURS["blue"], ms=5, label=label("lab07-steps", n=len(steps) - 1))
    ax.plot(*steps[-1], "*", color=COLOURS["vermilion"], ms=18, ls="", label=label("lab07-lasso-lands"))
    for k, (name, point) in enumerate(others.items()):
        ax.plot(*point, MARKERS[k + 1], color="black", mfc="white", mew=2, ms=10, ls="", label=name)
    ax.set_xlabel(label("lab07-coefficient-of", name=names[0]))
    ax.set_ylabel(label("lab07-coefficient-of", name=names[1]))
    ax.set_aspect("equal")
    ax.legend(loc="center left", bbox_to_anchor=(1.02, 0.5))
    told = "; ".join(f"{name}: {p[0]:.2f}, {p[1]:.2f}" for name, p in others.items())
    end = f"{steps[-1][0]:.2f}, {steps[-1][1]:.2f}"
    return describe(
        ax, say("alt-lab07-walk", a=names[0], b=names[1], n=len(steps) - 1, end=end, told=told or "–")
    )
