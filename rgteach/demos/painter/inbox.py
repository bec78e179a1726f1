"""What the painter does with what its page sends, and what it tells the page in return.

A front end swallows exceptions of a widget, so none leaves here: whatever goes wrong becomes a sentence that
the page shows.
"""

from __future__ import annotations

import logging

from rgteach.demos.painter import messages
from rgteach.demos.painter.regions import NAMES
from rgteach.errors import LearnerError
from rgteach.wording import say

SETTINGS = ("z", "n_levels", "distance", "window")  # all that a page may set
_log = logging.getLogger(__name__)


class Inbox:
    """The half of the painter that talks with its page."""

    def set_state(self, sync_data: dict) -> None:
        """Take over settings from the page, each checked; one that will not do is set back there."""
        good = {}
        for name in SETTINGS:
            if name in sync_data:
                with self._told():
                    good[name] = self._checked(name, sync_data[name])
        super().set_state(good)
        refused = [name for name in sync_data if name in self.keys and name not in good]
        if refused:
            self.send_state(refused)

    def _checked(self, name: str, given: object) -> object:
        """The value of a setting, or the sentence why it will not do."""
        checks = {
            "z": lambda: messages.slice_number(given, len(self.image)),
            "n_levels": lambda: messages.n_levels_of(given),
            "distance": lambda: messages.distance_of(given),
            "window": lambda: messages.window_of(given),
        }
        return checks[name]()

    def _told(self) -> _Told:
        return _Told(self)

    def _received(self, _widget, content: object, buffers: object) -> None:
        """Answer a message from the page."""
        content = content if isinstance(content, dict) else {}
        serial = content.get("serial")
        self._serial = serial if isinstance(serial, int) else self._serial
        with self._told():
            self._answer(str(content.get("kind")), content, buffers)

    def _answer(self, kind: str, content: dict, buffers: object) -> None:
        answers = {
            "open": lambda: self._show_slice(),
            "stroke": lambda: self._stroke(content, buffers),
            "undo": self.undo,
            "redo": self.redo,
            "clear": lambda: self.clear(content.get("region")),
            "preset": lambda: self.preset(content.get("name"), content.get("region")),
            "copy": lambda: self.copy(content.get("from"), content.get("to")),
            "set": lambda: self._set(content),
        }
        if kind not in answers:
            raise LearnerError("painter-unknown-message", kind=kind, known=", ".join(answers))
        answers[kind]()

    def _set(self, content: dict) -> None:
        for name in SETTINGS:
            if name in content:
                setattr(self, name, self._checked(name, content[name]))

    def _stroke(self, content: dict, buffers: object) -> None:
        """The page's own mask of one slice, while the stroke goes on."""
        region = messages.region_of(content.get("region"))
        z = messages.slice_number(content.get("z"), len(self.image))
        plane = self._source.plane
        bits = messages.bits_of(buffers, plane.shape(self.image.shape)[1:])
        self._regions.stroke(
            region,
            z,
            plane.back(bits),
            begin=content.get("begin") is True,
            end=content.get("end") is True,
        )
        self._show_result(region, z)

    # ------------------------------------------------------------ to the page

    def _show_slice(self) -> None:
        """Everything about the slice shown."""
        flat = self._source.plane.turn(self.image[self.z])
        self.send(*messages.slice_message(flat, self.z, tuple(self.span)))
        for region in NAMES:
            self._show_region(region)

    def _show_region(self, region: str) -> None:
        inside = self._source.plane.turn(self._regions.masks[region][self.z])
        self.send(*messages.mask_message(region, self.z, inside, self._regions))
        self._show_result(region, self.z)

    def _show_result(self, region: str, z: int) -> None:
        content, buffers = messages.result_message(region, z, self.live(region, z), self.distance)
        history = {"undo": self._regions.can_undo, "redo": self._regions.can_redo}
        self.send({**content, **history, "serial": self._serial}, buffers)
        self._rest.moved()

    def _show_step(self, step) -> None:
        """What was taken back or done again; if it lies on another slice, that slice."""
        if step is not None and self.z not in step.slices:
            self.z = min(step.slices, key=lambda z: abs(z - self.z))  # tells the page by itself
        else:
            for region in NAMES if step is None else (step.region,):
                self._show_region(region)

    def _show_trouble(self, text: str) -> None:
        self.send({"kind": "trouble", "text": text, "serial": self._serial})


class _Told:
    """Whatever is raised inside becomes a sentence on the page."""

    def __init__(self, painter: Inbox):
        self._painter = painter

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind, error, _trace) -> bool:
        if isinstance(error, LearnerError):
            self._painter._show_trouble(f"{error.advice.what} {error.advice.try_}")
        elif isinstance(error, Exception):
            _log.exception("the painter met an error of its own", exc_info=error)
            self._painter._show_trouble(say("painter-own-error", reason=f"{type(error).__name__}: {error}"))
        return error is None or isinstance(error, Exception)
