"""The marker's page is for the marker: whoever else asks is sent away, and what is sent is looked at."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from graded import made
from marking import Caller, served
from test_grading_feedback import EVIL, Page
from test_no_requests import loaded_from_elsewhere

from rgteach.errors import LearnerError
from rgteach.grading.rubric import page
from rgteach.grading.rubric.marks import load
from rgteach.grading.rubric.page import words
from rgteach.grading.rubric.server import Server
from rgteach.wording import LANGUAGES

PATHS = ("/", "/data", "/page.js", "/page.css", "/state/0", "/answer/0a", "/nothing")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with served(tmp_path_factory.mktemp("marks")) as server:
        yield server


@pytest.fixture(scope="module")
def marker(server) -> Caller:
    return Caller(server)


@pytest.fixture
def first(marker) -> str:
    return marker.data("/data")["exercises"][0]["answers"][0]


@pytest.mark.parametrize("path", PATHS)
def test_stranger__without_the_cookie_gets_nothing(server, path):
    for stranger in (Caller(server, False), Caller(server)):
        if stranger.cookie:
            stranger.cookie = stranger.cookie[:-1] + ("a" if stranger.cookie[-1] != "a" else "b")
        reply = stranger.ask(path)
        assert reply.status == 403
        assert "rgteach rubric" in reply.text


def test_link__is_traded_for_a_cookie_that_no_other_page_can_send(server):
    reply = Caller(server, False).ask(f"/?token={server.token}")
    assert (reply.status, reply.headers["Location"]) == (303, "/")
    cookie = reply.headers["Set-Cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Strict", server.cookie))
    assert server.token not in cookie
    for wrong in ("", "x", server.token[:-1], server.token + "x", "\xff"):
        assert Caller(server, False).ask(f"/?token={wrong.encode('unicode_escape').decode()}").status == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example", ""])
@pytest.mark.parametrize("path", ["/", "/data"])
def test_host__of_another_name_is_sent_away(marker, host, path):
    """A name that somebody else makes point to this machine must not open the page."""
    assert marker.ask(path, Host=host).status in (400, 403)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": ""},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1"},
        {"Content_Type": "text/plain"},
        {"Content_Type": ""},
        {"Cookie": ""},
    ],
    ids=str,
)
@pytest.mark.parametrize("path", ["/mark", "/undo", "/nothing"])
def test_change__from_another_page_is_refused(marker, server, first, headers, path):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    assert marker.ask(path, {"id": first, "points": [1, 2, 1, 1, 1]}, **headers).status == 403
    assert first not in server.session.marks


def test_page__loads_nothing_from_elsewhere_and_forbids_it(marker):
    reply = marker.ask("/")
    Page(reply.text)
    assert loaded_from_elsewhere(reply.text) == []
    policy = reply.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert (reply.headers["Cache-Control"], reply.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    for name in ("/page.js", "/page.css"):
        assert "://" not in marker.ask(name).text


def test_blind__no_name_is_sent_but_with_names_it_is(tmp_path):
    graded = [g for g in made(10) if g.student not in ("con", "alice")]
    for names in (False, True):
        with served(tmp_path / str(names), names=names, graded=graded) as server:
            marker = Caller(server)
            ids = marker.data("/data")["exercises"][0]["answers"]
            sent = marker.ask("/data").text + "".join(marker.ask(f"/answer/{id}").text for id in ids)
            found = [g.student for g in graded if json.dumps(g.student)[1:-1] in sent]
            assert len(found) == (len(graded) if names else 0)


def test_mark__is_on_disk_when_the_reply_comes(marker, server, first):
    kept = marker.data("/mark", {"id": first, "points": [1, None, 0.5, None, 0], "comment": "好"})
    assert kept["points"] == [1, None, 0.5, None, 0]
    mark = load(server.session.marks.folder)[first]
    assert (mark.points, mark.comment, mark.who) == ((1, None, 0.5, None, 0), "好", "Li")
    assert marker.data("/state/0")["changed"][first] == {"total": 1.5, "complete": False, "who": "Li"}
    assert marker.data("/undo", {}) == {"id": first}
    assert load(server.session.marks.folder)[first].points == (None,) * 5
    assert marker.data("/undo", {}) == {"id": ""}


@pytest.mark.parametrize(
    "points",
    [
        [2, 0, 0, 0, 0], [-1, 0, 0, 0, 0], [0.1, 0, 0, 0, 0], ["1", 0, 0, 0, 0], [True, 0, 0, 0, 0], [1],
        [], None, 1, [float("nan"), 0, 0, 0, 0], [float("inf"), 0, 0, 0, 0], [[1], 0, 0, 0, 0], "11111",
    ],
    ids=str,
)  # fmt: skip
def test_mark__that_the_rubric_cannot_give_is_refused_in_words(marker, server, first, points):
    before = server.session.marks.number
    reply = marker.ask("/mark", {"id": first, "points": points})
    assert reply.status == 400
    assert len(json.loads(reply.text)["refused"]) > 20
    assert server.session.marks.number == before


@pytest.mark.parametrize("sent", [b"", b"{", b"[]", b"3", b"\xff", b"[" * 90_000], ids=range(6))
def test_mark__that_is_garbage_is_refused(marker, sent):
    assert marker.ask("/mark", sent).status == 400


def test_mark__of_an_answer_that_is_not_there_is_not_found(marker):
    assert marker.ask("/mark", {"id": "0" * 20, "points": [1]}).status == 404
    assert marker.ask("/answer/" + "0" * 20).status == 404


def test_same__gives_all_that_are_word_for_word_the_same(marker, server):
    session = server.session
    found = next(a for a in session.queue.answers if a.same)
    marker.data("/mark", {"id": found.id, "points": [1, 2, 1, 1, 1], "comment": "x", "same": True})
    assert all(session.marks[name].total == 6 for name in (found.id, *found.same))


def test_evil__answers_are_text(tmp_path):
    graded = made(3)
    last = replace(graded[0].exercises[-1], source=f"{EVIL}\n\n![a](http://a.b/c.png)\n\n<iframe src=//a.b>")
    graded[0] = replace(graded[0], exercises=(*graded[0].exercises[:-1], last), student=EVIL)
    with served(tmp_path, names=True, graded=graded) as server:
        marker = Caller(server)
        for name in marker.data("/data")["exercises"][0]["answers"]:
            answer = marker.data(f"/answer/{name}")
            shown = Page(answer["html"])
            assert {tag for tag, _ in shown.elements} <= {
                "p",
                "table",
                "thead",
                "tbody",
                "tr",
                "th",
                "td",
                "code",
            }
            assert loaded_from_elsewhere(answer["html"]) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words__the_page_has_all_that_its_script_says(lang):
    script = Path(page.__file__).with_name("page.js").read_text(encoding="utf-8")
    said = set(re.findall(r'say\("([a-z-]+)"', script)) | {"begun", "marked", "unmarked"}
    assert said == set(words(lang))


def test_port__that_is_taken_is_told(server):
    with pytest.raises(LearnerError) as error:
        Server(server.session, server.port)
    assert error.value.key == "rubric-port"
