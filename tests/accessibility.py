"""Our own output in a real browser, and axe-core asked what a person with a screen reader would meet there.

The pieces of a notebook are put on a page of ours that takes its colours from JupyterLab's own themes, so
what is judged is what we wrote and not JupyterLab's frame around it.
"""

from __future__ import annotations

import html
import json
import re
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from browser import absent

THEMES = ("light", "dark")
# all that can differ between two themes of one page: colours, and which of two pictures is shown
THEMED = ("color-contrast", "image-alt", "link-in-text-block", "role-img-alt", "svg-img-alt")
# how JupyterLab lays out tables and text of an output: their grounds matter for contrast
_LOOK = """
body { margin: 0; background: var(--jp-layout-color0); color: var(--jp-content-font-color1);
  font-family: var(--jp-content-font-family); font-size: var(--jp-content-font-size1); }
a { color: var(--jp-content-link-color); }
main { padding: 1rem; max-width: 60rem; }
table { border-collapse: collapse; font-size: 12px; }
th, td { text-align: right; padding: .5em; }
tbody tr { background: var(--jp-layout-color0); }
tbody tr:nth-child(odd) { background: var(--jp-rendermime-table-row-background); }
"""


@cache
def axe_script() -> str:
    """The code of axe-core, from the package that ships it."""
    try:
        from axe_playwright_python.base import AXE_SCRIPT
    except ImportError:
        absent("axe-core (pip install axe-playwright-python)")
    return AXE_SCRIPT


@cache
def theme_colours(theme: str) -> str:
    """The variables of a theme of the installed JupyterLab."""
    place = f"share/jupyter/lab/themes/@jupyterlab/theme-{theme}-extension/index.css"
    text = (Path(sys.prefix) / place).read_text(encoding="utf-8")
    rules = re.findall(r":root\s*\{[^}]*\}", text)
    assert rules, f"no colours in {place}"
    return "".join(rules)


def page_of(title: str, lang: str, *pieces: str, theme: str = "light") -> str:
    """A page around pieces of output; a piece that is no heading stands below the one before."""
    content = "\n".join(pieces)
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f'<style id="theme">{theme_colours(theme)}</style><style>{_LOOK}</style></head>'
        f'<body data-jp-theme-light="{_is_light(theme)}"><main>{content}</main></body></html>'
    )


def wear(page, theme: str) -> None:
    """Give a page of `page_of` another theme, as JupyterLab would."""
    page.evaluate(
        """([colours, isLight]) => {
            document.getElementById('theme').textContent = colours;
            document.body.dataset.jpThemeLight = isLight;
        }""",
        [theme_colours(theme), _is_light(theme)],
    )


def _is_light(theme: str) -> str:
    return "true" if theme == "light" else "false"


def headed(title: str, *pieces: str) -> str:
    """A heading and what was shown below it."""
    return f"<h2>{html.escape(title)}</h2>" + "".join(f"<div>{piece}</div>" for piece in pieces)


def violations_in_themes(page, content: str) -> list[str]:
    """What axe-core finds wrong on a page of `page_of`: in light, and what dark adds to it."""
    found = violations(page, content)
    wear(page, "dark")
    return found + violations(page, rules=THEMED)


def violations_in_schemes(page, within: str | None = None) -> list[str]:
    """The same for a page that has its own colours and goes by what the system prefers."""
    page.emulate_media(color_scheme="light")
    found = violations(page, within=within)
    page.emulate_media(color_scheme="dark")
    found += violations(page, within=within, rules=THEMED)
    page.emulate_media(color_scheme="light")
    return found


def violations(
    page, content: str | None = None, within: str | None = None, rules: Sequence[str] = ()
) -> list[str]:
    """What axe-core finds wrong, a line for each rule and place; `content` is loaded first.

    Parameters
    ----------
    page
        A page of the browser.
    content : str, optional
        HTML to load; else what the page shows.
    within : str, optional
        A CSS selector: only these elements are judged.
    rules : sequence of str, optional
        Names of axe-core's rules; else all that it applies by itself.
    """
    if content is not None:
        page.set_content(content)
        page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true; })")
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe_script())
    context = json.dumps({"include": [within]}) if within else "document"
    options: dict = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": list(rules)}
    found = page.evaluate(f"async () => await axe.run({context}, {json.dumps(options)})")
    assert found["passes"], "axe-core judged nothing"
    return [
        f"{rule['id']}: {node['html'][:200]} ({' '.join(node['failureSummary'].split())[:300]})"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
