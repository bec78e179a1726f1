"""The page's server: on this machine only, behind a token, and for nobody who comes from another page.

The token stands in the link that is opened and is traded for a cookie at once.  A request must name this
server in `Host`; one that changes something must come from this page (`Origin`).  The page may load nothing
that does not come from here.
"""

from __future__ import annotations

import hmac
import json
import secrets
import socket
from pathlib import Path

import tornado.httpserver
import tornado.netutil
import tornado.web

from rgteach.errors import LearnerError
from rgteach.grading.rubric.page import page, style, words
from rgteach.grading.rubric.session import Session
from rgteach.wording import say

HERE = "127.0.0.1"
LARGEST = 100_000  # bytes of a request
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_FILES = {"page.css": "text/css", "page.js": "text/javascript"}


class Server:
    """Serves one session; `address` is the link to open.

    Parameters
    ----------
    session : Session
        Who marks what.
    port : int
        0 takes a free one.

    Raises
    ------
    LearnerError
        If the port is taken.
    """

    def __init__(self, session: Session, port: int = 0):
        self.session = session
        self.token, self.cookie = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        try:
            sockets = tornado.netutil.bind_sockets(port, HERE, family=socket.AF_INET)
        except (OSError, OverflowError) as error:
            raise LearnerError("rubric-port", port=port, reason=error) from None
        self.port = sockets[0].getsockname()[1]
        self._http = tornado.httpserver.HTTPServer(_app(self), max_body_size=LARGEST)
        self._http.add_sockets(sockets)

    @property
    def address(self) -> str:
        """The link to open in a browser of this machine."""
        return f"http://{HERE}:{self.port}/?token={self.token}"

    @property
    def hosts(self) -> tuple[str, str]:
        """What this server may be called."""
        return f"{HERE}:{self.port}", f"localhost:{self.port}"

    @property
    def cookie_name(self) -> str:
        """Cookies are shared by all ports of a machine, so the name tells servers apart."""
        return f"rgteach-rubric-{self.port}"

    def close(self) -> None:
        """Take no more requests."""
        self._http.stop()


def _app(server: Server) -> tornado.web.Application:
    given = {"server": server}
    routes = [
        (r"/", _Page, given),
        (r"/(page\.css|page\.js)", _File, given),
        (r"/data", _Data, given),
        (r"/answer/([0-9a-f]+)", _Answer, given),
        (r"/state/(\d{1,12})", _State, given),
        (r"/mark", _Mark, given),
        (r"/undo", _Undo, given),
    ]
    return tornado.web.Application(
        routes, log_function=lambda handler: None, default_handler_class=_Nothing, default_handler_args=given
    )


class _Guarded(tornado.web.RequestHandler):
    """Lets in who holds the cookie and comes from here."""

    def initialize(self, server: Server) -> None:
        self.server = server

    def set_default_headers(self) -> None:
        self.set_header("Content-Security-Policy", _POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        self.set_header("Cache-Control", "no-store")
        self.clear_header("Server")

    def prepare(self) -> None:
        if self.request.host not in self.server.hosts:
            raise tornado.web.HTTPError(403)
        if self.request.method not in ("GET", "HEAD"):
            origin = self.request.headers.get("Origin", "")
            kind = self.request.headers.get("Content-Type", "").partition(";")[0].strip()
            if origin not in {f"http://{host}" for host in self.server.hosts} or kind != "application/json":
                raise tornado.web.HTTPError(403)
        if not self.is_let_in():
            raise tornado.web.HTTPError(403)

    def is_let_in(self) -> bool:
        """Whether this browser opened the link."""
        given = self.get_cookie(self.server.cookie_name, "")
        return hmac.compare_digest(given.encode(), self.server.cookie.encode())

    def write_error(self, status_code: int, **_: object) -> None:
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        told = say("rubric-closed", self.server.session.lang) if status_code == 403 else str(status_code)
        self.finish(told + "\n")

    def send(self, data: object, status: int = 200) -> None:
        """Answer with JSON."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(json.dumps(data))

    def sent(self) -> dict:
        """The JSON object that came with a request."""
        try:
            data = json.loads(self.request.body)
        except (ValueError, RecursionError):
            raise tornado.web.HTTPError(400) from None
        if not isinstance(data, dict):
            raise tornado.web.HTTPError(400)
        return data


class _Nothing(_Guarded):
    def get(self) -> None:
        raise tornado.web.HTTPError(404)

    post = get


class _Page(_Guarded):
    def is_let_in(self) -> bool:
        """The link's token opens the page once and for all."""
        given = self.get_query_argument("token", "")
        self.by_link = hmac.compare_digest(given.encode(), self.server.token.encode())
        return self.by_link or super().is_let_in()

    def get(self) -> None:
        if self.by_link:
            self.set_cookie(
                self.server.cookie_name, self.server.cookie, httponly=True, samesite="Strict", path="/"
            )
            self.redirect("/", status=303)
            return
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(page(self.server.session.lang))


class _File(_Guarded):
    def get(self, name: str) -> None:
        self.set_header("Content-Type", f"{_FILES[name]}; charset=utf-8")
        text = Path(__file__).with_name(name).read_text(encoding="utf-8")
        self.finish(style() + text if name == "page.css" else text)


class _Data(_Guarded):
    def get(self) -> None:
        session = self.server.session
        self.send(session.overview() | {"words": words(session.lang)})


class _Answer(_Guarded):
    def get(self, name: str) -> None:
        try:
            self.send(self.server.session.answer(name))
        except KeyError:
            raise tornado.web.HTTPError(404) from None


class _State(_Guarded):
    def get(self, since: str) -> None:
        self.send(self.server.session.state(int(since)))


class _Mark(_Guarded):
    def post(self) -> None:
        data, session = self.sent(), self.server.session
        try:
            kept = session.mark(
                str(data.get("id")), data.get("points"), data.get("comment", ""), data.get("same") is True
            )
        except KeyError:
            raise tornado.web.HTTPError(404) from None
        except LearnerError as error:
            self.send({"refused": f"{error.advice.what} {error.advice.try_}"}, 400)
            return
        except OSError as error:  # a full disk, a folder that went away: the page says so
            self.send({"refused": say("rubric-not-kept", session.lang, reason=error.strerror or error)}, 500)
            return
        self.send(kept)


class _Undo(_Guarded):
    def post(self) -> None:
        self.send({"id": self.server.session.undo()})
