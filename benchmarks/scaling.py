"""How the time of a scan grows: `OPENBLAS_NUM_THREADS=1 python -m benchmarks.scaling` draws the picture."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from benchmarks.scan import by_hand, ranks_and_one_product, study

PICTURE = Path(__file__).parent / "results" / "scan_scaling.png"
GENES = (200, 500, 1_000, 2_000, 5_000, 10_000, 20_000)
FEATURES = (50, 100, 200, 500, 1_000, 2_000, 4_000)
PATIENTS = (50, 100, 200, 500, 1_000, 2_000, 4_000, 8_192, 12_000)
MOST_PAIRS = 4_000_000  # of whole tables by hand, which need 50 bytes a pair


def jobs(features: np.ndarray, genes: np.ndarray) -> dict:
    """What is timed on one study."""
    from rgteach.stats.scan import scan

    wanted = {
        "hits only": lambda: scan(features, genes, output="hits", threads=1),
        "ranks and one product": lambda: ranks_and_one_product(features, genes),
    }
    if features.shape[1] * genes.shape[1] <= MOST_PAIRS:
        wanted["whole table"] = lambda: scan(features, genes, threads=1)
        wanted["NumPy by hand"] = lambda: by_hand(features, genes)
    return wanted


def timed(sizes: tuple[int, ...], make, rounds: int = 5) -> dict[str, list[tuple[int, float]]]:
    """Seconds (the median) of every job at every size: name -> (size, seconds)."""
    lines: dict[str, list[tuple[int, float]]] = {}
    for size in sizes:
        wanted = jobs(*make(size))
        times = {name: [] for name in wanted}
        for _ in range(rounds):
            for name, job in wanted.items():
                began = time.perf_counter()
                job()
                times[name].append(time.perf_counter() - began)
        for name, each in times.items():
            lines.setdefault(name, []).append((size, float(np.median(each))))
    return lines


def panels() -> dict[str, dict[str, list[tuple[int, float]]]]:
    """The three panels: what grows, and the lines."""
    return {
        "genes (200 patients, 2,000 features)": timed(GENES, study),
        "features (200 patients, 2,000 genes)": timed(FEATURES, lambda k: study(2_000, n_features=k)),
        "patients (300 features, 500 genes)": timed(PATIENTS, lambda n: study(500, n=n, n_features=300)),
    }


def draw(found: dict[str, dict[str, list[tuple[int, float]]]]) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    styles = dict(zip(next(iter(found.values())), ("o-", "s--", "^-.", "D:"), strict=False))
    colours = dict(zip(styles, ("#0072B2", "#000000", "#D55E00", "#009E73"), strict=False))
    figure, axes = plt.subplots(1, 3, figsize=(12, 4), sharey=True, layout="constrained")
    for ax, (title, lines) in zip(axes, found.items(), strict=True):
        for name, points in lines.items():
            ax.loglog(*zip(*points, strict=True), styles[name], color=colours[name], lw=2, ms=5, label=name)
        ax.set_xlabel(title, fontsize=12)
        ax.grid(alpha=0.3)
    axes[0].set_ylabel("seconds, one thread", fontsize=12)
    axes[0].legend(fontsize=10)
    figure.savefig(PICTURE, dpi=66)
    plt.close(figure)


if __name__ == "__main__":
    with np.errstate(all="ignore"):  # a rare gene that nobody carries, by hand
        measured = panels()
    for panel, lines in measured.items():
        print(panel)
        for tool, points in lines.items():
            print(f"  {tool:22}", *(f"{size}: {seconds * 1e3:.3g} ms" for size, seconds in points))
    draw(measured)
    print(f"{PICTURE}: {PICTURE.stat().st_size / 1024:.0f} KB")
