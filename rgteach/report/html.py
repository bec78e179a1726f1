"""The pieces of a page: every text is escaped here, and nothing is loaded from anywhere else."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

# Colours follow the reader's choice of light or dark, and so do the pictures.
STYLE = """
:root { color-scheme: light dark; --ink: #1d1f21; --dim: #5a6068; --ground: #ffffff; --raised: #f3f5f7;
  --line: #d5d9de; --mark: #0072b2; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8ea; --dim: #a8b0b8; --ground: #17191c; --raised: #22262a;
    --line: #3a4047; --mark: #56b4e9; } }
* { box-sizing: border-box; }
html { scrollbar-color: var(--dim) transparent; }
body { margin: 0; background: var(--ground); color: var(--ink); line-height: 1.6;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK SC",
    "Microsoft YaHei", "PingFang SC", sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; padding-top: .75rem; border-top: 1px solid var(--line); }
p, li, dd { max-width: 46rem; }
.dim, figcaption, caption { color: var(--dim); }
.headline { background: var(--raised); border-left: 5px solid var(--mark); border-radius: 4px;
  padding: .9rem 1.2rem; margin: 1.25rem 0; }
.headline p { margin: .35rem 0; }
.headline p:first-child { font-size: 1.2rem; font-weight: 600; }
figure { margin: 1.25rem 0; }
figure img { border: 1px solid var(--line); border-radius: 4px;
  max-width: 100%; height: auto; }
figcaption { font-size: .92rem; margin-top: .35rem; max-width: 46rem; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(19rem, 1fr)); gap: 0 1.25rem; }
.three { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: 0 1rem; }
.wide { overflow-x: auto; }
.wide:focus-visible { outline: 2px solid var(--mark); }
table { border-collapse: collapse; font-size: .92rem; margin: .5rem 0 1rem; }
caption { text-align: left; padding: 0 0 .4rem; }
th, td { text-align: left; vertical-align: top; padding: .32rem .9rem .32rem 0;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th.number, td.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums;
  overflow-wrap: normal; }
thead th { border-bottom: 2px solid var(--line); }
thead th { overflow-wrap: normal; }
tbody th { font-weight: normal; min-width: 11rem; }
td:not(.number) { min-width: 7rem; }
code { overflow-wrap: anywhere; font-size: .9em; }
dt { font-weight: 600; margin-top: .6rem; }
dd { margin: 0 0 .2rem; }
details { margin: .6rem 0; }
summary { cursor: pointer; color: var(--mark); }
@media print {
  :root { --ink: #000; --dim: #333; --ground: #fff; --raised: #f3f3f3; --line: #bbb; --mark: #0072b2; }
  main { max-width: none; padding: 0; } figure, tr, .headline { break-inside: avoid; }
  .wide { overflow: visible; } body { font-size: 10.5pt; }
  /* Firefox knows no break-after: avoid: a heading as tall as what it should keep on its page does it */
  h2, h3 { break-after: avoid; break-inside: avoid; }
  :is(h2, h3)::after { content: ""; display: block; height: 6rem; margin-bottom: -6rem; }
  :is(h2, h3):has(+ :is(figure, .chart))::after { height: 19rem; margin-bottom: -19rem; } }
"""


def text(value: object) -> str:
    """A value as it may stand in a page."""
    return html.escape(str(value), quote=True)


def element(name: str, content: str, **attributes: str) -> str:
    """An element around content that is HTML already; `class_` is class, `aria_label` aria-label."""
    if not attributes:
        return f"<{name}>{content}</{name}>"
    named = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
    told = "".join(f' {key}="{text(value)}"' for key, value in named.items())
    return f"<{name}{told}>{content}</{name}>"


def paragraph(said: str, **attributes: str) -> str:
    """A paragraph of text."""
    return element("p", text(said), **attributes)


def section(title: str, *parts: str) -> str:
    """A heading and what belongs to it."""
    return element("section", element("h2", text(title)) + "\n".join(part for part in parts if part))


def bullets(sentences: Iterable[str]) -> str:
    """A list of sentences."""
    return element("ul", "".join(element("li", text(one)) for one in sentences))


def definitions(pairs: Iterable[tuple[str, str]]) -> str:
    """Terms and what they mean."""
    return element("dl", "".join(element("dt", text(a)) + element("dd", text(b)) for a, b in pairs))


def folded(summary: str, content: str) -> str:
    """Something that opens when it is asked for."""
    return element("details", element("summary", text(summary)) + content)


def figure(picture, caption: str) -> str:
    """A picture with its description and a sentence below it."""
    return element("figure", picture.to_html(rule=False) + element("figcaption", text(caption)))


def table(caption: str, header: Sequence[str], rows: Iterable[Sequence[str]], numbers: int) -> str:
    """A table whose first column names the row and whose last `numbers` columns are numbers.

    It scrolls on its own where the screen is narrow, and can be reached by the keyboard then.
    """
    first = len(header) - numbers
    looks = [{} if at < first else {"class_": "number"} for at in range(len(header))]
    head = "".join(
        element("th", text(name), scope="col", **look) for name, look in zip(header, looks, strict=True)
    )
    body = "".join(element("tr", _cells(row, looks)) for row in rows)
    inside = (
        element("caption", text(caption)) + element("thead", element("tr", head)) + element("tbody", body)
    )
    look = {"class_": "wide", "tabindex": "0", "role": "region", "aria_label": caption}
    return element("div", element("table", inside), **look)


def _cells(row: Sequence[str], looks: list[dict]) -> str:
    first = element("th", text(row[0]), scope="row", **looks[0])
    return first + "".join(
        element("td", text(cell), **look) for cell, look in zip(row[1:], looks[1:], strict=True)
    )


def page(title: str, lang: str, *parts: str, style: str = "") -> str:
    """The whole file; `style` are rules for what other pages do not have."""
    head = (
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{text(title)}</title>\n<style>{STYLE}{style}</style>\n"
    )
    body = element("main", "\n".join(part for part in parts if part))
    return (
        f'<!DOCTYPE html>\n<html lang="{text(lang)}">\n<head>\n{head}</head>\n'
        f"<body>\n{body}\n</body>\n</html>\n"
    )
