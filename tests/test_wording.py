"""Every sentence has its twin, fills in the same values, and is said somewhere."""

import ast
import re
import string
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

import rgteach
from rgteach import wording

PACKAGE = Path(rgteach.__file__).parent
FILES = sorted((PACKAGE / "words").glob("*.toml"))
PARTS = ["what", "why", "try"]
HAN = r"[\u3400-\u9fff\uf900-\ufaff]"
SPEAKERS = {"say", "advise", "warn", "LearnerError"}


@cache
def words(file: Path) -> dict[str, dict]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def entries() -> dict[str, dict]:
    return {key: entry for file in FILES for key, entry in words(file).items()}


def texts() -> list[tuple[str, str, str]]:
    """Every sentence as (key or key.part, English, Chinese); a missing twin is an empty text."""
    rows = []
    for key, entry in entries().items():
        english, chinese = entry.get("en", ""), entry.get("zh", "")
        if isinstance(english, str):
            rows.append((key, english, chinese if isinstance(chinese, str) else ""))
        else:
            rows += [
                (f"{key}.{part}", english.get(part, ""), dict(chinese).get(part, "")) for part in english
            ]
    return rows


def blanks(text: str) -> set[str]:
    """Names of the values that a sentence fills in: `{n}` and `{size[0]:.1f}` give n and size."""
    names = (name for _, name, _, _ in string.Formatter().parse(text) if name is not None)
    return {re.split(r"[.\[]", name)[0] for name in names}


def test_keys__are_unique_over_all_files():
    counts = Counter(key for file in FILES for key in words(file))
    assert [key for key, n in counts.items() if n > 1] == []


def test_words__read_one_by_one_are_what_the_whole_file_says():
    assert wording._words() == entries()


def test_keys__are_kebab_case():
    assert [key for key in entries() if not re.fullmatch(r"[a-z0-9_]+(-[a-z0-9_]+)*", key)] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_entries__have_both_languages_and_nothing_else(file):
    wrong = {key: sorted(entry) for key, entry in words(file).items() if sorted(entry) != ["en", "zh"]}
    assert wrong == {}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_entries__an_error_has_its_three_parts_in_both_languages(file):
    wrong = {}
    for key, entry in words(file).items():
        shapes = {lang: sorted(said) if isinstance(said, dict) else "text" for lang, said in entry.items()}
        if list(shapes.values()) not in (["text", "text"], [sorted(PARTS), sorted(PARTS)]):
            wrong[key] = shapes
    assert wrong == {}


def test_twins__are_both_written():
    assert [key for key, english, chinese in texts() if not english.strip() or not chinese.strip()] == []


def test_twins__fill_in_the_same_values():
    wrong = {key: (blanks(en), blanks(zh)) for key, en, zh in texts() if blanks(en) != blanks(zh)}
    assert wrong == {}


def test_english__has_no_chinese_in_it():
    assert [key for key, english, _ in texts() if re.search(HAN, english)] == []


def test_chinese__is_chinese():
    """A label such as "{n} mm" or "GLCM" is the same in both; words that differ are written in Chinese."""
    has_words = {key: re.search("[A-Za-z]", re.sub(r"\{[^}]*\}", "", zh)) for key, _, zh in texts()}
    assert [k for k, en, zh in texts() if en != zh and has_words[k] and not re.search(HAN, zh)] == []


def test_chinese__a_sentence_is_never_left_in_english():
    sentence = re.compile(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}")
    assert [key for key, _, zh in texts() if sentence.search(zh) and not re.search(HAN, zh)] == []


def test_chinese__has_full_width_punctuation_between_characters():
    half_width = re.compile(rf"{HAN}\s?[,;:?!]\s?{HAN}|{HAN}\.(\s|$)")
    assert {key: zh for key, _, zh in texts() if half_width.search(zh)} == {}


@cache
def code() -> list[tuple[Path, ast.Module]]:
    return [(file, ast.parse(file.read_text(encoding="utf-8"))) for file in sorted(PACKAGE.rglob("*.py"))]


def speech() -> list[tuple[str, str, ast.Call]]:
    """Every call that says a message by its name: (where, key, call)."""
    rows = []
    for file, tree in code():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or ast.unparse(node.func).split(".")[-1] not in SPEAKERS:
                continue
            if node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
                rows.append((f"{file.relative_to(PACKAGE)}:{node.lineno}", node.args[0].value, node))
    return [row for row in rows if " " not in row[1]]  # warnings.warn("a sentence") is not ours


def test_speech__every_key_that_is_said_exists():
    assert {where: key for where, key, _ in speech() if not wording.knows(key)} == {}


def test_speech__every_blank_is_filled_in():
    wrong = {}
    for where, key, call in speech():
        given = {keyword.arg for keyword in call.keywords}
        entry = entries().get(key, {}).get("en", "")
        sentences = entry.values() if isinstance(entry, dict) else [entry]
        missing = set().union(*map(blanks, sentences)) - given
        if None not in given and missing:  # None stands for **values, which only a run can tell
            wrong[f"{where} {key}"] = missing
    assert wrong == {}


def test_speech__errors_have_three_parts_and_messages_one():
    wrong = []
    for where, key, call in speech():
        is_error = isinstance(entries().get(key, {}).get("en"), dict)
        if is_error != (ast.unparse(call.func).split(".")[-1] != "say"):
            wrong.append(f"{where} {key}")
    assert wrong == []


def test_speech__every_sentence_is_said_somewhere():
    """By its whole name, or by a name put together in an f-string such as f"role-{role}"."""
    literal, patterns = set(), set()
    for _, tree in code():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                literal.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                patterns.add(pattern(node))
    patterns = {p for p in patterns if re.search(r"[a-z0-9]-|-[a-z0-9]", p)}
    assert [
        key for key in entries() if key not in literal and not any(re.fullmatch(p, key) for p in patterns)
    ] == []


def pattern(node: ast.JoinedStr) -> str:
    """The keys an f-string can name, as a regular expression."""
    pieces = (re.escape(p.value) if isinstance(p, ast.Constant) else r"[a-z0-9_-]+" for p in node.values)
    return "".join(pieces).replace(r"\-", "-")


@pytest.mark.parametrize("lang", wording.LANGUAGES)
def test_say__fills_in_the_values(lang):
    told = wording.advise("unknown-language", lang, given="fr", known="en, zh")
    assert "'fr'" in told.what
    assert "en, zh" in told.why


def test_language__follows_the_choice_then_the_variable(monkeypatch):
    monkeypatch.setenv("RGTEACH_LANG", "zh_CN.UTF-8")
    assert wording.language() == "zh"
    rgteach.setup("en")
    assert wording.language() == "en"


@pytest.mark.parametrize(("system", "lang"), [("zh_CN.UTF-8", "zh"), ("de_DE.UTF-8", "en"), ("C", "en")])
def test_language__follows_the_system(monkeypatch, system, lang):
    monkeypatch.delenv("RGTEACH_LANG")
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", system)
    assert wording.language() == lang


def test_setup__refuses_a_language_without_words():
    with pytest.raises(rgteach.LearnerError, match="'fr'") as error:
        rgteach.setup("fr")
    assert error.value.key == "unknown-language"
