"""What `rgteach doctor` and `rgteach build` show."""

from __future__ import annotations

from pathlib import Path

from rgteach.cli import screen
from rgteach.errors import LearnerError
from rgteach.wording import say

STYLE = {"ok": "green", "note": "yellow", "problem": "bold red"}


def show_doctor(warm: bool) -> int:
    """Every finding in a line, fixes as commands below; exit code 1 if there is a problem."""
    from rich.table import Table

    from rgteach.doctor import examine
    from rgteach.doctor.warming import warm_up

    if warm:
        with screen.console(stderr=True).status(say("doctor-warming")):
            seconds = warm_up()
        screen.tell(say("doctor-warmed", seconds=seconds), "green")
    findings = examine()
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for finding in findings:
        table.add_row(f"[{STYLE[finding.state]}]{say(f'doctor-{finding.state}')}[/]", finding.told)
    screen.console().print(table, highlight=False)
    for state, heading in (("problem", "doctor-fixes"), ("note", "doctor-may-fix")):
        _show_fixes(say(heading), [f.fix for f in findings if f.fix and f.state == state], STYLE[state])
    n_problems = sum(finding.state == "problem" for finding in findings)
    screen.tell()
    if n_problems:
        screen.tell(say("doctor-sum-problems", n=n_problems), "bold red")
        return 1
    screen.tell(say("doctor-sum-ok"), "green")
    return 0


def _show_fixes(heading: str, fixes: list[str], style: str) -> None:
    if fixes:
        screen.tell(f"\n{heading}")
    for fix in fixes:
        screen.tell(f"  {fix}", style)


def show_build(root: Path, labs: list[str] | None, *, check: bool, fresh: bool) -> int:
    """Build or compare, and say what was written, what differs and which page does not hold."""
    from rgteach.course.build import build, pages

    if not pages(root):
        raise LearnerError("cli-no-course", root=root.resolve())
    show = screen.console(stderr=True)
    with show.status("") as status:

        def progress(text: str) -> None:
            if show.is_terminal:
                status.update(text)
            else:
                screen.aside(text, "dim")

        report = build(root, check=check, labs=labs, fresh=fresh, progress=progress)
    for path in report.written:
        screen.tell(say("cli-build-written", path=path), "green")
    for told in report.differences:
        screen.tell(told, "yellow")
    for problem in report.problems:
        screen.complain(problem)
    if report.ok:
        n = len(report.written), len(report.unchanged)
        done = "cli-build-same" if check else "cli-build-done"
        screen.tell(say(done, written=n[0], unchanged=n[1]), "green")
        return 0
    n = len(report.differences), len(report.problems)
    screen.tell(say("cli-build-not-ok", differences=n[0], problems=n[1]), "bold red")
    return 1
