"""Build a course: from pages to notebooks in both languages and a public key a lab.

    notebooks/NN_topic.md  ->  notebooks/<lang>/NN_topic.ipynb     the lesson, with outputs
    solutions/NN_topic.md  ->  exercises/<lang>/NN_topic.ipynb     what students get, untouched
                               solutions/<lang>/NN_topic.ipynb     solved, with outputs
                               exercises/keys/NN_topic.json        the public key

Outputs are kept where no code of a notebook has changed; `fresh=True` runs everything again.  A comparison
measures the numbers that the text quotes in plain Python, lab by lab on all processors: outputs are never
compared, so no notebook has to run for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from rgteach.course import differ, notebooks, proofs, spoken, workers
from rgteach.course.bench import Bench, is_plain
from rgteach.course.execute import execute as run_notebook
from rgteach.course.model import Page, PageError
from rgteach.course.page import read
from rgteach.wording import LANGUAGES, choose, language, say

FOLDERS = {"lesson": "notebooks", "exercise": "exercises", "solution": "solutions"}


@dataclass
class Report:
    """What a build did: files written and left as they were, differences found, pages that do not hold."""

    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    problems: list[PageError] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing differs and every page holds."""
        return not self.differences and not self.problems


def build(
    root: Path | str,
    *,
    check: bool = False,
    labs: Iterable[str] | None = None,
    execute: bool = True,
    fresh: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Report:
    """Build the notebooks and keys of a course, or compare them with what is there.

    Parameters
    ----------
    root : path
        The folder that holds `notebooks/` and `solutions/`.
    check : bool
        Write nothing: compare sources, metadata and keys (numbers with a tolerance, outputs never).
    labs : list of str, optional
        Only these labs: "02" or "02_glcm".
    execute : bool
        Run lessons and solutions for their outputs and quoted numbers; without, both are left as they are.
    fresh : bool
        Run notebooks again even where no code of theirs has changed.
    progress : function, optional
        Called with a line of text at each step.

    Returns
    -------
    Report
        A page that does not hold is a problem in it; nothing of that page is written.
    """
    job = _Job(Path(root), check, execute, fresh, progress or (lambda text: None), Report())
    found = pages(job.root, labs)
    if check and execute:
        job.lab_by_lab(found)
    else:
        job.pages(found)
    if labs is None:
        job.orphans()
    return job.report


def pages(root: Path | str, labs: Iterable[str] | None = None) -> list[Path]:
    """The pages of a course, or those of some labs."""
    root = Path(root)
    found = sorted(
        [*root.glob("notebooks/[0-9]*.md"), *root.glob("solutions/[0-9]*.md")], key=lambda p: p.stem
    )
    if labs is None:
        return found
    for lab in labs:
        if not any(_is_lab(path, lab) for path in found):
            known = ", ".join(dict.fromkeys(p.stem for p in found)) or "-"
            raise PageError("page-not-found", page=lab, root=root.name, known=known)
    return [path for path in found if any(_is_lab(path, lab) for lab in labs)]


def _is_lab(path: Path, lab: str) -> bool:
    return lab in (path.stem, path.stem.split("_")[0])


@dataclass
class _Job:
    root: Path
    check: bool
    execute: bool
    fresh: bool
    progress: Callable[[str], None]
    report: Report

    def pages(self, paths: Iterable[Path]) -> None:
        for path in paths:
            try:
                self.page(read(path))
            except PageError as error:
                self.report.problems.append(error)

    def lab_by_lab(self, paths: Iterable[Path]) -> None:
        """Compare each lab in a fresh process, as many at once as there are processors."""
        labs: dict[str, list[Path]] = {}
        for path in paths:
            labs.setdefault(path.stem, []).append(path.resolve())
        with workers.pool(len(labs)) as pool:
            asked = [
                pool.submit(compare, str(self.root.resolve()), mine, language()) for mine in labs.values()
            ]
            for name, answer in zip(labs, asked, strict=True):
                differences, problems = answer.result()
                self.progress(say("build-compared", lab=name))
                self.report.differences += differences
                self.report.problems += [PageError(key, **values) for key, values in problems]

    def page(self, page: Page) -> None:
        if page.kind == "lesson":
            for lang, data in self.both(page, "lesson", self.asked(page)).items():
                self.keep(page, "lesson", lang, data)
                self.keep_notes(page, lang, data["metadata"]["rgteach"].get("numbers", {}))
            return
        self.progress(say("build-proving", page=page.path.name))
        problems = proofs.prove(page)
        if problems:
            self.report.problems += problems
            return
        key = Bench(page).text()
        for lang, data in self.both(page, "solution", {page.name: key}).items():
            numbers = data["metadata"]["rgteach"].get("numbers", {})
            asked = {e: numbers[e] for e in notebooks.expressions(page, "exercise") if e in numbers}
            self.keep(page, "solution", lang, data)
            self.keep(page, "exercise", lang, notebooks.notebook(page, "exercise", lang, asked))
        self.keep_key(page, key)

    def asked(self, page: Page) -> dict[str, str]:
        """The key that the checks of a lesson ask, as its exercises are now; most lessons check nothing."""
        exercises = self.root / "solutions" / page.path.name
        checks = any(cell.is_code and "rg.check(" in cell.code for cell in page.cells)
        if self.check or not (self.execute and checks and exercises.is_file()):
            return {}
        return {page.name: Bench(read(exercises)).text()}

    def both(self, page: Page, kind: str, public: dict[str, str]) -> dict[str, dict]:
        """The notebooks of a page in both languages, run side by side."""
        if self.check:
            return self.expected(page, kind, public)
        with ThreadPoolExecutor(len(LANGUAGES)) as pool:
            made = pool.map(lambda lang: self.made(page, kind, lang, public), LANGUAGES)
            return dict(zip(LANGUAGES, made, strict=True))

    def made(self, page: Page, kind: str, lang: str, public: dict[str, str]) -> dict:
        """A notebook with outputs and numbers: those that are there, if they still hold, or new ones."""
        asked = notebooks.expressions(page, kind)
        old = self.there(page, kind, lang)
        known = differ.numbers(old)
        plain = notebooks.notebook(page, kind, lang, {e: known[e] for e in asked if e in known})
        holds = old and differ.was_run(old) and differ.same_code(plain, old) and set(asked) <= set(known)
        if kind == "lesson" and public:  # its cards show what the checks said
            holds = holds and not list(differ.keys(self.old_key(page), public[page.name]))
        if not self.execute or (holds and not self.fresh):
            return differ.with_outputs_of(plain, old)
        ran, numbers = self.run(page, kind, lang, plain, public)
        made = differ.with_outputs_of(notebooks.notebook(page, kind, lang, numbers), ran)
        return differ.with_old_races(made, old)

    def expected(self, page: Page, kind: str, public: dict[str, str]) -> dict[str, dict]:
        """The notebooks as they should be, outputs aside; quoted numbers are measured in one language."""
        new: dict[str, str] = {}
        asked = notebooks.expressions(page, kind)
        if self.execute and is_plain(page):
            new = Bench(page).numbers(asked)
        elif self.execute and asked:
            lang = LANGUAGES[0]
            new = self.run(page, kind, lang, notebooks.notebook(page, kind, lang), public)[1]
        made = {}
        for lang in LANGUAGES:
            known = differ.numbers(self.there(page, kind, lang))
            holds = not self.execute or differ.same_numbers(known, new)  # a last digit is no difference
            numbers = {e: known[e] for e in asked if e in known} if holds else new
            made[lang] = notebooks.notebook(page, kind, lang, numbers)
        return made

    def run(self, page: Page, kind: str, lang: str, data: dict, public: dict[str, str]):
        self.progress(say("build-running", page=f"{FOLDERS[kind]}/{lang}/{page.name}"))
        asked = notebooks.expressions(page, kind)
        return run_notebook(data, lang=lang, page=page.path.name, numbers=asked, keys=public)

    def path(self, page: Page, kind: str, lang: str) -> Path:
        return self.root / FOLDERS[kind] / lang / f"{page.name}.ipynb"

    def there(self, page: Page, kind: str, lang: str) -> dict | None:
        try:
            return differ.read(self.path(page, kind, lang).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def keep(self, page: Page, kind: str, lang: str, data: dict) -> None:
        path = self.path(page, kind, lang)
        if self.check:
            for told in differ.notebooks(self.there(page, kind, lang), data):
                self.report.differences.append(f"{self.short(path)}: {told}")
        else:
            self.write(path, differ.text(data))

    def keep_notes(self, page: Page, lang: str, numbers: Mapping[str, str]) -> None:
        """What the speaker keeps to themselves, beside the lesson."""
        path = self.path(page, "lesson", lang).with_suffix(".notes.json")
        text = spoken.file_text(spoken.notes(page, lang, numbers))
        old = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        if text != old and self.check:
            self.report.differences.append(f"{self.short(path)}: {say('differ-notes')}")
        elif text:
            self.write(path, text)
        elif not self.check:
            path.unlink(missing_ok=True)

    def key_path(self, page: Page) -> Path:
        return self.root / "exercises" / "keys" / f"{page.name}.json"

    def old_key(self, page: Page) -> str | None:
        path = self.key_path(page)
        return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else None

    def keep_key(self, page: Page, text: str) -> None:
        path = self.key_path(page)
        told = list(differ.keys(self.old_key(page), text))
        if self.check:
            self.report.differences += [f"{self.short(path)}: {line}" for line in told]
        elif told or self.fresh:
            self.write(path, text)
        else:  # a last digit of another machine is no reason for a change
            self.report.unchanged.append(self.short(path))

    def write(self, path: Path, text: str) -> None:
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            self.report.unchanged.append(self.short(path))
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        waiting = path.with_name(path.name + ".part")
        waiting.write_text(text, encoding="utf-8", newline="\n")
        waiting.replace(path)
        self.report.written.append(self.short(path))

    def orphans(self) -> None:
        """Built files whose page is gone."""
        stems = {
            folder: {p.stem for p in self.root.glob(f"{folder}/*.md")}
            for folder in ("notebooks", "solutions")
        }
        built = [(p, "notebooks") for p in self.root.glob("notebooks/*/*.ipynb")]
        built += [
            (p.with_suffix(""), "notebooks") for p in self.root.glob("notebooks/*/*.notes.json")
        ]  # two suffixes
        built += [(p, "solutions") for p in self.root.glob("solutions/*/*.ipynb")]
        built += [(p, "solutions") for p in self.root.glob("exercises/*/*.ipynb")]
        built += [(p, "solutions") for p in self.root.glob("exercises/keys/*.json")]
        for path, folder in built:
            if path.stem not in stems[folder] and ".ipynb_checkpoints" not in path.parts:
                self.report.differences.append(f"{self.short(path)}: {say('differ-orphan')}")

    def short(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()


def compare(root: str, paths: list[Path], lang: str) -> tuple[list[str], list[tuple[str, dict]]]:
    """In a process of its own: what differs in some pages, and what does not hold, as plain values."""
    choose(lang)
    job = _Job(Path(root), True, True, False, lambda text: None, Report())
    with workers.fresh_folder():
        job.pages(paths)
    plain = [
        (p.key, {name: str(v) if not isinstance(v, int | float) else v for name, v in p.values.items()})
        for p in job.report.problems
    ]
    return job.report.differences, plain
