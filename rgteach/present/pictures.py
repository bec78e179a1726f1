"""Pictures of a lesson as addresses that need no other file."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from rgteach.course.opening import Refused, contents

KINDS = {
    ".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".gif": "gif", ".webp": "webp", ".svg": "svg+xml",
}  # fmt: skip
MOST_BYTES = 8 * 1024 * 1024
_SIGNS = {"png": b"\x89PNG", "jpeg": b"\xff\xd8", "gif": b"GIF8", "webp": b"RIFF"}


def attached(attachments: object, folder: Path | None = None) -> Callable[[str], str]:
    """A function that gives a picture's `data:` address from its address in the text, "" where there is none.

    Parameters
    ----------
    attachments : dict
        The pictures that the cell holds itself, as the format keeps them.
    folder : Path, optional
        Pictures that lie in this folder, or below it, are taken in too; nothing outside it.
    """

    def found(address: str) -> str:
        if address.startswith("data:"):
            return address
        if address.startswith("attachment:"):
            held = attachments.get(unquote(address[11:])) if isinstance(attachments, dict) else None
            return _held(held)
        return _beside(address, folder) if folder else ""

    return found


def _held(bundle: object) -> str:
    for kind in dict.fromkeys(KINDS.values()):
        code = bundle.get(f"image/{kind}") if isinstance(bundle, dict) else None
        if isinstance(code, list):
            code = "".join(part for part in code if isinstance(part, str))
        if isinstance(code, str) and _is_base64(code):
            return f"data:image/{kind};base64,{''.join(code.split())}"
    return ""


def _is_base64(code: str) -> bool:
    try:
        return bool(base64.b64decode("".join(code.split()), validate=True))
    except (binascii.Error, ValueError):
        return False


def _beside(address: str, folder: Path) -> str:
    parts = urlsplit(address)
    kind = KINDS.get(Path(parts.path).suffix.lower())
    if parts.scheme or parts.netloc or kind is None:
        return ""
    try:
        path = (folder / unquote(parts.path)).resolve()
        if folder.resolve() not in path.parents:
            return ""
        return inlined(contents(path, MOST_BYTES), kind)
    except (OSError, ValueError, RuntimeError, Refused):
        return ""


def inlined(raw: bytes, kind: str) -> str:
    """A picture as an address; "" if it is not what its name says."""
    if not raw.startswith(_SIGNS.get(kind, b"")):
        return ""
    return f"data:image/{kind};base64,{base64.b64encode(raw).decode('ascii')}"
