"""The page in which open answers are marked: its frame; what is in it comes as data."""

from __future__ import annotations

from rgteach.report.html import STYLE, element, text
from rgteach.wording import say, tag

# what a key does: (what is written on it, the end of the name of its sentence)
KEYS = (
    ("1 … 9", "line"),
    ("a", "all"),
    ("0", "none"),
    ("Enter", "done"),
    ("Shift + Enter", "same"),
    ("s", "again"),
    ("j →", "next"),
    ("k ←", "back"),
    ("n", "open"),
    ("c", "comment"),
    ("Esc", "leave"),
    ("u", "undo"),
    ("?", "help"),
)
BUTTONS = ("back", "next", "all", "none", "again", "done", "same", "undo", "help")
_BESIDE = ("back", "next", "help")  # stand elsewhere than below the lines
# sentences that the page's script fills in
_SAID = {
    "rubric-answer": ("place", "count"),
    "rubric-progress": ("done", "count"),
    "rubric-total": ("points", "of"),
    "rubric-by": ("who",),
    "rubric-line": ("line", "points", "of"),
    "rubric-line-label": ("line", "of"),
    "rubric-unmarked": (),
    "rubric-marked": (),
    "rubric-begun": (),
    "rubric-all-marked": (),
    "rubric-undone": (),
    "rubric-nothing-undone": (),
    "rubric-nothing-again": (),
    "rubric-lost": (),
    "rubric-empty": (),
    "rubric-by-other": ("who",),
}


def words(lang: str) -> dict[str, str]:
    """What the script says, with the places that it fills in."""
    return {
        key.removeprefix("rubric-"): say(key, lang, **{name: f"{{{name}}}" for name in names})
        for key, names in _SAID.items()
    }


def style() -> str:
    """The rules that all our pages share; the page's own follow in `page.css`."""
    return STYLE


def page(lang: str) -> str:
    """The frame of the page."""
    title = say("rubric-title", lang)
    head = (
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{text(title)}</title>\n<link rel="icon" href="data:,">\n'
        '<link rel="stylesheet" href="/page.css">\n<script src="/page.js" defer></script>\n'
    )
    body = _header(title, lang) + element("main", _main(lang)) + _help(lang)
    return (
        f'<!DOCTYPE html>\n<html lang="{tag(lang)}">\n<head>\n{head}</head>\n<body>\n{body}\n</body></html>\n'
    )


def _header(title: str, lang: str) -> str:
    chosen = element("select", "", id="exercise")
    label = element("label", f"{text(say('rubric-exercise', lang))} {chosen}")
    bar = element("progress", "", id="bar", max="1", value="0", aria_labelledby="progress")
    told = element("span", "", id="progress")
    inside = element("h1", text(title)) + label + element("div", bar + told, class_="progress")
    return element("header", inside + _button("help", lang))


def _main(lang: str) -> str:
    asked = element("summary", text(say("rubric-asked", lang))) + element(
        "div", "", id="asked", class_="told"
    )
    answer = (
        element("h2", "", id="answer-title")
        + element("p", "", id="about", class_="dim")
        + element("div", "", id="text", class_="told")
    )
    moves = element("div", _button("back", lang) + _button("next", lang), class_="moves")
    article = element("article", answer, id="answer", tabindex="-1", aria_labelledby="answer-title")
    columns = element("div", element("div", article + moves) + _rubric(lang), class_="columns")
    said = element("p", "", id="said", role="status") + element("p", "", id="trouble", role="alert")
    return element("details", asked) + columns + said


def _rubric(lang: str) -> str:
    comment = element("textarea", "", id="comment", rows="3", maxlength="4000")
    label = element("label", f"{text(say('rubric-comment', lang))} {comment}", class_="comment")
    buttons = "".join(_button(name, lang) for name in BUTTONS if name not in _BESIDE)
    inside = (
        element("h2", text(say("rubric-lines", lang)), id="rubric-title")
        + element("div", "", id="rubric-told", class_="told")
        + element("ol", "", id="lines")
        + element("p", "", id="total")
        + label
        + element("div", buttons, class_="buttons")
    )
    return element("section", inside, aria_labelledby="rubric-title", class_="rubric")


def _button(name: str, lang: str) -> str:
    return element("button", text(say(f"rubric-do-{name}", lang)), id=f"do-{name}", type="button")


def _help(lang: str) -> str:
    rows = "".join(
        element("dt", element("kbd", text(keys))) + element("dd", text(say(f"rubric-key-{name}", lang)))
        for keys, name in KEYS
    )
    single = '<input type="checkbox" id="single" checked> ' + text(say("rubric-single-keys", lang))
    closing = element("button", text(say("rubric-close", lang)), id="close-help", type="button")
    inside = (
        element("h2", text(say("rubric-help", lang)), id="help-title")
        + element("dl", rows, class_="keys")
        + element("p", element("label", single))
        + closing
    )
    return element("dialog", inside, id="help", aria_labelledby="help-title")
