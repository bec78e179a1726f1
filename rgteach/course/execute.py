"""Run a notebook in a fresh folder, and keep of its outputs what is the same on every machine."""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from rgteach.course.model import PageError
from rgteach.course.places import STATE

TIMEOUT = 300  # seconds a cell; nbclient's own default waits for ever
_WIDGET = "application/vnd.jupyter.widget-view+json"
_MARK = "rgteach-numbers:"
_NUMBERS = """
import json as _json
_found = {}
for _expression in %r:
    try:
        _found[_expression] = [True, eval('f\"\"\"{' + _expression + '}\"\"\"')]
    except Exception as _error:
        _found[_expression] = [False, f"{type(_error).__name__}: {_error}"]
print(%r + _json.dumps(_found))
"""


def execute(
    data: dict,
    *,
    lang: str,
    page: str,
    numbers: Mapping[str, int] | None = None,
    keys: Mapping[str, str] | None = None,
) -> tuple[dict, dict[str, str]]:
    """Run all cells of a notebook.

    Parameters
    ----------
    data : dict
        The notebook, as `notebooks.notebook` gives it.
    lang : "en" or "zh"
        What RGTEACH_LANG says in the kernel.
    page : str
        What to call the page in an error.
    numbers : mapping
        Expressions to evaluate when all has run, each with its line on the page.
    keys : mapping
        Names and texts of the public keys that `rg.check` finds there.

    Returns
    -------
    data : dict
        The notebook with outputs.
    found : dict
        The text of each expression.
    """
    import nbformat

    numbers = numbers or {}
    asking = _NUMBERS % (list(numbers), _MARK)
    notebook = nbformat.from_dict(data)
    notebook.cells.append(nbformat.v4.new_code_cell(asking, id="rgteach-numbers"))
    with tempfile.TemporaryDirectory(prefix="rgteach-") as folder:
        _lay_keys(Path(folder), keys or {})
        _run(notebook, Path(folder), lang, page)
        told = "".join(o.get("text", "") for o in notebook.cells.pop().outputs)
        clean = json.loads(json.dumps(notebook))
        for cell in clean["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"] = list(_outputs(cell["outputs"], Path(folder)))
    clean["metadata"] = data["metadata"]
    return clean, _read_numbers(told, numbers, page)


def _lay_keys(folder: Path, keys: Mapping[str, str]) -> None:
    (folder / STATE / "keys").mkdir(parents=True)
    for name, text in keys.items():
        (folder / STATE / "keys" / f"{name}.json").write_text(text, encoding="utf-8")


def _run(notebook, folder: Path, lang: str, page: str) -> None:
    from nbclient import NotebookClient
    from nbclient.exceptions import CellControlSignal, DeadKernelError

    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name="python3",
        record_timing=False,
        store_widget_state=False,
        extra_arguments=["--log-level=ERROR"],  # a kernel's own remarks are not the author's concern
        resources={"metadata": {"path": str(folder)}},
    )
    here = str(Path(__file__).parents[2])
    env = os.environ | {
        "RGTEACH_LANG": lang,
        "PYTHONPATH": os.pathsep.join([here, os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep),
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }
    try:
        client.execute(env=env)
    except (CellControlSignal, DeadKernelError) as error:
        raise PageError("page-notebook-run", page=page, reason=_plain_text(str(error)).strip()) from None


def _read_numbers(told: str, numbers: Mapping[str, int], page: str) -> dict[str, str]:
    found = json.loads(told.split(_MARK, 1)[1])
    for expression, (fine, text) in found.items():
        if not fine:
            raise PageError(
                "page-number", page=page, line=numbers[expression], expression=expression, reason=text
            )
    return {expression: text for expression, (_, text) in found.items()}


def _outputs(outputs: Iterable[dict], folder: Path):
    """Outputs without widgets (they need their kernel), with the printing of a cell in one piece."""
    last = None
    for output in outputs:
        if _WIDGET in output.get("data", {}):
            continue
        output = _cleaned(output, folder)
        if last and output["output_type"] == "stream" and last.get("name") == output["name"]:
            last["text"] += output["text"]
            continue
        if last:
            yield last
        last = output
    if last:
        yield last


def _cleaned(output: dict, folder: Path) -> dict:
    output = dict(output)
    if "text" in output:
        output["text"] = anonymous(output["text"], folder)
    if "traceback" in output:
        output["traceback"] = [anonymous(line, folder) for line in output["traceback"]]
    if "data" in output:
        output["data"] = {
            kind: anonymous(value, folder) if isinstance(value, str) and kind.startswith("text/") else value
            for kind, value in output["data"].items()
        }
    return output


def anonymous(text: str, folder: Path) -> str:
    """Text without what names this machine: folders, a user's home, addresses in memory, process numbers."""
    places = {
        str(folder): ".",
        str(Path(__file__).parents[2]): ".",
        os.path.realpath(sys.prefix): "<python>",
        sys.prefix: "<python>",
        sys.base_prefix: "<python>",
        str(Path.home()): "~",
    }
    if "ipykernel_" in text:  # over the letters of a picture this search takes seconds
        text = re.sub(r"[^\s\"'(]*ipykernel_\d+[/\\]\d+\.py", "<cell>", text)
    for place, name in places.items():
        if len(place) > 3:
            text = text.replace(place, name)
    return re.sub(r"\b0x[0-9a-f]{6,}\b", "0x…", text)


def _plain_text(text: str) -> str:
    """Without the colour codes of a terminal, and only the end of it."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)[-1500:]
