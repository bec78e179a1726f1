"""Which words of a gene's column mean that the patient carries the mutation.

A word that is taken for the wrong group turns a result around, so nothing is guessed: the words that count
are listed here or named by the caller, and every column keeps which word counted as what.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rgteach.doors import nearest
from rgteach.errors import LearnerError
from rgteach.tables.columns import LeftOut, from_text, plain_columns, say_table, some, stacked, word
from rgteach.tables.sheets import missing_words
from rgteach.wording import say

CARRIER = frozenset(
    "mutant mutated mutation mut yes y true positive pos present altered carrier 1"
    " 突变 突变型 是 有 阳性".split()
)
NOT_CARRIER = frozenset(
    "wildtype wild-type wt no n false negative neg absent unaltered non-carrier 0"
    " 野生 野生型 否 无 阴性".split()
) | {"wild type", "not mutated", "non carrier"}


@dataclass(frozen=True)
class Coding:
    """How the words of a gene's column were read: each word and how many patients have it."""

    name: str
    carriers: dict[str, int]
    others: dict[str, int]
    missing: dict[str, int]

    def told(self) -> str:
        """Mutant (12) / Wildtype (39) / Unknown (9): carriers, others, missing."""
        sides = (self.carriers, self.others, self.missing)
        return " / ".join(map(counted, sides))


def counted(words: dict[str, int]) -> str:
    """Words with how often each stood there; an empty cell is called unknown."""
    named = [f"{text or say('genes-unknown')} ({n})" for text, n in words.items()]
    return some(named) if named else "–"


def gene_numbers(frame, carriers=None, missing: tuple[str, ...] = (), strict: bool = True):
    """Genes as numbers: carriers of a mutation 1, others 0, unknown NaN; columns of numbers as they are.

    Parameters
    ----------
    frame : DataFrame
        One column a gene.
    carriers : str, sequence of str, or mapping of column to these
        Words that mean "carries it"; every other known word of such a column then means "does not".  In a
        mapping "*" stands for all other columns.
    missing : tuple of str
        More words for "unknown".
    strict : bool
        Whether a column of words that mean nothing here is an error; else it is left out, with the reason.

    Returns
    -------
    columns, codings, left_out

    Raises
    ------
    LearnerError
        If the words of a column cannot be told apart into carriers and others.
    """
    words = missing_words(missing)
    chosen = _wishes(frame, carriers)
    kept, columns, codings, left = [], [], [], []
    for name, plain in plain_columns(frame):
        if plain is None or name in chosen:
            wish = chosen.get(name, _shared(carriers))
            coded = _coded(name, list(frame[name]), wish, name in chosen, words, strict)
            if isinstance(coded, LeftOut):
                left.append(coded)
                continue
            plain, coding = coded
            codings += [coding] if coding else []
        kept.append(name)
        columns.append(plain)
    return stacked(kept, columns, len(frame), "gene"), codings, left


def _wishes(frame, carriers) -> dict[str, list[str]]:
    """The words asked for by column; a column that does not exist is an error."""
    if not isinstance(carriers, Mapping):
        return {}
    names = [str(name) for name in frame.columns]
    for name in carriers:
        if name not in names and name != "*":
            near = nearest(str(name), names) if names else "–"
            raise LearnerError(
                "genes-no-column", table=say_table("gene"), name=name, nearest=near, n=len(names)
            )
    return {name: _listed(words) for name, words in carriers.items() if name != "*"}


def _shared(carriers) -> list[str]:
    """The words for every column that has none of its own."""
    words = carriers.get("*") if isinstance(carriers, Mapping) else carriers
    return [] if words is None else _listed(words)


def _listed(words) -> list[str]:
    many = [words] if isinstance(words, (str, int, float)) else words
    return [word(one).casefold() for one in many]


def _coded(name: str, cells: list, wish: list[str], asked: bool, missing: frozenset[str], strict: bool):
    """(numbers, Coding or None) of one column of words, or why it is left out."""
    texts = [word(cell) for cell in cells]
    known = Counter(text for text in texts if text.casefold() not in missing)
    small = {text.casefold() for text in known}
    if asked and not small & set(wish):
        raise LearnerError("genes-carrier-not-there", column=name, word=", ".join(wish), found=_counts(known))
    if small & set(wish):
        yes = set(wish)
    elif small <= CARRIER | NOT_CARRIER:
        yes = CARRIER
    else:
        values = None if small & (CARRIER | NOT_CARRIER) - {"0", "1"} else from_text(cells, missing)
        if values is not None:
            return values, None
        return _unclear(name, known, small, strict)
    coded = [np.nan if t.casefold() in missing else float(t.casefold() in yes) for t in texts]
    return np.array(coded), _coding(name, known, yes, texts)


def _coding(name: str, known: Counter, yes: set[str], texts: list[str]) -> Coding:
    carriers = {text: n for text, n in known.most_common() if text.casefold() in yes}
    others = {text: n for text, n in known.most_common() if text.casefold() not in yes}
    gaps = Counter(text for text in texts if text not in known)
    return Coding(name, carriers, others, dict(gaps.most_common()))


def _unclear(name: str, known: Counter, small: set[str], strict: bool) -> LeftOut:
    """An error where a gene is meant, by name or by one of its words; else the column is left out."""
    odd = [text for text in known if text.casefold() not in CARRIER | NOT_CARRIER]
    if strict or small & (CARRIER | NOT_CARRIER) - {"0", "1"}:
        raise LearnerError(
            "genes-words-unclear", column=name, words=_quoted(odd), found=_counts(known), example=odd[0]
        )
    return LeftOut("gene", name, "genes-left-words", {"found": _counts(known)})


def _counts(words: Counter) -> str:
    return some([f"{text[:40]} ({n})" for text, n in words.most_common()]) or "–"


def _quoted(words) -> str:
    return some([repr(text[:40]) for text in words])
