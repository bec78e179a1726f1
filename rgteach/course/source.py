"""The code of a page as text: one language kept, the solution cut out, the marks taken away.

A comment `# en: …` or `# zh: …` is kept only in its language; a line `rg.setup()` names the language of the
notebook. Between `# <solution>` and `# </solution>` stands what a student has to find.
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache

from rgteach import wording

OPEN, CLOSE = "# <solution>", "# </solution>"
_TOLD = re.compile(r"^(?P<indent>\s*)# (?P<lang>en|zh): ?(?P<text>.*)$")
_TOLD_AFTER_CODE = re.compile(r"\S.*# (en|zh):")


@lru_cache(maxsize=1024)  # a grader asks for the same cells for each student
def in_language(code: str, lang: str) -> str:
    """The code with the comments and the `rg.setup()` of one language."""
    lines = (_line_in_language(line, lang) for line in code.split("\n"))
    return "\n".join(line for line in lines if line is not None)


def _line_in_language(line: str, lang: str) -> str | None:
    told = _TOLD.match(line)
    if told:
        return f"{told['indent']}# {told['text']}" if told["lang"] == lang else None
    if line.strip() == "rg.setup()":
        return line.replace("rg.setup()", f'rg.setup("{lang}")')
    return line


def comment_twins(code: str) -> tuple[int, int]:
    """How many comment lines there are in English and in Chinese; a page has as many of each."""
    langs = [told["lang"] for told in map(_TOLD.match, code.split("\n")) if told]
    return langs.count("en"), langs.count("zh")


def told_after_code(code: str) -> str | None:
    """The first line where a language comment stands behind code, where it could not be taken away."""
    for line in code.split("\n"):
        if not _TOLD.match(line) and _TOLD_AFTER_CODE.search(line):
            return line.strip()
    return None


@lru_cache(maxsize=1024)
def solved(code: str) -> str:
    """The answer as the solved notebook shows it: everything but the two marks."""
    return "\n".join(line for line in code.split("\n") if line.strip() not in (OPEN, CLOSE))


def stub(code: str, lang: str) -> str:
    """The answer as a student finds it: comments stay, the solution goes, one line asks for it."""
    kept: list[str] = []
    inside, asked = False, False
    for line in code.split("\n"):
        if line.strip() == OPEN:
            inside, indent = True, line[: len(line) - len(line.lstrip())]
        elif line.strip() == CLOSE:
            kept.append(indent + ("..." if asked else ask(lang)))
            inside, asked = False, True
        elif not inside or is_told(line):
            kept.append(line)
    return "\n".join(kept)


def is_told(line: str) -> bool:
    """Whether a line is a comment in one language, which a student keeps."""
    return bool(_TOLD.match(line))


def ask(lang: str) -> str:
    """The line that asks for an answer."""
    return f'raise NotImplementedError("{wording.say("course-stub", lang)}")'


def marks_are_paired(code: str) -> bool:
    """Whether every solution that opens is closed before the next, and there is at least one."""
    marks = [line.strip() for line in code.split("\n") if line.strip() in (OPEN, CLOSE)]
    return bool(marks) and marks == [OPEN, CLOSE] * (len(marks) // 2)


def functions(code: str) -> dict[str, list[str]]:
    """Top-level functions in their order, with the names of their parameters."""
    tree = ast.parse(code)
    return {node.name: _parameters(node.args) for node in tree.body if isinstance(node, ast.FunctionDef)}


def _parameters(args: ast.arguments) -> list[str]:
    return [arg.arg for arg in (*args.posonlyargs, *args.args)]
