"""What an attack is."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

# how one sees that an attack worked
SIGNS = (
    "points",  # a wrong answer, or none, earned something
    "told",  # what came back holds the planted secret, or the word that only a success prints
    "trace",  # a file stands where none may stand, or a planted one has changed
    "litter",  # the folder in which it ran is still there, with what it made
    "contact",  # a door of this machine was knocked at
    "dies",  # whoever ran the answer came to no verdict; the exercises behind it are lost too
    "hangs",  # it did not end
    "floods",  # more came back than anybody should have to read
    "spreads",  # the next submission lost points for it
)
REACHED = "42 reached"  # `print(6 * 7, "reached")`: the text is in no source

HONEST = {
    "mini-range": "def spread(values):\n    return values.max() - values.min()\n",
    "mini-pairs": textwrap.dedent(
        """\
        def pairs(row, n_levels):
            counts = np.zeros((n_levels, n_levels), dtype=int)
            for i, j in zip(row, row[1:]):
                counts[i - 1, j - 1] += 1
            return counts
        """
    ),
}


@dataclass(frozen=True)
class Attack:
    """An answer to the first exercise, `spread(values)`, that wants something else.

    Parameters
    ----------
    name : str
        A kebab name.
    tries : str
        What it tries, in one line.
    answer : str
        The source of the answer cell; `@WORD@` is a place that the test has planted (see `site`).
    sign : str
        One of SIGNS: how one sees that it worked.
    how : str
        How the naive grader compares (see `naive`).
    needs : str
        What must be there for it to work without a wall: "root", "tty", a system call; "" for nothing.
    honest : bool
        Whether the answer is right as well, so that its points say nothing.
    """

    name: str
    tries: str
    answer: str
    sign: str
    how: str = "numpy"
    needs: str = ""
    honest: bool = False

    def source(self, places: dict[str, str]) -> str:
        """The answer, aimed at the planted places."""
        text = self.answer
        for word, place in places.items():
            text = text.replace(f"@{word}@", place)
        return text


def spread(body: str, last: str = "return -99.0") -> str:
    """The answer that does something and then gives a wrong number."""
    body = textwrap.dedent(body).strip("\n")
    return "def spread(values):\n" + textwrap.indent(f"{body}\n{last}\n", "    ")


def code(text: str) -> str:
    """A cell as it stands."""
    return textwrap.dedent(text).strip("\n") + "\n"
