"""Voilà behind our gate: on this machine only, with our page, and with nobody's settings but ours."""

from __future__ import annotations

import logging
import secrets
import socket
from collections.abc import Callable
from pathlib import Path

from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from voila.app import Voila

from rgteach.course.launch import PROMPT
from rgteach.present import gate, pages
from rgteach.present.show import Show

_PAGE = Path(__file__).with_name("page")
_NOT_SERVED = ("/voila/tree", "/voila/files", "/voila/api/contents", "/login", "/logout")
_EXTENSIONS = ("@voila-dashboards/widgets-manager", "@jupyter-widgets/jupyterlab-manager", "anywidget")
_IDLE_S = 60  # a kernel whose page has gone without saying so is ended after this long


class Presenter(Voila):
    """The server of one presentation.

    Parameters
    ----------
    show : Show
        What is presented.
    listening : list of socket
        Where it listens; bound already, so that a taken port has been told.
    told : function
        Called with the address to open, as soon as somebody answers there.
    """

    def __init__(self, show: Show, listening: list[socket.socket], told: Callable[[str], None]):
        super().__init__()
        self.show, self.listening, self.told = show, listening, told
        self.port = listening[0].getsockname()[1]
        self.config_file_paths = []  # a voila.py that lies in the current folder would be run
        self.log_level = logging.ERROR
        self.open_browser = False
        self.root_dir = str(show.folder)
        self.token = secrets.token_urlsafe(24)
        if self.has_trait("kernel_websocket_connection_class"):  # not with the first Jupyter Server
            self.kernel_websocket_connection_class = PROMPT
        self._configure()

    def _configure(self) -> None:
        ours = self.config
        ours.VoilaConfiguration.template = "lab"
        ours.VoilaConfiguration.strip_sources = False
        ours.VoilaConfiguration.show_tracebacks = True
        ours.VoilaConfiguration.allow_template_override = "NO"
        ours.VoilaConfiguration.allow_theme_override = "NO"
        ours.VoilaExporter.filters = {
            "rgteach_markdown": "rgteach.present.markdown.in_page",
            "rgteach_code": "rgteach.present.code.highlighted",
        }
        ours.MappingKernelManager.cull_idle_timeout = _IDLE_S
        ours.MappingKernelManager.cull_interval = _IDLE_S

    def _page_config(self, config: dict, notebook_path: str = "", **_about: object) -> dict:
        """What a page knows: its place in the presentation, and of JupyterLab's extensions the widgets."""
        item = self.show.item(Path(notebook_path).stem)
        kept = [one for one in config["federated_extensions"] if one["name"].startswith(_EXTENSIONS)]
        place = pages.frame(self.show, item)
        return config | {"exposeAppInBrowser": True, "federated_extensions": kept, "rgteach": place}

    def setup_template_dirs(self) -> None:
        """Our page stands before Voilà's own, and knows its place."""
        super().setup_template_dirs()
        self.voila_configuration.page_config_hook = self._page_config
        self.template_paths = [str(_PAGE), *self.template_paths]

    def init_handlers(self) -> list:
        """Our pages, then Voilà's; but no list of files, and no files."""
        theirs = [one for one in super().init_handlers() if not str(one[0]).startswith(_NOT_SERVED)]
        return pages.handlers(self.show) + theirs

    def listen(self) -> None:
        """Serve through the gate until somebody ends it."""
        self.app.settings["headers"] = {"Content-Security-Policy": gate.policy(self.port), **gate.HEADERS}
        server = HTTPServer(gate.Gate(self.app, self.port, self.token))
        server.add_sockets(self.listening)
        self.ioloop = IOLoop.current()
        self.ioloop.add_callback(
            self.told, f"http://127.0.0.1:{self.port}{self.show.start}?token={self.token}"
        )
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            pass
        finally:
            server.stop()
            self.stop()
