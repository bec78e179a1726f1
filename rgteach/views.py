"""Small text and HTML views of results, readable in dark and light notebooks.

Colours of text and lines are inherited from the notebook's theme; pictures carry their own.  A picture is a
PNG inside an `<img alt=…>`, so that its description survives in the saved notebook.
"""

from __future__ import annotations

import base64
import html
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from rgteach.wording import tag

PICTURE_PX = 256  # longer side on the screen
# Nine points of the viridis map (S. van der Walt and N. Smith, CC0)
VIRIDIS = np.array(
    [
        (68, 1, 84), (72, 40, 120), (62, 74, 137), (49, 104, 142), (38, 130, 142),
        (31, 158, 137), (53, 183, 121), (109, 205, 89), (253, 231, 37),
    ],
    float,
)  # fmt: skip
OUTSIDE = (128, 128, 128)
_LINE = (
    "border-bottom:1px solid rgba(128,128,128,.35);padding:2px 10px 2px 0;"
    "text-align:left;font-variant-numeric:tabular-nums"
)


def text_card(title: str, facts: Mapping[str, str]) -> str:
    """A title and its facts, aligned, for a terminal."""
    wide = max(map(_columns, facts), default=0)
    lines = [f"  {name}{' ' * (wide - _columns(name))}  {fact}" for name, fact in facts.items()]
    return "\n".join([title, *lines])


def card(title: str, facts: Mapping[str, str], *pictures: str, below: str = "") -> str:
    """A title, facts and pictures side by side, and what comes below them."""
    rows = "".join(
        f'<tr><th scope="row" style="{_LINE};font-weight:normal;opacity:.75">{html.escape(name)}</th>'
        f'<td style="{_LINE}">{html.escape(fact)}</td></tr>'
        for name, fact in facts.items()
    )
    listed = f'<table style="border-collapse:collapse">{rows}</table>' if rows else ""
    return (
        f'<div lang="{tag()}" style="color:inherit"><b>{html.escape(title)}</b>'
        '<div style="display:flex;flex-wrap:wrap;gap:16px;align-items:flex-start;margin-top:4px">'
        f"{''.join(pictures)}{listed}</div>{below}</div>"
    )


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A plain HTML table."""
    head = "".join(f'<th scope="col" style="{_LINE}">{html.escape(name)}</th>' for name in header)
    body = "".join(f"<tr>{''.join(_cells(row))}</tr>" for row in rows)
    return (
        f'<table lang="{tag()}" style="border-collapse:collapse"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def _cells(row: Sequence[str]) -> Iterable[str]:
    """The cells of a row; the first one names it."""
    name, *values = row
    yield f'<th scope="row" style="{_LINE};font-weight:normal">{html.escape(name)}</th>'
    yield from (f'<td style="{_LINE}">{html.escape(value)}</td>' for value in values)


def text_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The same for a terminal: columns aligned, Chinese characters two places wide."""
    lines = [list(header), *map(list, rows)]
    wide = [max(_columns(line[k]) for line in lines) for k in range(len(header))]
    padded = (
        [cell + " " * (width - _columns(cell)) for cell, width in zip(line, wide, strict=True)]
        for line in lines
    )
    return "\n".join("  " + "  ".join(cells).rstrip() for cells in padded)


def gray_picture(image: np.ndarray, mask: np.ndarray, alt: str, aspect: float = 1.0) -> str:
    """One slice in gray, darker outside the mask; aspect is the height of a pixel over its width."""
    image = np.asarray(image, float)
    inside = image[mask]
    low, high = (inside.min(), inside.max()) if inside.size else (0.0, 1.0)
    gray = np.clip((np.nan_to_num(image) - low) / (high - low or 1), 0, 1)
    gray = np.where(mask, 0.25 + 0.75 * gray, 0.25 * gray)
    return picture(np.repeat((gray * 255).astype(np.uint8)[..., None], 3, axis=2), alt, aspect)


def map_picture(levels: np.ndarray, n_levels: int, alt: str, aspect: float = 1.0) -> str:
    """One slice of gray levels in viridis, neutral gray where the level is 0."""
    shares = (np.asarray(levels, float) - 1) / max(n_levels - 1, 1)
    colours = viridis(shares)
    colours[np.asarray(levels) == 0] = OUTSIDE
    return picture(colours, alt, aspect)


def matrix_picture(matrix: np.ndarray, alt: str, caption: str) -> str:
    """A matrix of shares as a heat map; the square root keeps small cells visible."""
    top = matrix.max()
    image = picture(viridis(np.sqrt(matrix / top if top else matrix)), alt)
    small = f"max-width:{PICTURE_PX}px;font-size:smaller;opacity:.75"
    return f'<div>{image}<div style="{small}">{html.escape(caption)}</div></div>'


def viridis(shares: np.ndarray) -> np.ndarray:
    """Colours (…, 3) of numbers between 0 and 1."""
    places = np.linspace(0, 1, len(VIRIDIS))
    return np.stack([np.interp(shares, places, band) for band in VIRIDIS.T], axis=-1).astype(np.uint8)


def picture(rgb: np.ndarray, alt: str, aspect: float = 1.0) -> str:
    """An `<img>` of an array (rows, columns, 3), with sharp pixels `aspect` times as high as wide."""
    height, width = rgb.shape[0] * aspect, rgb.shape[1]
    scale = PICTURE_PX / max(height, width)
    data = base64.b64encode(png(rgb)).decode()
    return (
        f'<img alt="{html.escape(alt, quote=True)}" src="data:image/png;base64,{data}" '
        f'width="{max(1, round(width * scale))}" height="{max(1, round(height * scale))}" '
        'style="image-rendering:pixelated">'
    )


def png(rgb: np.ndarray) -> bytes:
    """The bytes of a PNG file for an array (rows, columns, 3) of uint8."""
    height, width = rgb.shape[:2]
    rows = b"".join(b"\0" + row.tobytes() for row in np.ascontiguousarray(rgb, np.uint8))
    header = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_png_chunk(*part) for part in parts)


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _columns(text: str) -> int:
    """Width in a terminal: a Chinese character takes two columns."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)
