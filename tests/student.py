"""What a student does in a lab, and sees: for the tests in a real browser."""

from __future__ import annotations

import colorsys
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

from accessibility import violations
from browser import Notebook, browser_page, jupyterlab, open_lab, open_until_the_end, shared

ROOT = Path(__file__).resolve().parents[1]
SCREENSHOTS = ROOT / "screenshots"


@dataclass
class Student:
    """A browser on a fresh workspace, in one language."""

    page: object
    lang: str
    folder: Path

    @classmethod
    def starts(cls, lang: str, scratch: Path) -> Student:
        """Start the lab as a student does, in an empty folder."""
        rgteach = Path(sys.executable).with_name("rgteach")
        command = [str(rgteach), "lab", str(scratch / "work"), "--lang", lang, "--no-browser"]
        page = open_until_the_end(browser_page())
        open_lab(page, open_until_the_end(jupyterlab(command, scratch)))
        return cls(page, lang, scratch / "work")

    def leaves(self) -> None:
        """Close every tab without saving and end every kernel."""
        self.page.evaluate(
            """async () => {
                for (const tab of [...jupyterapp.shell.widgets('main')]) tab.dispose();
                await jupyterapp.serviceManager.sessions.shutdownAll();
            }"""
        )

    def opens(self, name: str) -> Notebook:
        """A notebook of the workspace, by its path as JupyterLab knows it."""
        return Notebook(self.page, f"{self.lang}/{name}.ipynb")

    def photographs(self, name: str) -> None:
        """Leave a picture of what is seen in `screenshots/`."""
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}-{self.lang}.png")

    def reads_lesson(self, lab: str) -> Notebook:
        """The lesson of a lab, run to its end: no error, every cell, every number filled in."""
        lesson = self.opens(lab)
        lesson.run_all()
        assert lesson.errors() == []
        cells = lesson.cells()
        assert [c["source"] for c in cells if "{{" in c["source"]] == [], "a number was not filled in"
        assert [i for i, c in enumerate(cells) if c.get("execution_count", 1) is None] == []
        return lesson

    def moves_slider(self, lesson: Notebook, demo: str, label: str, key: str = "ArrowRight") -> None:
        """Move the slider of this name by the keyboard: its setting changes, and so does the picture."""
        (place,) = [i for i, c in enumerate(lesson.cells()) if f'rg.demo("{demo}")' in c["source"]]
        lesson.show(place)
        before = lesson.wait_for_new_pictures(place, [])
        self.photographs(f"{demo}-before")
        slider = self.page.get_by_role("slider", name=label)
        told = slider.get_attribute("aria-valuetext")
        slider.focus()
        slider.press(key)
        after = lesson.wait_for_new_pictures(place, before)
        assert slider.get_attribute("aria-valuetext") != told
        assert len(after) == len(before)
        assert lesson.errors() == []
        self.photographs(f"{demo}-after")
        assert self.hears(lesson, place) == []

    def tries(self, notebook: Notebook, exercise: str, code: str, name: str) -> SimpleNamespace:
        """Type an answer, run it and its check, and read the card."""
        answer = notebook.find(role="answer", exercise=exercise)
        notebook.type_into(answer, written(code, self.lang))
        notebook.run(answer)
        return self.checks(notebook, exercise, name)

    def checks(self, notebook: Notebook, exercise: str, name: str) -> SimpleNamespace:
        """Run the check of an exercise and read its card."""
        return self.reads_card(notebook, notebook.find(role="check", exercise=exercise), name)

    def answers(self, notebook: Notebook, question: str, letter: str, name: str) -> SimpleNamespace:
        """Type a letter into the cell of a question, run it and read the card."""
        place = notebook.find(role="choose", question=question)
        notebook.type_into(place, f'rg.answer("{question}", "{letter}")')
        return self.reads_card(notebook, place, name)

    def races(self, notebook: Notebook, exercise: str, name: str) -> SimpleNamespace:
        """Run the race of an exercise and read its card."""
        return self.reads_card(notebook, notebook.find(role="race", exercise=exercise), name)

    def reads_card(self, notebook: Notebook, place: int, name: str) -> SimpleNamespace:
        """Run a cell and read the card below it, with and without eyes."""
        notebook.run(place)
        card = card_of(notebook, place)
        self.photographs(name)
        assert self.hears(notebook, place) == []
        return card

    def asks(self, notebook: Notebook, code: str) -> str:
        """What a new cell at the end of the notebook shows, in words."""
        index = notebook.append_code(code)
        notebook.run(index)
        assert notebook.errors() == []
        notebook.show(index)
        return notebook.node(index).wait_for_selector(".jp-OutputArea-output").inner_text()

    def hears(self, notebook: Notebook, *places: int) -> list[str]:
        """What axe-core finds wrong in the outputs of these cells, as JupyterLab shows them."""
        found = []
        for place in places:
            notebook.show(place)
            notebook.node(place).evaluate("cell => cell.classList.add('rgteach-judged')")
            found += violations(self.page, within=".rgteach-judged .jp-OutputArea-output")
            notebook.node(place).evaluate("cell => cell.classList.remove('rgteach-judged')")
        return found


@contextmanager
def student_at_work(lang: str, scratch: Path) -> Iterator[Student]:
    """A student in a lab of their own that has been started once: all tests of a process work in the same.

    What a test leaves open is closed when it leaves, without saving; what it wrote to the disk stays.
    """
    student = shared(f"student-{lang}", lambda: Student.starts(lang, scratch))
    try:
        yield student
    finally:
        student.leaves()


def written(code: str, lang: str) -> str:
    """Code as it stands in a student's notebook: comments of one language, no markers."""
    other = {"en": "zh", "zh": "en"}[lang]
    code = re.sub(rf"^ *# ({other}:|</?solution>).*\n", "", code + "\n", flags=re.M)
    return code.replace(f"# {lang}: ", "# ").rstrip("\n")


def plain(text: str) -> str:
    """Text without the marks and blanks in which a page and a screen differ."""
    return re.sub(r"[\s`]+", "", text)


def card_of(notebook: Notebook, index: int) -> SimpleNamespace:
    """What the card in a cell's output says, and whether its stripe is red or green."""
    notebook.show(index)
    card = notebook.node(index).wait_for_selector(".rgteach-card")
    stripe = card.evaluate("card => getComputedStyle(card).borderLeftColor")
    red, green, blue = (int(n) / 255 for n in re.findall(r"\d+", stripe)[:3])
    hue = round(360 * colorsys.rgb_to_hsv(red, green, blue)[0])
    colour = "red" if hue < 40 or hue > 330 else "green" if 90 < hue < 180 else f"hue {hue}"
    return SimpleNamespace(outcome=card.get_attribute("data-outcome"), colour=colour, text=card.inner_text())
