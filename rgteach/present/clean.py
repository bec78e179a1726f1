"""HTML from a notebook, made harmless: nothing that runs, and nothing that a browser would fetch.

What stays is text and its order, tables, folded answers, links, pictures that are in the file itself, and of
the styles those that place and colour.  nh3 (ammonia, by html5ever) does the parsing, as a browser does it.
"""

from __future__ import annotations

import re

TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "col", "colgroup", "dd", "del",
    "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5",
    "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "picture", "pre", "q", "s", "samp",
    "section", "small", "source", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "u", "ul", "var", "wbr",
}  # fmt: skip
GONE = {
    "script",
    "style",
    "template",
    "iframe",
    "object",
    "embed",
    "svg",
    "math",
    "noscript",
    "title",
    "textarea",
}
ATTRIBUTES = {
    "*": {"lang", "dir", "style", "class", "role", "aria-hidden", "aria-label", "data-theme"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "details": {"open"},
    "img": {"src", "alt", "width", "height", "title"},
    "source": {"srcset", "media", "type"},
    "ol": {"start", "reversed"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "col": {"span"},
    **{f"h{level}": {"id"} for level in range(1, 7)},
}
PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]*")
ROLES = {"group", "img", "list", "listitem", "note", "presentation", "region", "status", "table"}
_CLASS = re.compile(r"(rgteach|handout|language)-[\w-]*")
_STYLES = {
    "align-items", "background", "background-color", "border", "border-bottom", "border-collapse",
    "border-color", "border-left", "border-radius", "border-right", "border-spacing", "border-top",
    "color", "color-scheme", "column-gap", "display", "flex", "flex-wrap", "font-family", "font-size",
    "font-style", "font-variant-numeric", "font-weight", "gap", "grid-template-columns", "height",
    "image-rendering", "justify-content", "line-height", "margin", "margin-bottom", "margin-left",
    "margin-right", "margin-top", "max-width", "min-width", "opacity", "overflow-wrap", "overflow-x",
    "padding", "padding-bottom", "padding-left", "padding-right", "padding-top", "text-align",
    "text-decoration", "vertical-align", "white-space", "width",
}  # fmt: skip
# words, numbers, colours and the functions of colours and sizes; so no address, no escape, no other function
_VALUE = re.compile(r"(?:(?:rgba?|hsla?|calc|min|max|clamp|var|repeat|minmax)\(|[\w\s#.,%/'\"()+*-])*")
_FUNCTION = re.compile(r"([\w-]+)\s*\(")
_KNOWN = {"rgb", "rgba", "hsl", "hsla", "calc", "min", "max", "clamp", "var", "repeat", "minmax"}


def clean(code: str) -> str:
    """HTML without what could run or load; formulas (MathML) are put in later and not kept here."""
    import nh3

    return nh3.clean(
        code,
        tags=TAGS,
        clean_content_tags=GONE,
        attributes=ATTRIBUTES,
        attribute_filter=_kept,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel="noopener noreferrer",
    )


def _kept(tag: str, name: str, value: str) -> str | None:
    """The value of an attribute, or None to drop it."""
    if name == "style":
        return styles(value) or None
    if name in ("src", "srcset"):
        return value if PICTURE.fullmatch(value) else None
    if name == "href":
        return None if value.strip().lower().startswith("data:") else value
    if name == "id":
        return value if re.fullmatch(r"s-\d+", value) else None
    if name == "class":
        return " ".join(one for one in value.split() if _CLASS.fullmatch(one)) or None
    if name == "role":
        return value if value in ROLES else None
    return value


def styles(value: str) -> str:
    """The declarations of a `style` that only place and colour."""
    return ";".join(part.strip() for part in value.split(";") if _is_harmless(part))


def _is_harmless(declaration: str) -> bool:
    name, _, value = declaration.partition(":")
    functions = {found.lower() for found in _FUNCTION.findall(value)}
    return name.strip().lower() in _STYLES and bool(_VALUE.fullmatch(value)) and functions <= _KNOWN
