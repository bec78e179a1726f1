"""Our own pages, which need no kernel: the gallery, the speaker's notes, and the files that pages load."""

from __future__ import annotations

import html
import json
import re
from functools import cache
from pathlib import Path

from tornado.web import HTTPError, RequestHandler

from rgteach.present import markdown
from rgteach.present.show import Item, Show
from rgteach.wording import say, tag

_FILES = Path(__file__).with_name("page")
_KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
SERVED = ("present.css", "present.js", "themes.css", "notes.js", "updates.js")
# what the scripts say; they hold no words themselves
_WORDS = (
    "dark", "full-screen", "notes", "help", "next", "previous", "gallery", "keys", "close",
    "section", "clock", "ended", "blocked", "waiting", "code", "printed", "failed",
)  # fmt: skip


def handlers(show: Show) -> list:
    """What is served besides what Voilà serves."""
    about = {"show": show}
    return [
        (r"/", Gallery, about),
        (r"/present/notes/([\w-]+)", Notes, about),
        (r"/present/picture/([\w-]+)", Thumbnail, about),
        (r"/present/files/([\w.-]+)", Files),
    ]


def words() -> dict[str, str]:
    """What the scripts say, in the language in force."""
    blanks = {name: f"{{{name}}}" for name in ("n", "of", "title", "time")}  # the scripts fill them in
    return {name: say(f"present-{name}", **blanks) for name in _WORDS}


def frame(show: Show, item: Item | None) -> dict:
    """What a page has to know of its place in the presentation."""
    before, after = (show.beside(item, -1), show.beside(item, +1)) if item else (None, None)
    return {
        "name": item.name if item else "",
        "kind": item.kind if item else "gallery",
        "title": item.title if item else say("present-gallery-title"),
        "lang": item.lang if item else tag(show.lang),
        "gallery": "/" if len(show.items) > 1 else "",
        "before": before.address if before else "",
        "after": after.address if after else "",
        "words": words(),
    }


class _Page(RequestHandler):
    """A page of ours, which may load nothing but what is served here."""

    def initialize(self, show: Show) -> None:
        self.show = show

    def set_default_headers(self) -> None:
        for name, value in self.settings["headers"].items():
            self.set_header(name, value)
        self.set_header("Cache-Control", "no-store")

    def write_error(self, status_code: int, **more: object) -> None:
        self.finish(f"{status_code}")

    def page(self, title: str, kind: str, inside: str, about: dict) -> None:
        """Write the whole page."""
        data = json.dumps(about, ensure_ascii=False).replace("<", "\\u003c")
        self.finish(
            f'<!DOCTYPE html>\n<html lang="{tag(self.show.lang)}"><head><meta charset="utf-8">'
            f"<title>{html.escape(title)}</title>"
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<link rel="icon" href="data:,">'
            '<link rel="stylesheet" href="/present/files/themes.css">'
            '<link rel="stylesheet" href="/present/files/present.css">'
            f'<script type="application/json" id="present-about">{data}</script></head>'
            f'<body class="present present-{kind}"><script src="/present/files/present.js"></script>'
            f"{inside}</body></html>"
        )


class Gallery(_Page):
    """All items of the presentation, with their questions."""

    def get(self) -> None:
        """Show them, or the only one."""
        if len(self.show.items) == 1:
            self.redirect(self.show.items[0].address)
            return
        cards = "".join(f"<li>{_card(item)}</li>" for item in self.show.items)
        title = say("present-gallery-title")
        heading = f"<h1>{html.escape(title)}</h1>"
        inside = f'<main id="present-main">{heading}<ul class="present-cards">{cards}</ul></main>'
        self.page(title, "gallery", inside, frame(self.show, None))


def _card(item: Item) -> str:
    """A link with the demo's picture, name and question."""
    return (
        f'<a href="{item.address}"><img class="present-thumb" alt="" src="/present/picture/{item.name}">'
        f"<b>{html.escape(item.title)}</b><span>{html.escape(item.notes[0].heading)}</span></a>"
    )


class Thumbnail(_Page):
    """The small picture of a demo; the card says the rest in words."""

    def get(self, name: str) -> None:
        """A PNG with a clear background."""
        item = self.show.item(name)
        if item is None or not item.demo:
            raise HTTPError(404)
        from rgteach.demos import demo
        from rgteach.demos.gallery import thumbnail

        self.set_header("Content-Type", "image/png")
        self.finish(thumbnail(demo(item.demo)))


class Notes(_Page):
    """The second window: what the speaker wants to say, and what comes next."""

    def get(self, name: str) -> None:
        """Show the notes of an item."""
        item = self.show.item(name)
        if item is None:
            raise HTTPError(404)
        parts = "".join(_note(place, note) for place, note in enumerate(item.notes))
        after = self.show.beside(item, +1)
        coming = say("present-coming", title=after.title) if after else ""
        inside = (
            f'<main id="present-main"><h1>{html.escape(item.title)}</h1>{parts}'
            f'<p class="present-coming">{html.escape(coming)}</p></main>'
            '<script src="/present/files/notes.js"></script>'
        )
        about = frame(self.show, item) | {"kind": "notes"}
        self.page(say("present-notes-title", title=item.title), "notes", inside, about)


def _note(place: int, note) -> str:
    told = markdown.to_html(note.text) if note.text else f"<p>{html.escape(say('present-no-notes'))}</p>"
    return f'<section data-section="{place}"><h2>{html.escape(note.heading)}</h2>{told}</section>'


class Files(RequestHandler):
    """The style and the scripts of our pages."""

    def set_default_headers(self) -> None:
        """What it is, is what its name says."""
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cache-Control", "no-cache")

    def get(self, name: str) -> None:
        """One of the files that pages load, and no other."""
        if name not in SERVED:
            raise HTTPError(404)
        self.set_header("Content-Type", _KINDS[Path(name).suffix])
        self.finish(themes() if name == "themes.css" else (_FILES / name).read_text(encoding="utf-8"))


@cache
def themes() -> str:
    """JupyterLab's variables for light and dark, of which the attribute of the page chooses."""
    from voila.paths import collect_static_paths

    parts = []
    for theme in ("light", "dark"):
        files = [Path(folder) / f"theme-{theme}.css" for folder in collect_static_paths(["nbconvert"], "lab")]
        text = next(file for file in files if file.is_file()).read_text(encoding="utf-8")
        for rule in re.findall(r":root\s*\{([^}]*)\}", text):
            parts.append(f':root[data-present-theme="{theme}"] {{{rule}}}')
    return "\n".join(parts)
