"""The page that --help shows, in the reader's language and the same with every version of typer."""

from __future__ import annotations

import io
import sys

from rgteach.wording import say

WIDEST = 100


def render(command, ctx) -> str:
    """The help of a command as text, with colours where a terminal shows it."""
    from rich.console import Console

    page = Console(
        file=io.StringIO(), force_terminal=sys.stdout.isatty(), highlight=False, legacy_windows=False
    )
    page.width = min(page.width, WIDEST)
    page.print(f"[bold]{say('cli-usage')}[/]", end="")
    page.print(" ".join(["", ctx.command_path, *_usage(command, ctx)]), markup=False)
    page.print(f"\n{command.help}\n")
    for title, rows in _parts(command, ctx):
        if rows:
            page.print(f"[bold]{title}[/]")
            page.print(_table(rows), "")
    page.print((command.epilog or "").strip())
    return "\n".join(line.rstrip() for line in page.file.getvalue().rstrip().splitlines()) + "\n"


def _usage(command, ctx) -> list[str]:
    """What may follow the command's name: options, arguments in brackets, a command."""
    words = [say("cli-some-options")]
    words += [f"[{p.metavar or p.name.upper()}]" for p in command.get_params(ctx) if _is_argument(p)]
    return words + ([say("cli-subcommand")] if hasattr(command, "commands") else [])


def _parts(command, ctx):
    """(title, rows) of the arguments, the options and the commands."""
    shown = [p for p in command.get_params(ctx) if not getattr(p, "hidden", False)]
    yield say("cli-arguments"), [(p.metavar or p.name.upper(), p.help) for p in shown if _is_argument(p)]
    yield say("cli-options"), [(_names(p), p.help) for p in shown if not _is_argument(p)]
    commands = getattr(command, "commands", {})
    yield say("cli-commands"), [(name, entry.help) for name, entry in commands.items()]


def _is_argument(param) -> bool:
    return param.param_type_name == "argument"


def _names(param) -> str:
    """An option's names, the long one first, and what follows it."""
    names = ", ".join(sorted(param.opts, key=len, reverse=True))
    return f"{names} {param.metavar}" if param.metavar and not param.is_flag else names


def _table(rows: list[tuple[str, str]]):
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 2), pad_edge=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, told in rows:
        table.add_row(Text(name, style="cyan"), Text(told or ""))
    return table
