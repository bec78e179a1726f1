"""Where a presentation listens: on this machine, and nowhere else."""

from __future__ import annotations

import socket

from rgteach.errors import LearnerError

HERE = "127.0.0.1"


def bind(port: int) -> list[socket.socket]:
    """Sockets on this machine alone; port 0 takes a free one.

    Raises
    ------
    LearnerError
        If the port is taken.
    """
    from tornado.netutil import bind_sockets

    try:
        return bind_sockets(port, HERE, family=socket.AF_INET)
    except (OSError, OverflowError) as error:
        raise LearnerError(
            "present-port", port=port, reason=getattr(error, "strerror", None) or error
        ) from None
