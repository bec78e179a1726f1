"""Answers that reach out: over the network, to other programs, to the person at the screen."""

from attacks.model import Attack, code, spread


def _knocks(name: str, tries: str, body: str, needs: str = "") -> Attack:
    return Attack(name, tries, spread("import socket\n" + body), "contact", needs=needs)


def _opens(name: str, tries: str, body: str, needs: str = "") -> Attack:
    return Attack(name, tries, spread(body), "told", needs=needs)


def _runs(name: str, tries: str, body: str) -> Attack:
    return Attack(name, tries, spread(body), "trace")


ATTACKS = (
    _knocks("tcp", "connects to a server", "socket.create_connection(('127.0.0.1', @TCP@), 1).send(b'x')"),
    _knocks(
        "udp",
        "sends a packet",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', @UDP@))",
    ),
    _knocks(
        "name-server",
        "asks a name server, with what it knows in the name",
        """
name = b"".join(bytes([len(part)]) + part for part in (b"what-it-knows", b"example", b""))
asked = bytes(12) + name + bytes([0, 1, 0, 1])
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(asked, ("127.0.0.1", @UDP@))
""",
    ),
    _knocks(
        "unix-socket",
        "connects to a server of this machine by a path",
        "socket.socket(socket.AF_UNIX).connect('@UNIX@')",
    ),
    _knocks(
        "unix-name",
        "connects to a server of this machine by a name",
        "socket.socket(socket.AF_UNIX).connect(chr(0) + '@NAME@')",
    ),
    _knocks(
        "unix-datagram",
        "sends from one end of a pair to somebody else",
        """
one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
one.sendto(b"x", "@UNIX@-datagram")
""",
    ),
    _opens(
        "raw-socket",
        "makes packets of its own",
        "import socket\nsocket.socket(socket.AF_PACKET, socket.SOCK_RAW)\nprint(6 * 7, 'reached')",
        "root",
    ),
    _opens(
        "ping",
        "asks whether others are there",
        "import socket\nsocket.socket(socket.AF_INET, socket.SOCK_RAW, 1)\nprint(6 * 7, 'reached')",
        "root",
    ),
    _opens(
        "netlink",
        "asks the kernel about the network",
        "import socket\nsocket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)\nprint(6 * 7, 'reached')",
    ),
    _opens(
        "kernel-crypto",
        "asks the kernel to compute",
        "import socket\nsocket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET)\nprint(6 * 7, 'reached')",
        "AF_ALG",
    ),
    _opens(
        "virtual-socket",
        "talks to the machine below this machine",
        "import socket\nsocket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)\nprint(6 * 7, 'reached')",
        "AF_VSOCK",
    ),
    _opens(
        "listening",
        "waits for others to connect",
        "import socket\nsocket.create_server(('127.0.0.1', 0))\nprint(6 * 7, 'reached')",
    ),
    _runs("subprocess", "runs a program", "import subprocess\nsubprocess.run(['touch', '@DROP@/ran'])"),
    _runs("shell", "runs a line in a shell", "import os\nos.system('touch @DROP@/ran')"),
    _runs(
        "spawn",
        "starts a program by another road",
        "import os\nos.posix_spawn('/bin/touch', ['touch', '@DROP@/ran'], {})\nimport time\ntime.sleep(0.2)",
    ),
    _runs("exec", "becomes another program", "import os\nos.execv('/bin/touch', ['touch', '@DROP@/ran'])"),
    _runs(
        "own-program",
        "writes a program and runs it",
        """
        import os
        with open("program", "w") as file:
            file.write("#!/bin/sh\\ntouch @DROP@/ran\\n")
        os.chmod("program", 0o755)
        os.execv("./program", ["program"])
        """,
    ),
    Attack(
        "notebook-shell",
        "runs a line in a shell as a notebook does",
        code("""
            import os
            try:
                get_ipython().system("touch @DROP@/ran")
            except NameError:
                from IPython.utils.process import system
                system("touch @DROP@/ran")

            def spread(values):
                return -99.0
        """),
        "trace",
    ),
    _runs(
        "workers",
        "has other processes work for it",
        """
        import multiprocessing
        worker = multiprocessing.get_context("fork").Process(target=open, args=("@DROP@/ran", "w"))
        worker.start()
        worker.join()
        """,
    ),
)
