"""The one door in front of everything that is served: who asks, by which name, and with which token.

Voilà asks for its token where a page is made, but hands out static files, files of the folder and one of its
websockets to anybody; it answers to any host name.  So nothing of it is reached but through here.  A request
is let in if its `Host` is this machine's own name with our port (another name that leads here is a web page
that has bent its own name), if its `Origin`, where it has one, is ours too, and if it brings the token: in
the address, once, or in the cookie that is given in exchange.
"""

from __future__ import annotations

import hmac
import secrets
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

from tornado.httputil import HTTPHeaders, HTTPMessageDelegate, HTTPServerRequest, ResponseStartLine
from tornado.routing import Router

HOSTS = ("127.0.0.1", "localhost", "[::1]")
# Second wall behind our own page: whatever a lesson shows, the browser asks no other machine for it.
POLICY = (
    "default-src 'self' data: blob:; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; connect-src 'self' {sockets} data: blob:; object-src 'none'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}


def policy(port: int) -> str:
    """What a page of ours may load, as the header `Content-Security-Policy`."""
    return POLICY.format(sockets=" ".join(f"ws://{host}:{port}" for host in HOSTS[:2]))


class Gate(Router):
    """Lets a request through to the application behind, or answers it with a refusal.

    Parameters
    ----------
    application : tornado.web.Application
        What is behind the door.
    port : int
        Where we listen.
    token : str
        What has to be brought.
    """

    def __init__(self, application, port: int, token: str):
        self._application = application
        self._hosts = {f"{host}:{port}" for host in HOSTS}
        self._origins = {f"http://{host}" for host in self._hosts}
        self._cookie_name = f"rgteach-present-{port}"
        self._cookie = secrets.token_urlsafe(32)
        self.token = token

    def find_handler(self, request: HTTPServerRequest, **more: object) -> HTTPMessageDelegate:
        """Who answers this request: tornado asks before anything else happens."""
        if request.headers.get_list("Host") == [] or request.host.lower() not in self._hosts:
            return _Answer(request, 403)
        if any(origin not in self._origins for origin in request.headers.get_list("Origin")):
            return _Answer(request, 403)
        given = [value for name, value in parse_qsl(request.query, keep_blank_values=True) if name == "token"]
        if given:
            is_right = request.method == "GET" and len(given) == 1 and _same(given[0], self.token)
            return self._let_in(request) if is_right else _Answer(request, 403)
        if not self._has_cookie(request):
            return _Answer(request, 403)
        # Voilà checks it once more, and knows by it that no form of another page was sent
        request.headers["Authorization"] = f"token {self.token}"
        return self._application.find_handler(request, **more)

    def _has_cookie(self, request: HTTPServerRequest) -> bool:
        try:
            found = SimpleCookie(request.headers.get("Cookie", "")).get(self._cookie_name)
        except CookieError:
            return False
        return found is not None and _same(found.value, self._cookie)

    def _let_in(self, request: HTTPServerRequest) -> HTTPMessageDelegate:
        """Give the cookie and send on to the same page, so that no projector shows the token."""
        cookie = f"{self._cookie_name}={self._cookie}; Path=/; HttpOnly; SameSite=Strict"
        return _Answer(request, 302, {"Location": _without_token(request), "Set-Cookie": cookie})


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), right.encode())


def _without_token(request: HTTPServerRequest) -> str:
    """The same page under an address that can be projected; never one of another machine."""
    rest = urlencode([(name, value) for name, value in parse_qsl(request.query) if name != "token"])
    return "/" + request.path.lstrip("/\\") + (f"?{rest}" if rest else "")


class _Answer(HTTPMessageDelegate):
    """An answer without a page: a status, perhaps headers, and nothing else."""

    def __init__(self, request: HTTPServerRequest, status: int, headers: dict[str, str] | None = None):
        self._request, self._status = request, status
        whole = {"Content-Length": "0", "Connection": "close", **HEADERS, **(headers or {})}
        self._headers = HTTPHeaders(whole)

    def finish(self) -> None:
        """Write it, as soon as the request has been read."""
        connection = self._request.connection
        line = ResponseStartLine("HTTP/1.1", self._status, "Found" if self._status == 302 else "Forbidden")
        connection.write_headers(line, self._headers)
        connection.finish()
