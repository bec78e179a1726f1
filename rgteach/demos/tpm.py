"""Unit explorer: two tumours whose molecules are known are sequenced; which unit tells the truth?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from matplotlib.axes import Axes

from rgteach.demos.panel import Control, digits
from rgteach.wording import say

N_AXES = 2
SEED = 3
N_GENES = 200  # genes 1, 2 and 3, and the others
DEPTH_A = 20  # million fragments of tumour A
DEPTHS = (2, 5, 10, 20, 40, 80)
LENGTHS = (500, 1000, 2000, 4000, 8000)
TAKEN = (0, 10, 30, 50)  # per cent of tumour B's molecules
LENGTH_ONE, LENGTH_THREE = 2000, 8000
MOLECULES = 100.0  # per cell, of gene 1 and of gene 2 in tumour A
FOLD = 2.0  # gene 1 in tumour B, against A
UNITS = ("counts", "cpm", "fpkm", "tpm")
NEAR = 0.1  # a unit that is further from the truth than this misleads
COMPARED = ("between", "within")


@dataclass(frozen=True)
class View:
    """Molecules per cell, what each unit makes of the fragments, and the two comparisons.

    Attributes
    ----------
    values : dict of unit to array (3,)
        Gene 1 in tumour A, gene 1 in tumour B, gene 2 in tumour A; "truth" is molecules per cell.
    features : dict of float
        "between_<unit>": gene 1, tumour B over A; "within_<unit>": in tumour A, gene 2 over gene 1.
    """

    values: dict[str, np.ndarray]
    features: dict[str, float]


def compute(depth, length, taken) -> View:
    """Arrays: sequence both tumours, put gene 1 and gene 2 into each unit, compare."""
    from rgteach.omics.rna import cpm, fpkm, tpm

    molecules, lengths = _cells(taken), _lengths(length)
    counts = _sequenced(molecules, lengths, (DEPTH_A, depth))
    units = {"truth": molecules, "counts": counts, "cpm": cpm(counts)}
    units |= {"fpkm": fpkm(counts, lengths), "tpm": tpm(counts, lengths)}
    values = {unit: table[(0, 0, 1), (0, 1, 0)].astype(float) for unit, table in units.items()}
    features = {f"between_{unit}": float(one[1] / one[0]) for unit, one in values.items()}
    features |= {f"within_{unit}": float(one[2] / one[0]) for unit, one in values.items()}
    return View(values, features)


def draw(axes, view: View):
    """Draw both comparisons: a row a unit, the truth as a line."""
    from rgteach.plots.style import style

    with style():
        for ax, kind in zip(axes, COMPARED, strict=True):
            _ratios(ax, view, kind)
        axes[1].tick_params(labelleft=False)
    return axes


def rows(view: View) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The table under the picture: what stands in each unit, and what one would read from it."""
    columns = ("unit", "one-a", "one-b", "between", "two-a", "within")
    header = tuple(say(f"demo-tpm-{name}") for name in columns)
    lines = []
    for unit, (one_a, one_b, two_a) in view.values.items():
        between, within = (_times(view.features[f"{kind}_{unit}"]) for kind in COMPARED)
        shown = (digits(one_a), digits(one_b), between, digits(two_a), within)
        lines.append((say(f"demo-tpm-{unit}"), *shown))
    return header, lines


def controls() -> tuple[Control, ...]:
    """How deep tumour B is sequenced, how long gene 2 is, and how much of B's RNA gene 3 takes."""
    return (
        Control("depth", DEPTHS, 80, lambda millions: say("demo-tpm-million", n=millions)),
        Control("length", LENGTHS, 8000, lambda bases: f"{bases / 1000:g} kb"),
        Control("taken", TAKEN, 0, lambda percent: f"{percent} %"),
    )


def thumbnail(ax: Axes) -> Axes:
    """Four ratios around the truth: two far away, two on it."""
    from rgteach.plots.style import COLOURS

    ax.axvline(0, color="#808080", lw=2, ls="--")
    for k, reach in enumerate((3, 1.6, 0, 0)):
        colour, mark = ("vermilion", "X") if reach else ("blue", "o")
        ax.plot([0, reach], [-k, -k], color=COLOURS[colour], lw=4)
        ax.plot([reach], [-k], mark, color=COLOURS[colour], ms=12, mew=0)
    ax.set_xlim(-1.5, 4)
    ax.set_ylim(-3.6, 0.6)
    return ax


def misleads(view: View, kind: str, unit: str) -> bool:
    """Whether a unit tells another ratio than the cells have, by more than chance would."""
    told, true = view.features[f"{kind}_{unit}"], view.features[f"{kind}_truth"]
    return abs(np.log(told / true)) > np.log1p(NEAR)


@cache
def _others() -> tuple[np.ndarray, np.ndarray]:
    """Molecules per cell and lengths in base pairs of the genes behind the first three."""
    rng = np.random.default_rng(SEED)
    n = N_GENES - 3
    return rng.lognormal(np.log(80), 1.0, n), np.round(rng.lognormal(np.log(2000), 0.6, n))


def _cells(taken: float) -> np.ndarray:
    """Molecules per cell, shape (genes, 2): B has gene 1 twice, and gene 3 takes its share on top."""
    others, _ = _others()
    a = np.concatenate(([MOLECULES, MOLECULES, 0.0], others))
    b = np.concatenate(([FOLD * MOLECULES, MOLECULES, 0.0], others))
    b[2] = b.sum() * taken / (100 - taken)
    return np.column_stack((a, b))


def _lengths(length: int) -> np.ndarray:
    return np.concatenate(([LENGTH_ONE, length, LENGTH_THREE], _others()[1]))


def _sequenced(molecules: np.ndarray, lengths: np.ndarray, millions: tuple[int, int]) -> np.ndarray:
    """Fragments of each gene: drawn in proportion to molecules times length, so many million in all."""
    rng = np.random.default_rng(SEED)
    weights = molecules * lengths[:, None]
    shares = weights / weights.sum(axis=0)
    drawn = [rng.multinomial(n * 1_000_000, shares[:, k]) for k, n in enumerate(millions)]
    return np.column_stack(drawn)


def _ratios(ax: Axes, view: View, kind: str) -> None:
    from rgteach.plots.page import describe
    from rgteach.plots.style import COLOURS, label

    true = view.features[f"{kind}_truth"]
    ax.axvline(true, color=COLOURS["black"], lw=2.5, ls="--")
    said = []
    for row, unit in enumerate(UNITS):
        told, wrong = view.features[f"{kind}_{unit}"], misleads(view, kind, unit)
        colour, mark = ("vermilion", "X") if wrong else ("blue", "o")
        ax.plot([true, told], [row, row], color=COLOURS[colour], lw=5, solid_capstyle="butt")
        ax.plot([told], [row], mark, color=COLOURS[colour], ms=15, mew=0)
        side = -1 if told < true / (1 + NEAR) else 1  # beside the mark, never on the line of the truth
        place = {"xytext": (13 * side, 0), "textcoords": "offset points", "va": "center"}
        ax.annotate(_times(told), (told, row), ha=("left", "right")[side < 0], color=COLOURS[colour], **place)
        state = say("demo-tpm-wrong" if wrong else "demo-tpm-right")
        said.append(say("demo-tpm-alt-unit", unit=say(f"demo-tpm-{unit}"), told=_times(told), state=state))
    ax.set_xscale("log", base=2)
    ax.set_xlim(1 / 40, 24)
    ax.set_xticks([1 / 16, 0.25, 1, 4, 16], ["1/16", "1/4", "1", "4", "16"])
    ax.set_xticks([], minor=True)
    ax.set_ylim(len(UNITS) - 0.4, -0.6)
    ax.set_yticks(range(len(UNITS)), [label(f"demo-tpm-short-{unit}") for unit in UNITS])
    ax.set_xlabel(label("demo-tpm-ratio"))
    ax.set_title(label(f"demo-tpm-{kind}-title"), fontsize=15)
    describe(ax, say(f"demo-tpm-alt-{kind}", true=_times(true), told="; ".join(said)))


def _times(ratio: float) -> str:
    return f"{ratio:.2g} ×"
