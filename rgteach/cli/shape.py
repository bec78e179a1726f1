"""How typer's commands look and fail here: help in the reader's language, errors as sentences."""

from __future__ import annotations

import difflib
import os
import re
import sys

import typer
from typer.core import TyperCommand, TyperGroup

from rgteach import wording
from rgteach.cli import screen
from rgteach.cli.helppage import render
from rgteach.cli.plain import lighten
from rgteach.cli.screen import WrongUsage
from rgteach.errors import LearnerError
from rgteach.wording import say

HELP = {"help_option_names": ["--help", "-h"]}
# Errors of the input's form rather than of its content: exit code 2.
USAGE_KEYS = {
    "unknown-option", "unknown-setting", "both-bins", "bad-bin-count", "bad-bin-width", "bad-distance",
    "table-unknown-format", "page-not-found", "report-not-html", "out-of-range",
}  # fmt: skip


def option(*names: str, key: str, metavar: str):
    """An option with a value; its help is the sentence `key`."""
    return typer.Option(*names, metavar=metavar, help=say(key))


def flag(*names: str, key: str):
    """An option that is there or not."""
    return typer.Option(*names, help=say(key))


def argument(metavar: str, key: str):
    """An argument whose help is the sentence `key`."""
    return typer.Argument(metavar=metavar, help=say(key))


class _Shown:
    """What commands and the group of commands share: a page of help in our words, and plain words."""

    def parse_args(self, ctx, args):
        """Take the words apart."""
        lighten(self.get_params(ctx))
        return super().parse_args(ctx, args)

    def format_help(self, ctx, formatter):
        """Write the page of help."""
        formatter.write(render(self, ctx))

    def get_help_option(self, ctx):
        """The option --help, with our words."""
        shown = super().get_help_option(ctx)
        if shown is not None:
            shown.help = say("cli-option-help")
        return shown


class Command(_Shown, TyperCommand):
    """One command."""


class Group(_Shown, TyperGroup):
    """All commands: runs one and turns what goes wrong into sentences and an exit code."""

    def main(self, args=None, prog_name="rgteach", standalone_mode=True, **more) -> int:
        """Run, and leave with the exit code where this is the whole program."""
        code = self._run(args, prog_name or "rgteach", more)
        if standalone_mode and code:
            sys.exit(code)
        return code

    def _run(self, args, prog_name: str, more: dict) -> int:
        try:
            code = super().main(args=args, prog_name=prog_name, standalone_mode=False, **more)
            return code if isinstance(code, int) else 0
        except LearnerError as error:
            screen.complain(error)
            return 2 if isinstance(error, WrongUsage) or error.key in USAGE_KEYS else 1
        except (KeyboardInterrupt, typer.Abort):
            screen.aside(say("cli-interrupted"), "bold red")
            return 130
        except BrokenPipeError:  # the reader of a pipe has gone: nobody is left to be told
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        except Exception as error:
            return self._other(
                error, " ".join([prog_name, *[w for w in args or [] if w in self.commands][:1]])
            )

    def _other(self, error: Exception, called: str) -> int:
        """Typer's own errors, whose classes have moved between its versions, and what nobody thought of."""
        if not hasattr(error, "format_message"):
            screen.unexpected(error)
            return 1
        if type(error).__name__ == "NoArgsIsHelpError":
            screen.tell(error.format_message().rstrip())
            return 2
        screen.complain(_as_sentence(error, called))
        return 2

    def resolve_command(self, ctx, args):
        """Find a command by its name, or name the nearest."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            raise _unknown("cli-no-such-command", args[0], list(self.commands))
        return super().resolve_command(ctx, args)


def _as_sentence(error, command: str) -> WrongUsage:
    """One of typer's errors about usage in three sentences."""
    context = getattr(error, "ctx", None)
    known = [name for p in (context.command.params if context else ()) for name in p.opts if name[0] == "-"]
    name = getattr(error, "option_name", None)
    if type(error).__name__ == "NoSuchOption":
        return _unknown("cli-no-such-option", name, known, command=command)
    if type(error).__name__ == "BadOptionUsage":
        return WrongUsage("cli-option-needs-value", option=name, command=command)
    extra = re.search(r"extra argument\(?s?\)? \((.*)\)", error.format_message())
    if extra:
        return WrongUsage("cli-too-many", extra=extra[1], command=command)
    return WrongUsage("cli-wrong-usage", detail=error.format_message(), command=command)


def _unknown(key: str, given: str, known: list[str], **more: str) -> WrongUsage:
    near = difflib.get_close_matches(given, known, n=1, cutoff=0)
    return WrongUsage(key, given=given, nearest=near[0] if near else "--help", known=", ".join(known), **more)


def one_of(name: str, given: str, known: tuple[str, ...]) -> str:
    """A value that must be one of a few; otherwise the nearest is named, if any is near."""
    if given not in known and not difflib.get_close_matches(given, known):
        raise WrongUsage("cli-not-among", option=name, given=given, known=", ".join(known), first=known[0])
    if given not in known:
        raise _unknown("cli-unknown-value", given, list(known), option=name)
    return given


def whole(name: str, given: str | None) -> int | None:
    """A whole number, or None where the option was not given; a spreadsheet writes 1.0 for 1."""
    if given is None:
        return None
    if not re.fullmatch(r"\s*[+-]?\d+(\.0*)?\s*", given):
        raise WrongUsage("cli-not-whole", option=name, given=given)
    return int(float(given))


def number(name: str, given: str | None) -> float | None:
    """A number, or None where the option was not given."""
    try:
        return None if given is None else float(given)
    except ValueError:
        raise WrongUsage("cli-not-number", option=name, given=given) from None


def command(app: typer.Typer, name: str, group: str = ""):
    """A command `name`, perhaps of a group, with its sentences `cli-[group-]name` (help) and `…-example`."""
    key = f"cli-{group}-{name}" if group else f"cli-{name}"
    return app.command(
        name,
        cls=Command,
        help=say(key),
        epilog=say(f"{key}-example"),
        context_settings=HELP,
    )


def chosen(lang: str | None) -> str:
    """The language asked for, else the one in force."""
    return one_of("--lang", lang, wording.LANGUAGES) if lang else wording.language()
