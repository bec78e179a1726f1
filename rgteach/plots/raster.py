"""Pixels as few bytes: one picture for a light page and a dark one.

The dark picture differs from the light one by a step that is the same in red, green and blue (`theme.py`),
so it is kept as a fourth channel, where other pictures keep how far one sees through them.  An SVG around it
adds that channel to the others where the page is dark.  Both pictures so take less room than one of them as a
PNG, and one `<img>` with one description shows either: the browser asks the page, nothing is to be switched.
"""

from __future__ import annotations

import base64
import io
from functools import cache

import numpy as np
from PIL import Image, features

COLOURS_KEPT = 192  # of the palette of a saved picture
_SAME, _STEP = 192, 238 / 60  # the fourth channel: what means "no step", and what one unit is worth
_UNITS = np.clip(np.rint(np.arange(-255, 256) / _STEP) + _SAME, 0, 255).astype(np.uint8)


def join(light: np.ndarray, dark: np.ndarray) -> np.ndarray:
    """Both pictures in four channels.

    Parameters
    ----------
    light, dark : array of uint8, shape (rows, columns, 3)

    Returns
    -------
    array of uint8, shape (rows, columns, 4)
        The light picture, and 192 plus the step to the dark one in units of 238/60.
    """
    red, green, blue = (dark[..., k].astype(np.int16) - light[..., k] for k in range(3))
    high, low = np.maximum(np.maximum(red, green), blue), np.minimum(np.minimum(red, green), blue)
    largest = np.where(high > -low, high, low)
    joined = np.empty((*light.shape[:2], 4), np.uint8)
    joined[..., :3], joined[..., 3] = light, _UNITS[largest + 255]
    return joined


def part(joined: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The light and the dark picture of four channels, as a browser shows them."""
    light = joined[..., :3]
    dark = np.rint(light + (joined[..., 3:].astype(float) - _SAME) * _STEP)
    return light, np.clip(dark, 0, 255).astype(np.uint8)


def few_colours(pixels: np.ndarray, most: int = COLOURS_KEPT) -> tuple[np.ndarray, np.ndarray]:
    """The colours of a picture and the number of each pixel's; of too many, like ones are joined.

    Parameters
    ----------
    pixels : array of uint8, shape (rows, columns, 4)
    most : int
        At most this many colours, 256 or fewer.

    Returns
    -------
    colours : array of uint8, shape (n, 4)
    numbers : array of uint8, shape (rows, columns)
    """
    packed = np.ascontiguousarray(pixels).view(np.uint32)[..., 0]
    found, numbers, counts = np.unique(packed.ravel(), return_inverse=True, return_counts=True)
    colours = found.view(np.uint8).reshape(-1, 4)
    boxes = _boxes(colours, counts, most)
    place = np.empty(len(found), np.uint8)
    for k, box in enumerate(boxes):
        place[box] = k
    means = [np.average(colours[box], axis=0, weights=counts[box]) for box in boxes]
    return np.rint(means).astype(np.uint8), place[numbers].reshape(packed.shape)


def _boxes(colours: np.ndarray, counts: np.ndarray, most: int) -> list[np.ndarray]:
    """Split the colours, always where they differ most, until there are enough boxes."""
    if len(colours) <= most:
        return [np.array([k]) for k in range(len(colours))]
    scaled, weight = colours * np.array([1, 1, 1, 0.7 * _STEP]), np.sqrt(counts)
    boxes = [np.arange(len(colours))]
    spreads = [_spread(scaled, weight, boxes[0])]
    while len(boxes) < most:
        k = int(np.argmax([spread.max() for spread in spreads]))
        channel = int(spreads[k].argmax())
        box = boxes[k][np.argsort(scaled[boxes[k], channel], kind="stable")]
        cut = _cut(scaled[box, channel], weight[box])
        boxes[k : k + 1] = [box[:cut], box[cut:]]
        spreads[k : k + 1] = [_spread(scaled, weight, box[:cut]), _spread(scaled, weight, box[cut:])]
    return boxes


def _spread(scaled: np.ndarray, weight: np.ndarray, box: np.ndarray) -> np.ndarray:
    """How far the colours of a box lie apart, channel by channel: a weighted sum of squares."""
    mine, heavy = scaled[box], weight[box, None]
    middle = (mine * heavy).sum(axis=0) / heavy.sum()
    return (heavy * (mine - middle) ** 2).sum(axis=0)


def _cut(values: np.ndarray, weight: np.ndarray) -> int:
    """Where to cut sorted values in two, so that what is left of their spread is least."""
    upto, heavy = np.cumsum(values * weight), np.cumsum(weight)
    left = upto[:-1] ** 2 / heavy[:-1] + (upto[-1] - upto[:-1]) ** 2 / (heavy[-1] - heavy[:-1])
    return int(left.argmax()) + 1


def encode(pixels: np.ndarray, *, quick: bool = False) -> tuple[str, bytes]:
    """The kind and the bytes of a picture (rows, columns, 3 or 4), without loss but for joined colours.

    `quick` keeps every colour and takes a tenth of the time, for a picture that will be replaced.
    """
    if not quick:
        if pixels.shape[2] == 3:
            pixels = np.dstack([pixels, np.full(pixels.shape[:2], 255, np.uint8)])
        colours, numbers = few_colours(pixels)
        return _encoded(Image.fromarray(colours[numbers]), method=4, quality=80) or _png(colours, numbers)
    image = Image.fromarray(pixels)
    return _encoded(image, method=0, quality=0) or ("png", _saved(image, "PNG", compress_level=1))


def _encoded(image: Image.Image, **how: int) -> tuple[str, bytes] | None:
    if not _has_webp():
        return None
    return "webp", _saved(image, "WEBP", lossless=True, exact=True, **how)


def _png(colours: np.ndarray, numbers: np.ndarray) -> tuple[str, bytes]:
    image = Image.fromarray(numbers)
    image.putpalette(colours[:, :3].tobytes())
    return "png", _saved(image, "PNG", optimize=True, transparency=colours[:, 3].tobytes())


def _saved(image: Image.Image, kind: str, **how: object) -> bytes:
    out = io.BytesIO()
    image.save(out, format=kind, **how)
    return out.getvalue()


@cache
def _has_webp() -> bool:
    """Some builds of Pillow come without WebP."""
    return bool(features.check("webp"))


def address(kind: str, data: bytes) -> str:
    """A picture as the address of an `<img>`."""
    return f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}"


def themed_address(kind: str, data: bytes, width: int, height: int) -> str:
    """Four channels as the address of an `<img>` that is light or dark, as the page around it."""
    size = f"width='{width}' height='{height}'"
    whole = "x='0' y='0' width='1' height='1' color-interpolation-filters='sRGB'"
    text = (
        f"<svg xmlns='http://www.w3.org/2000/svg' {size} viewBox='0 0 {width} {height}'><style>"
        "image{filter:url(#light)}@media (prefers-color-scheme:dark){image{filter:url(#dark)}}</style>"
        f"<filter id='light' {whole}><feColorMatrix values='{_matrix(0.0)}'/></filter>"
        f"<filter id='dark' {whole}><feColorMatrix values='{_matrix(_STEP)}'/></filter>"
        f"<image {size} href='{address(kind, data)}'/></svg>"
    )
    return address("svg+xml", text.encode("ascii"))


def _matrix(step: float) -> str:
    """Red, green and blue with so many times the fourth channel added, and nothing to see through."""
    rows = np.zeros((4, 5))
    rows[:3, :3], rows[:3, 3], rows[:3, 4], rows[3, 4] = np.eye(3), step, -step * _SAME / 255, 1
    return " ".join(f"{value:.6g}" for value in rows.ravel())
