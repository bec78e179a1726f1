"""In the kernel of a presented notebook: displays that may change later say their name.

Voilà shows each output once and forgets it; a demo replaces its picture under the name of the display.  The
name is kept with the output, and the page's script finds the place by it.
"""

from __future__ import annotations

NAME = "rgteach_display"


def name_displays() -> None:
    """Write the name of each display into its metadata, as long as this kernel lives."""
    from IPython import get_ipython

    shell = get_ipython()
    if hasattr(shell, "display_pub") and hasattr(shell.display_pub, "register_hook"):
        shell.display_pub.register_hook(_with_name)


def _with_name(message: dict) -> dict:
    content = message.get("content", {})
    name = content.get("transient", {}).get("display_id")
    if name and message.get("msg_type") == "display_data":
        content["metadata"] = {**content.get("metadata", {}), NAME: str(name)}
    return message
