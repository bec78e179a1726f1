"""Whether a notebook is surely a good one, at a glance: a schema takes longer than all else together.

What passes here passes nbformat's schema of version 4.5 too.  What does not may still be good: only the most
ordinary forms are known, and the schema decides about all others.
"""

from __future__ import annotations

_TOP = {"cells", "metadata", "nbformat", "nbformat_minor"}
_TEXT_CELL = {"id", "cell_type", "metadata", "source"}
_CODE_CELL = _TEXT_CELL | {"outputs", "execution_count"}
# where these stand in metadata the schema decides
_STEERED_TOP = {"orig_nbformat", "title", "authors"}
_STEERED = {"name", "jupyter", "execution", "collapsed", "scrolled", "format"}
_LANGUAGE = ("file_extension", "mimetype", "pygments_lexer")


def is_plain(data: dict) -> bool:
    """Whether a notebook is an ordinary one of version 4.5, as Jupyter writes them."""
    return (
        type(data) is dict
        and data.keys() == _TOP
        and type(data["nbformat"]) is type(data["nbformat_minor"]) is int
        and (data["nbformat"], data["nbformat_minor"]) == (4, 5)
        and _is_head(data["metadata"])
        and type(data["cells"]) is list
        and all(map(_is_cell, data["cells"]))
    )


def _is_head(about: object) -> bool:
    if type(about) is not dict or not _STEERED_TOP.isdisjoint(about):
        return False
    kernel, language = about.get("kernelspec", _KERNEL), about.get("language_info", _NAMED)
    if type(kernel) is not dict or type(language) is not dict:
        return False
    mode = language.get("codemirror_mode", "")
    return (
        type(kernel.get("name")) is type(kernel.get("display_name")) is str
        and type(language.get("name")) is str
        and all(type(language.get(name, "")) is str for name in _LANGUAGE)
        and type(mode) in (str, dict)
    )


_KERNEL, _NAMED = {"name": "", "display_name": ""}, {"name": ""}


def _is_cell(cell: object) -> bool:
    """One cell; whether its id is good is looked at by whoever asks."""
    if type(cell) is not dict or type(cell.get("id")) is not str:
        return False
    if not _is_text(cell.get("source")) or not _is_about(cell.get("metadata")):
        return False
    kind = cell.get("cell_type")
    if kind == "code":
        return (
            cell.keys() == _CODE_CELL
            and _is_count(cell["execution_count"])
            and type(cell["outputs"]) is list
            and all(map(_is_output, cell["outputs"]))
        )
    return kind in ("markdown", "raw") and cell.keys() == _TEXT_CELL


def _is_about(about: object) -> bool:
    if type(about) is not dict or not _STEERED.isdisjoint(about):
        return False
    tags = about.get("tags")
    return "tags" not in about or _are_tags(tags)


def _are_tags(tags: object) -> bool:
    if not _are_texts(tags) or len(set(tags)) < len(tags):
        return False
    return all(tag and tag.isascii() and tag.isprintable() and "," not in tag for tag in tags)


def _is_output(given: object) -> bool:
    if type(given) is not dict:
        return False
    match given:
        case {"output_type": "stream", "name": str(), "text": said, **rest}:
            return not rest and _is_text(said)
        case {"output_type": "display_data", "data": dict(data), "metadata": dict(), **rest}:
            return not rest and _is_bundle(data)
        case {"output_type": "execute_result", "data": dict(data), "metadata": dict(), **rest}:
            counted = rest.keys() == {"execution_count"} and _is_count(rest["execution_count"])
            return counted and _is_bundle(data)
        case {"output_type": "error", "ename": str(), "evalue": str(), "traceback": lines, **rest}:
            return not rest and _are_texts(lines)
    return False


def _is_bundle(data: dict) -> bool:
    """Pictures and texts; what is JSON itself may be anything, and is left to the schema."""
    return all("json" not in kind.lower() and _is_text(shown) for kind, shown in data.items())


def _is_count(number: object) -> bool:
    return number is None or type(number) is int and number >= 0


def _is_text(given: object) -> bool:
    return type(given) is str or _are_texts(given)


def _are_texts(given: object) -> bool:
    return type(given) is list and _TEXT.issuperset(map(type, given))


_TEXT = frozenset({str})
