"""Python without a network: with this folder on PYTHONPATH, who wants to leave this machine is stopped.

Python imports `sitecustomize` when it starts, so kernels, servers and what they start are covered.  Sockets
within the machine work as ever: Jupyter talks through them.
"""

import ipaddress
import os
import sys

_HOST_FIRST = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
_ADDRESS_LAST = {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getnameinfo"}


class LeavesTheMachine(BaseException):  # noqa: N818  not an Exception, which `except Exception` would hide
    """Something asked for an address that is not on this machine."""


def is_here(address: object) -> bool:
    """Whether a host, or the address of a socket, is this machine: loopback, a Unix socket, or no host."""
    host = address[0] if isinstance(address, tuple) else None if address is None else address
    if isinstance(host, bytes | bytearray):
        host = bytes(host).decode("latin-1")
    if not isinstance(address, tuple) and isinstance(host, str) and host.startswith(("/", "\0")):
        return True  # a Unix socket
    if host is None or host in ("", "localhost", "0.0.0.0", "::"):
        return True
    try:
        return ipaddress.ip_address(str(host).split("%")[0]).is_loopback
    except ValueError:  # a name
        return False


def _watch(event: str, args: tuple) -> None:
    if event in _HOST_FIRST:
        address = args[0]
    elif event in _ADDRESS_LAST:
        address = args[-1]
    else:
        return
    if not is_here(address):
        told = f"{event} {address!r} in {sys.argv[:2]}"
        if os.environ.get("RGTEACH_OFFLINE_LOG"):
            with open(os.environ["RGTEACH_OFFLINE_LOG"], "a", encoding="utf-8") as log:
                log.write(told + "\n")
        raise LeavesTheMachine(told)


sys.addaudithook(_watch)

# A checker of IRIs that jsonschema imports where it is installed, and that nobody here asks: it compiles
# a grammar for two seconds in every Python that reads a notebook.
sys.modules.setdefault("rfc3987_syntax", None)
