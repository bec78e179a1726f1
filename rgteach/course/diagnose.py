"""What can be told from the outputs alone, when no named mistake explains them."""

from __future__ import annotations


def diagnose(key, calls, failed):
    """The message, its values and the case that shows it."""
    first = failed[0]
    call = calls[first]
    if call.kind == "error":
        return "diag-error", {"type": call.trouble.type, "message": call.trouble.message}, first
    if call.kind == "value" and call.value is None:
        return ("diag-printed" if call.printed else "diag-none"), {}, first
    if call.kind == "odd":
        return "diag-type", {"given": call.odd[1]}, first
    return "diag-different", {}, first
