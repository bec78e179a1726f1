"""Everything that shows itself can be met without eyes: axe-core finds nothing to complain about.

Our own output only, in both languages and in the light and the dark colours of JupyterLab.
"""

import numpy as np
import pytest
from accessibility import (
    THEMES,
    headed,
    page_of,
    violations,
    violations_in_schemes,
    violations_in_themes,
    wear,
)
from browser import browser_page
from built import markdown, notebooks, pieces, short
from minilab import EXERCISES, ROWS, carded, key_for, mini_page
from scan_tables import two_tables
from shown import results, shown_by_themselves

import rgteach as rg
from rgteach import wording
from rgteach.course import progress
from rgteach.course.bench import Bench
from rgteach.course.card import Note
from rgteach.demos import names as demo_names

LONG = np.arange(400.0)

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::rgteach.LearnerWarning")]


@pytest.fixture(scope="module")
def page():
    with browser_page() as page:
        yield page


@pytest.fixture(params=wording.LANGUAGES)
def lang(request):
    """The language in force."""
    rg.setup(request.param)
    return request.param


@pytest.fixture(scope="module")
def key_file() -> str:
    """The public key of the small lab, as the build writes it."""
    return Bench(mini_page()).text()


@pytest.fixture
def workspace(tmp_path, monkeypatch, key_file):
    """A student's folder with the small lab's key."""
    (tmp_path / ".rgteach" / "keys").mkdir(parents=True)
    (tmp_path / ".rgteach" / "keys" / f"{EXERCISES.stem}.json").write_text(key_file, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    progress._memory.clear()
    yield tmp_path
    progress._memory.clear()


def heard(page, lang: str, title: str, shown: dict[str, str]) -> list[str]:
    """What is wrong with these pieces of output, each below its heading, in light and in dark."""
    pieces = [f"<h1>{title}</h1>", *(headed(name, piece) for name, piece in shown.items())]
    return violations_in_themes(page, page_of(title, wording.tag(lang), *pieces))


def test_check__finds_what_is_wrong(page):
    """A table without headers, a picture without words, pale text, a heading left out."""
    wrong = (
        "<h1>Faults</h1><h4>Too deep</h4><img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"
        "<table><tr><th></th><th>a</th></tr><tr><td>1</td><td>2</td></tr></table>"
        "<p style='opacity:.3'>pale</p><p lang='chinese'>?</p>"
    )
    found = {fault.split(":")[0] for fault in violations(page, page_of("Faults", "en", wrong))}
    assert found >= {"heading-order", "image-alt", "empty-table-header", "color-contrast", "valid-lang"}
    right = "<h1>Fine</h1><p>Text.</p>"
    assert violations(page, page_of("Fine", "en", right)) == []


@pytest.mark.parametrize("theme", THEMES)
def test_check__finds_what_is_wrong_in_one_theme_alone(page, theme):
    """Text that is nearly of the ground's colour, and a picture without words, both in this theme only."""
    ground = {"light": "#eee", "dark": "#222"}[theme]
    of = {"light": "true", "dark": "false"}[theme]
    wrong = (
        f"<h1>Faults</h1><p style='color:{ground}'>pale</p><style>body:not([data-jp-theme-light='{of}']) img"
        "{display:none}</style><img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"
    )
    found = [fault.split(":")[0] for fault in violations_in_themes(page, page_of("Faults", "en", wrong))]
    assert sorted(found) == ["color-contrast", "image-alt"]
    wear(page, {"light": "dark", "dark": "light"}[theme])
    assert violations(page) == []


def cards(lang: str) -> dict[str, object]:
    """A card of every outcome, short and long, and those that refuse."""
    key = key_for(lambda a: a * 2.0, [*ROWS, (LONG,)])

    def stub(a):
        raise NotImplementedError

    def breaks(a):
        return a.no_such_name_but_a_long_one_so_that_the_line_is_wider_than_the_card_that_shows_it_on_screen

    answers = {
        "not tried": stub,
        "not yet": lambda a: a * 2.0 + (a > 300),
        "error": breaks,
        "prints": lambda a: print(a),
        "right": lambda a: a * 2.0,
    }
    made = {name: carded(key, answer, lang) for name, answer in answers.items()}
    assert {card.outcome for card in made.values()} == {"not tried", "not yet", "right"}
    return made


def calls(lang: str) -> dict[str, object]:
    """What `rg` answers in an exercise notebook: checks, races, hints, solutions, self-test, progress."""
    page = mini_page()
    bench = Bench(page)
    raced, spread, think = "mini-pairs", "mini-spread", "mini-think"
    right = bench.solution(page.exercises[raced])
    asked = page.questions["mini-q1"]
    wrong = next(letter for letter in asked.choices(lang) if letter != asked.right)
    made = {
        "no name": rg.check("mini-pears"),
        "no function": rg.check(raced),
        "not a function": rg.check(raced, 3),
        "open": rg.check(think),
        "race too early": rg.race(raced, bench.stub(page.exercises[raced], lang)),
        "no race": rg.race(spread, right),
        "right": rg.check(raced, right),
        "race": rg.race(raced, right),
        **{f"hint {level}": rg.hint(raced, level) for level in (1, 2, 3)},
        "solution": rg.solution(raced),
        "question untouched": rg.answer(asked.id, ""),
        "question wrong": rg.answer(asked.id, wrong),
        "question right": rg.answer(asked.id, asked.right),
        "question of nobody": rg.answer("mini-q77", "a"),
        "no letter": rg.answer(asked.id, "all"),
    }
    return made | {"progress": rg.progress()}


def as_html(shown: object) -> str:
    return markdown(shown.text) if isinstance(shown, Note) else shown._repr_html_()


def test_cards__of_every_outcome(page, lang):
    assert heard(page, lang, "Cards", {name: as_html(card) for name, card in cards(lang).items()}) == []


def test_calls__checks_races_hints_solutions_questions_and_progress(page, lang, workspace):
    made = calls(lang)
    outcomes = {card.outcome for card in made.values() if hasattr(card, "outcome")}
    assert outcomes == {"not tried", "not yet", "right", "cannot check"}
    assert [made[name].outcome for name in ("race", "question right")] == ["right", "right"]
    assert heard(page, lang, "Calls", {name: as_html(shown) for name, shown in made.items()}) == []


def test_progress__without_a_workspace(page, lang, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert heard(page, lang, "Progress", {"progress": as_html(rg.progress())}) == []


def test_results__of_every_kind(page, lang):
    made = list(results())
    kinds = {type(one).__name__ for one in made}
    assert shown_by_themselves() - kinds == {"Card", "Table"}, "shown by the tests above"
    assert {type(one).__name__ for one in cards(lang).values()} <= {"Card"}
    shown = {f"{k}. {type(one).__name__}": as_html(one) for k, one in enumerate(made, 1)}
    assert heard(page, lang, "Results", shown) == []


def test_demos__as_stills(page, lang, monkeypatch):
    monkeypatch.setenv("RGTEACH_DEMO", "still")
    shown = {}
    for name in demo_names():
        monkeypatch.setattr(
            "IPython.display.display", lambda still, name=name: shown.update({name: still.html})
        )
        rg.demo(name)._ipython_display_()
    assert sorted(shown) == sorted(demo_names())
    assert heard(page, lang, "Demos", shown) == []


def test_report__of_a_scan(page, lang, tmp_path):
    from rgteach.report.scan import Source, write

    features, genes = two_tables()
    left_out = features.assign(**{f"still {k}": 1.0 for k in range(20)})
    file = write(
        rg.scan(left_out, genes, id="id"),
        tmp_path / "report.html",
        sources=[Source("features.csv", "0" * 64, features.shape, "utf-8")],
    )
    page.goto(file.as_uri())
    page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert violations_in_schemes(page) == []


@pytest.mark.parametrize("path", notebooks(), ids=short)
def test_notebook__its_text_and_its_outputs(page, path):
    shown = pieces(path)
    assert len(shown) >= 2, "the least: what it is about, and one exercise"
    content = page_of(path.stem, wording.tag(path.parent.name), *shown)
    assert violations_in_themes(page, content) == []
