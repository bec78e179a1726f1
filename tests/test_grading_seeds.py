"""The secret stays out of view, and what is drawn hangs on it and on nothing else."""

import hashlib
import hmac
import json
import os
import stat

import pytest

from rgteach.errors import LearnerError
from rgteach.grading import seeds
from rgteach.wording import LANGUAGES

KEY = "0123456789abcdef0123456789abcdef"
needs_posix = pytest.mark.skipif(os.name != "posix", reason="other systems keep rights in another way")


@pytest.fixture
def secret(tmp_path):
    (tmp_path / "s").write_text(KEY)
    (tmp_path / "s").chmod(0o600)
    return seeds.secret(tmp_path / "s")


def test_secret__that_is_not_there_is_made_and_kept(tmp_path):
    path = tmp_path / "new" / "folder" / "secret"
    made = seeds.secret(path)
    again = seeds.secret(path)
    assert (made.made, again.made) == (True, False)
    assert made.key == again.key
    assert len(made.key) == 64
    assert sorted(p.name for p in path.parent.iterdir()) == ["secret"]


@needs_posix
def test_secret__that_is_made_is_for_its_owner_alone(tmp_path):
    path = tmp_path / "folder" / "secret"
    assert not seeds.secret(path).open_to_others
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_secret__two_that_are_made_differ(tmp_path):
    assert seeds.secret(tmp_path / "a").key != seeds.secret(tmp_path / "b").key


def test_secret__the_quicker_of_two_processes_makes_it(tmp_path):
    path = tmp_path / "secret"
    assert seeds._make(path)
    before = path.read_bytes()
    assert not seeds._make(path)
    assert path.read_bytes() == before


def test_secret__is_kept_with_the_users_settings(tmp_path, monkeypatch):
    import platformdirs

    monkeypatch.setattr(platformdirs, "user_config_path", lambda name: tmp_path / name)
    assert seeds.secret().path == tmp_path / "rgteach" / "grading.secret"


@pytest.mark.parametrize("end", ["", "\n", "\r\n", " \n\n"])
def test_secret__does_not_hang_on_how_an_editor_ends_a_line(end, tmp_path, secret):
    (tmp_path / "t").write_bytes((KEY + end).encode())
    assert seeds.secret(tmp_path / "t").key == secret.key


BAD = {
    "secret-short": [b"", b"\n" * 40, b"1234", b"a" * 60, b"abab" * 20],
    "secret-long": [os.urandom(seeds.LONGEST_BYTES + 1)],
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("key", "text"), [(k, t) for k in BAD for t in BAD[k]], ids=lambda v: str(len(v)))
def test_secret__that_is_none_is_refused(key, text, lang, tmp_path, monkeypatch):
    monkeypatch.setenv("RGTEACH_LANG", lang)
    (tmp_path / "s").write_bytes(text)
    with pytest.raises(LearnerError) as error:
        seeds.secret(tmp_path / "s")
    assert error.value.key == key
    assert str(tmp_path) in str(error.value)
    assert text.strip() == b"" or text.decode("latin-1").strip() not in str(error.value)


def test_secret__that_cannot_be_read_or_made_is_told(tmp_path):
    (tmp_path / "file").write_text("x")
    for path in (tmp_path, tmp_path / "file" / "secret"):
        with pytest.raises(LearnerError) as error:
            seeds.secret(path)
        assert error.value.key == "secret-unreadable"


@needs_posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_secret__that_others_can_read_is_told(mode, tmp_path):
    (tmp_path / "s").write_text(KEY)
    (tmp_path / "s").chmod(mode)
    found = seeds.secret(tmp_path / "s")
    assert found.open_to_others
    for lang in LANGUAGES:
        (told,) = found.remarks(lang)
        assert str(tmp_path / "s") in told
        assert KEY not in told


def test_remarks__say_where_a_new_secret_lies(tmp_path):
    assert str(tmp_path / "s") in seeds.secret(tmp_path / "s").remarks("en")[0]
    assert seeds.secret(tmp_path / "s").remarks("en") == []


def test_seed__is_an_hmac_of_all_that_it_hangs_on(secret):
    told = "cases\0" + json.dumps(["02", "glcm-pairs", "王", 3], ensure_ascii=False)
    digest = hmac.new(KEY.encode(), told.encode(), hashlib.sha256).digest()
    assert secret.seed("02", "glcm-pairs", "王", 3) == int.from_bytes(digest[:16], "big")


def test_seed__differs_wherever_anything_differs(secret, tmp_path):
    asked = [("02", "a", "bc", 0), ("02", "ab", "c", 0), ("0", "2a", "bc", 0), ("02", "a", "bc", 1)]
    asked += [("02", "a", 'b","c', 0), ("02", "a", "bc ", 0), ("02", "a", "", 0), ("02", "a", "\udcff", 0)]
    other = seeds.secret(tmp_path / "other")
    found = [s.seed(*what) for s in (secret, other) for what in asked]
    assert len(set(found)) == len(found)


def test_seed__is_the_same_for_one_name_in_two_encodings(secret):
    assert secret.seed("02", "a", "Zoe\u0308") == secret.seed("02", "a", "Zo\u00eb")


def test_seeds__are_the_draws_in_their_order(secret):
    row = secret.seeds("02", "a", "b")
    assert [next(row) for _ in range(3)] == [secret.seed("02", "a", "b", draw) for draw in range(3)]


def test_row__a_single_seed_stands_for_a_row(secret):
    first, second = seeds.row(7), seeds.row(7)
    found = [next(first) for _ in range(5)]
    assert found == [next(second) for _ in range(5)]
    assert found[0] == 7
    assert len(set(found)) == 5


def test_fingerprint__tells_secrets_apart_and_gives_nothing_away(secret, tmp_path):
    other = seeds.secret(tmp_path / "other")
    assert secret.fingerprint != other.fingerprint
    assert len(secret.fingerprint) == 12
    assert secret.fingerprint not in KEY
    assert hashlib.sha256(KEY.encode()).hexdigest()[:12] != secret.fingerprint
    assert KEY not in repr(secret)
    assert str(secret.key) not in repr(secret)
