"""Every demo in one notebook of a real JupyterLab, seen as those in the room see it.

Demos are compared by what stands there, never by their pixels: `tests/hall/NAME-LANG.txt` holds a line for
each element that says something, with its role and its accessible name as axe-core finds them.
"""

from __future__ import annotations

import difflib
import io
import json
import os
import re
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from accessibility import axe_script, violations
from browser import Notebook
from servers import PATIENCE_S
from student import SCREENSHOTS, Student

from rgteach import demos

SNAPSHOTS = Path(__file__).with_name("hall")
REWRITE = "python -m pytest tests/test_demos_browser.py -k snapshot --rewrite-snapshots"
GALLERY = "gallery"
FEWEST_COLOURS = 12  # letters alone have more, smooth as they are
WHITE = 225  # of 255 in every channel
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
_SCRIPT = Path(__file__).with_name("hall.js")
_DECIMALS = re.compile(r"[-−]?\d[\d,]*\.\d+(?:e[-+]?\d+)?|\d+e[-+]?\d+")


def shows() -> list[str]:
    """What is shown: every demo, and the gallery of them all."""
    return [*demos.names(), GALLERY]


def call(name: str) -> str:
    """What an instructor writes."""
    return "rg.demo()" if name == GALLERY else f'rg.demo("{name}")'


@dataclass
class Hall:
    """A notebook with every demo, open in JupyterLab; `seen` is what stood there before a slider moved."""

    student: Student
    notebook: Notebook
    faults: list[str]
    seen: dict[str, str] = field(default_factory=dict)

    @classmethod
    def opens(cls, student: Student, names: list[str]) -> Hall:
        """Write the notebook, run it, and look at each demo."""
        write(student.folder / student.lang / "hall.ipynb", names)
        faults: list[str] = []
        student.page.on("pageerror", lambda error: faults.append(str(error)))
        hall = cls(student, student.opens("hall"), faults)
        hall.prepare()
        hall.notebook.run_all()
        for name in names:
            hall.seen[name] = hall.looks(name)
        return hall

    @property
    def page(self):
        """The page of the browser."""
        return self.student.page

    def prepare(self) -> None:
        """Draw every cell, also those below the screen; bring the script."""
        self.page.evaluate(
            "() => { panel.content.notebookConfig = "
            "{...panel.content.notebookConfig, windowingMode: 'none'}; }"
        )
        self.listen()

    def listen(self) -> None:
        """Bring the script to the notebook that is open now."""
        self.page.evaluate(axe_script())
        self.page.evaluate(_SCRIPT.read_text(encoding="utf-8"))
        self.page.evaluate("() => hall.listen()")

    def place(self, name: str) -> int:
        """The cell of a demo."""
        (place,) = [i for i, cell in enumerate(self.notebook.cells()) if cell["source"] == call(name)]
        return place

    def looks(self, name: str) -> str:
        """What stands there when it has come to rest, or why it never does."""
        try:
            self.settled(name)
        except Exception as trouble:  # Playwright's own error; the other demos are judged all the same
            return f"{trouble}\n"
        return self.structure(name)

    def settled(self, name: str) -> None:
        """Wait until all of a demo is there and nothing moves any more."""
        controls = () if name == GALLERY else getattr(demos.demo(name), "controls", ())
        wish = [self.place(name), len(controls)]
        self.page.evaluate("([place, count]) => hall.settled(place, count)", wish)

    def rested(self, names: list[str]) -> None:
        """Wait until the pictures of demos hold both themes, as those do whose sliders have come to rest."""
        for name in names:
            self.page.wait_for_function("place => hall.areThemed(place)", arg=self.place(name))
            self.settled(name)

    def structure(self, name: str) -> str:
        """What stands there, a line for each element; decimals differ from machine to machine."""
        ask = "place => [hall.structure(place), hall.pictures(place).map(node => node.tagName)]"
        lines, kinds = self.page.evaluate(ask, self.place(name))
        count = " and ".join(f"{kinds.count(kind)} {kind.lower()}" for kind in ("IMG", "CANVAS"))
        return "\n".join([*(_DECIMALS.sub("#.#", line) for line in lines), f"pictures: {count}", ""])

    def troubles(self) -> list[str]:
        """What went wrong in any cell, or on the page."""
        said = [
            f"cell {i}: {''.join(out['text'])}"
            for i, cell in enumerate(self.notebook.cells())
            for out in cell.get("outputs", [])
            if out["output_type"] == "stream" and out["name"] == "stderr"
        ]
        return [*self.notebook.errors(), *said, *self.faults]

    # ---- sliders

    def sliders(self, name: str) -> list[dict]:
        """Every handle of a demo: its range, its value, where it lies on the screen."""
        ask = "place => hall.sliders(place).map((_, k) => hall.whereIs(place, k))"
        return self.page.evaluate(ask, self.place(name))

    def told(self, name: str) -> list[str]:
        """The description of every picture of a demo that is seen."""
        return self.page.evaluate("place => hall.pictures(place).map(hall.spoken)", self.place(name))

    def press(self, name: str, k: int, key: str) -> dict | None:
        """Press a key on a handle; what arrived, and after how long; None where it could not move."""
        now = self.sliders(name)[k]
        if now["value"] == now[{"End": "max", "Home": "min"}[key]]:
            return None
        place = self.place(name)
        self.page.evaluate("([p, k]) => { hall.sliders(p)[k].focus(); hall.expect(p); }", [place, k])
        self.page.keyboard.press(key)
        return self.arrived(name, k)

    def drag(self, name: str, k: int) -> dict:
        """Take a handle by the mouse and let it go one third of the way from its nearer end."""
        self.page.evaluate(
            "([p, k]) => hall.sliders(p)[k].scrollIntoView({block: 'center'})", [self.place(name), k]
        )
        now = self.sliders(name)[k]
        steps = now["max"] - now["min"]
        share = (now["value"] - now["min"]) / steps
        goal = round(steps * (2 / 3 if share < 1 / 2 else 1 / 3)) / steps
        self.page.evaluate("place => hall.expect(place)", self.place(name))
        self.page.mouse.move(*_on(now, share))
        self.page.mouse.down()
        self.page.mouse.move(*_on(now, (share + goal) / 2))
        self.page.mouse.move(*_on(now, goal))
        self.page.mouse.up()
        return self.arrived(name, k)

    def arrived(self, name: str, k: int) -> dict:
        """The pictures that came, and whether the handle still has the focus."""
        arrived = self.page.evaluate("() => hall.arrival")
        focus = "([p, k]) => document.activeElement === hall.sliders(p)[k]"
        return arrived | {"focus": self.page.evaluate(focus, [self.place(name), k])} | self.sliders(name)[k]

    # ---- looks

    def wears(self, theme: str) -> None:
        """Switch JupyterLab's theme by its own command."""
        self.page.evaluate(
            "async theme => { await jupyterapp.commands.execute('apputils:change-theme', {theme}); }",
            THEMES[theme],
        )
        self.page.wait_for_function("name => document.body.dataset.jpThemeName === name", arg=THEMES[theme])

    def faces(self, name: str, theme: str, most_white: float = 1.0) -> list[np.ndarray]:
        """Every picture of a demo as the screen shows it, (rows, columns, 3); a photograph is kept.

        Where the kernel draws anew for a theme it may take its time: pictures that glare are looked at again.
        """
        deadline = time.monotonic() + PATIENCE_S
        while True:
            self.settled(name)
            found = self._screen(name)
            if max(map(white, found), default=0) < most_white or time.monotonic() > deadline:
                break
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"hall-{name}-{theme}-{self.student.lang}.png")
        return found

    def _screen(self, name: str) -> list[np.ndarray]:
        from PIL import Image

        self.notebook.show(self.place(name))
        handles = self.page.evaluate_handle("place => hall.pictures(place)", self.place(name))
        nodes = [one.as_element() for one in handles.get_properties().values()]
        return [np.asarray(Image.open(io.BytesIO(node.screenshot())).convert("RGB")) for node in nodes]

    def heard(self, names: list[str], rules: Sequence[str] = ()) -> list[str]:
        """What axe-core finds wrong in these demos, the folded answers included."""
        places = [self.place(name) for name in names]
        mark = """([places, on]) => places.flatMap(hall.outputs).forEach(out => {
            out.classList.toggle('hall-judged', on);
            out.querySelectorAll('details').forEach(one => { one.open = on; });
        })"""
        self.page.evaluate(mark, [places, True])
        found = violations(self.page, within=".hall-judged", rules=rules)
        self.page.evaluate(mark, [places, False])
        return found

    # ---- when the kernel is gone

    def kernel_dies(self) -> None:
        """End the kernel as a system without memory does, and wait until JupyterLab has seen it."""
        place = self.notebook.append_code("import os; print(os.getpid())")
        self.notebook.run(place)
        (out,) = self.notebook.cells()[place]["outputs"]
        self.page.evaluate("() => hall.watchKernel()")
        os.kill(int("".join(out["text"])), signal.SIGKILL)
        self.page.evaluate("() => hall.kernelGone")
        self.page.locator(".jp-Dialog .jp-mod-accept").click()  # JupyterLab says that it starts another

    def reopens_without_kernel(self) -> None:
        """Save the notebook, close it, end its kernel, and open what lies on the disk."""
        self.page.evaluate(
            """async () => {
                const path = panel.context.path;
                await panel.context.save();
                await panel.sessionContext.shutdown();
                panel.dispose();
                const kernelPreference = {shouldStart: false, canStart: true, autoStartDefault: false};
                const wish = {path, factory: 'Notebook', kernelPreference};
                window.panel = await jupyterapp.commands.execute('docmanager:open', wish);
                await panel.context.ready;
            }"""
        )
        self.listen()  # cells are drawn when they are scrolled to, as a reader meets them
        assert self.page.evaluate("() => panel.sessionContext.session") is None

    def left(self, name: str) -> tuple[list[str], str]:
        """The pictures of a demo that are seen, and every word that stands there."""
        place = self.place(name)
        self.notebook.show(place)
        self.page.wait_for_function("place => hall.areLoaded(place)", arg=place)
        return tuple(self.page.evaluate("place => [hall.marks(place), hall.wordsSeen(place)]", place))


def _on(handle: dict, share: float) -> tuple[float, float]:
    """Where the middle of a handle lies at this share of its way."""
    thumb = 16
    x = handle["left"] + thumb / 2 + share * (handle["width"] - thumb)
    return x, handle["top"] + handle["height"] / 2


def write(path: Path, names: list[str]) -> None:
    """A notebook with a cell for each demo."""
    sources = ["import rgteach as rg\n\nrg.setup()", *map(call, names)]
    cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    cells = [cell | {"id": f"cell-{k}", "source": source} for k, source in enumerate(sources)]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    notebook = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(notebook), encoding="utf-8")


def snapshot(name: str, lang: str) -> Path:
    """Where the agreed look of a demo lies."""
    return SNAPSHOTS / f"{name}-{lang}.txt"


def changes(name: str, lang: str, now: str) -> str:
    """How what stands there differs from what was agreed, and what to do then; empty where it does not."""
    path = snapshot(name, lang)
    agreed = path.read_text(encoding="utf-8") if path.exists() else ""
    lines = difflib.unified_diff(agreed.splitlines(), now.splitlines(), path.name, "now", lineterm="", n=1)
    found = "\n".join(lines)
    return found and f"{found}\nIf this is how it should be: {REWRITE}"


def colours(face: np.ndarray) -> int:
    """How many colours a picture has."""
    return len(np.unique(face.reshape(-1, 3), axis=0))


def white(face: np.ndarray) -> float:
    """Which share of a picture glares."""
    return float((face > WHITE).all(axis=-1).mean())
