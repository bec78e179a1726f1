"""A painter in a real JupyterLab: how a person paints, and what they then see."""

from __future__ import annotations

import json
from dataclasses import dataclass

from browser import Notebook
from student import Student

EMPTY = {
    "cells": [],
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}
ROOT = ".rgteach-painter"
READY = "root => root.dataset.told === 'yes' && root.dataset.busy === 'false'"


def empty_notebook(student: Student, name: str) -> Notebook:
    """A notebook without cells, in the student's workspace."""
    folder = student.folder / student.lang
    (folder / f"{name}.ipynb").write_text(json.dumps(EMPTY), encoding="utf-8")
    return student.opens(name)


@dataclass
class Painting:
    """A painter below a cell, under somebody's hand."""

    student: Student
    notebook: Notebook
    cell: int

    @classmethod
    def begins(cls, student: Student, notebook: Notebook, code: str) -> Painting:
        """Run a cell that ends in a painter, and wait until it is there."""
        cell = notebook.append_code(code)
        notebook.run(cell)
        assert notebook.errors() == []
        notebook.show(cell)
        painting = cls(student, notebook, cell)
        painting.root.wait_for()
        painting.settle()
        return painting

    @property
    def page(self):
        return self.student.page

    @property
    def root(self):
        """The widget of this cell."""
        return self.page.locator(f"#{self._mark()} {ROOT}")

    def _mark(self) -> str:
        name = f"painting-{self.cell}"
        self.notebook.node(self.cell).evaluate("(node, name) => { node.id = name; }", name)
        return name

    @property
    def board(self):
        """The slice."""
        return self.root.locator(".pt-board")

    def settle(self) -> dict[str, str]:
        """Wait until nothing is on its way, and give what the widget says of itself."""
        self.page.wait_for_function(f"({READY})", arg=self.root.element_handle())
        return self.seen()

    def seen(self) -> dict[str, str]:
        """The widget's data attributes, after the next frame."""
        self.page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
        return self.root.evaluate("root => ({...root.dataset})")

    def word(self, key: str, **values: object) -> str:
        """A sentence of the page in the student's language."""
        from rgteach.wording import say

        return say(f"painter-page-{key}", self.student.lang, **values)

    def presses(self, key: str, **values: object):
        """The button with these words on it; pressed."""
        self.root.get_by_role("button", name=self.word(key, **values), exact=True).click()
        return self.settle()

    def places(self, *shares: tuple[float, float]) -> list[tuple[float, float]]:
        """Points of the slice on the screen, from shares (down, right) of its sides."""
        self.board.evaluate("board => board.scrollIntoView({block: 'center'})")
        box = self.board.bounding_box()
        return [(box["x"] + right * box["width"], box["y"] + down * box["height"]) for down, right in shares]

    def draws(self, *shares: tuple[float, float], steps: int = 12) -> dict[str, str]:
        """A stroke of the mouse through these places."""
        first, *rest = self.places(*shares)
        self.page.mouse.move(*first)
        self.page.mouse.down()
        for place in rest:
            self.page.mouse.move(*place, steps=steps)
        self.page.mouse.up()
        return self.settle()

    def touches(self, *shares: tuple[float, float]) -> dict[str, str]:
        """A stroke of a finger, as a touch screen reports it."""
        places = self.places(*shares)
        hand = self.page.context.new_cdp_session(self.page)
        for k, (x, y) in enumerate(places):
            kind = "touchMove" if k else "touchStart"
            hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        hand.detach()
        return self.settle()

    def asks(self, code: str) -> str:
        """What the kernel prints."""
        return self.student.asks(self.notebook, f"print({code})")

    def first_feature(self) -> list[str]:
        """The first row of the table: label and values."""
        cells = self.root.locator(".pt-table").first.locator("tbody tr").first.locator("th, td")
        return cells.all_inner_texts()

    def points_at_cell(self, i: int, j: int, n_levels: int, region: int = 0) -> dict[str, str]:
        """The mouse over a cell of the matrix."""
        board = self.root.locator(".pt-map-board").nth(region)
        board.evaluate("board => board.scrollIntoView({block: 'center'})")
        box = board.bounding_box()
        x, y = (j - 0.5) / n_levels * box["width"], (i - 0.5) / n_levels * box["height"]
        self.page.mouse.move(box["x"] + x, box["y"] + y)
        return self.seen()

    def brightest_on(self, canvas: str) -> int:
        """How many pixels of a canvas over a picture are pure white and opaque: the lines that light up."""
        return self.root.locator(canvas).first.evaluate(
            """canvas => {
                const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
                let n = 0;
                for (let k = 0; k < data.length; k += 4) {
                    n += data[k] === 255 && data[k + 1] === 255 && data[k + 2] === 255 && data[k + 3] === 255;
                }
                return n;
            }"""
        )

    def colours_of_slice(self) -> int:
        """How many voxels of the picture are not gray."""
        return self.root.locator(".pt-picture").evaluate(
            """canvas => {
                const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
                let n = 0;
                for (let k = 0; k < data.length; k += 4) {
                    n += data[k] !== data[k + 1] || data[k] !== data[k + 2];
                }
                return n;
            }"""
        )
