"""What a student's code tries and must not get: each works without the wall and is refused behind it.

CLAIMS   name -> (statements, expression, exceptions with which it is refused; else a PermissionError)
ALLOWED  name -> (statements, expression): everyday things that work on both sides
A `{…}` stands for something planted by the test: a file, a folder, a port, the path of a socket.
"""

CLAIMS = {
    # files
    "read-a-file": ("", "open({file!r}).read()", "FileNotFoundError"),
    "see-a-file": ("import os", "os.stat({file!r})", "FileNotFoundError"),
    "list-the-root": ("import os", "os.listdir('/')"),
    "list-a-folder": ("import os", "os.listdir({folder!r})", "FileNotFoundError"),
    "list-libraries-above": ("import os", "os.listdir(os.path.dirname(os.__file__) + '/../..')"),
    "write-outside": ("", "open({folder!r} + '/new', 'w').close() or 1", "FileNotFoundError"),
    "write-a-library": (
        "import colorsys",
        "open(colorsys.__file__, 'a').close() or 1",
        "OSError PermissionError",
    ),
    "users-of-the-system": ("", "open('/etc/passwd').read()", "FileNotFoundError"),
    "repository": ("", "open({root!r} + '/pyproject.toml').read()", "FileNotFoundError"),
    "environment": ("import os", "os.environ['RGTEACH_PLANTED']", "KeyError"),
    # processes
    "fork": ("import os", "os.fork() or os._exit(0)"),
    "program": ("import subprocess", "subprocess.run(['true'])", "PermissionError FileNotFoundError"),
    "replace-itself": ("import os", "[pid := os.fork(), pid or os.execv('/bin/true', ['true'])]"),
    "pool": ("import multiprocessing as m", "m.get_context('fork').Process(target=print).start()"),
    "parents-memory": ("import os", "open(f'/proc/{{os.getppid()}}/mem', 'rb').close()", "FileNotFoundError"),
    "other-processes": ("import os", "os.listdir('/proc')", "FileNotFoundError"),
    "signal-the-parent": ("import os", "os.kill(os.getppid(), 0)"),
    "signal-everybody": ("import os", "os.kill(0, 0)"),
    "pidfd": ("import os", "os.close(os.pidfd_open(os.getppid()))"),
    "priority-of-the-parent": ("import os", "os.setpriority(0, os.getppid(), 0)"),
    "processors-of-the-parent": (
        "import os; mine = os.sched_getaffinity(0)",
        "os.sched_setaffinity(os.getppid(), mine)",
    ),
    "limits-of-the-parent": ("import os, resource", "resource.prlimit(os.getppid(), resource.RLIMIT_CORE)"),
    "signals-for-the-parent": (
        "import fcntl, os, socket; one, two = socket.socketpair()",
        "fcntl.fcntl(one, fcntl.F_SETOWN, os.getppid())",
    ),
    # network
    "tcp": ("import socket", "socket.create_connection(('127.0.0.1', {port}), 2).close()"),
    "udp": ("import socket as s", "s.socket(s.AF_INET, s.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))"),
    "unix": ("import socket", "socket.socket(socket.AF_UNIX).connect({unix!r})"),
    "listen": ("import socket", "socket.create_server(('127.0.0.1', 0)).close()"),
    "name-a-socket": (
        "import socket as s; one, two = s.socketpair(s.AF_UNIX, s.SOCK_DGRAM)",
        "one.bind(chr(0) + 'rgteach-test')",
    ),
    # memory that outlives a process
    "memfd": ("import os", "os.close(os.memfd_create('x'))"),
    "sysv-memory": (
        "import ctypes; c = ctypes.CDLL(None, use_errno=True)\n"
        "def shared():\n    number = c.shmget(0, 4096, 0o1600)\n"
        "    if number < 0: raise OSError(ctypes.get_errno(), '')\n    return c.shmctl(number, 0, None)",
        "shared()",
    ),
    # bounds
    "memory": ("import mmap", "mmap.mmap(-1, 2 << 30).close()", "OSError MemoryError"),
    "large-file": ("", "open('large', 'wb').write(bytes(5 << 20))", "OSError"),
    "much-disk": ("", "[open(str(n), 'wb').write(bytes(3 << 20)) for n in range(4)]", "OSError"),
    "many-files": ("", "[open('/dev/null') for _ in range(200)]", "OSError"),
    "many-threads": (
        "import threading\n"
        "def many():\n    gate = threading.Event()\n    try:\n"
        "        for _ in range(60): threading.Thread(target=gate.wait).start()\n"
        "    finally: gate.set()",
        "many()",
        "RuntimeError",
    ),
}
ALLOWED = {
    "own-file": ("", "[open('a', 'w').write('x'), open('a').read()]"),
    "own-folder": ("import os", "[os.makedirs('e/f'), os.rename('e', 'g'), os.rmdir('g/f'), os.mkfifo('h')]"),
    "temporary": ("import tempfile", "tempfile.TemporaryFile().write(b'x')"),
    "home": ("from pathlib import Path", "[Path('~/.x').expanduser().write_text('x')]"),
    "devices": (
        "import os",
        "[open('/dev/null', 'w').write('x'), len(os.urandom(4)), open('/dev/zero', 'rb').read(2)]",
    ),
    "threads": ("from concurrent.futures import ThreadPoolExecutor as T", "sum(T(4).map(abs, range(9)))"),
    "asyncio": ("import asyncio", "asyncio.run(asyncio.sleep(0, 7))"),
    "socketpair": ("import socket", "[s := socket.socketpair(), s[0].send(b'x'), s[1].recv(1)]"),
    "timer": (
        "import signal; signal.signal(14, lambda *_: None)",
        "[signal.setitimer(signal.ITIMER_REAL, 0.01), signal.pause()]",
    ),
    "own-signals": (
        "import os, signal; signal.signal(10, lambda *_: None)",
        "[os.kill(os.getpid(), 0), signal.raise_signal(10)]",
    ),
    "lock": ("import multiprocessing as m", "[m.get_context('fork').RLock()]"),
    "own-limits": ("import resource", "resource.getrlimit(resource.RLIMIT_AS)"),
    "random": ("import random", "random.SystemRandom().random()"),
    "time-zone": ("import time", "time.localtime()"),
}


def code(before: str, expression: str, planted: dict) -> str:
    """What runs as a step: it leaves what the expression gave or the name of the exception."""
    lines = [*before.splitlines(), "try:", f"    out = ['gave', repr({expression.format(**planted)})[:80]]"]
    return "\n".join([*lines, "except BaseException as e:", "    out = [type(e).__name__, str(e)[:200]]"])


def job(planted: dict) -> dict[str, str]:
    """All of them as one job, a step each; what fills the disk comes last."""
    steps = {name: code(before, expression, planted) for name, (before, expression, *_) in CLAIMS.items()}
    return {name: code(*allowed, planted) for name, allowed in ALLOWED.items()} | steps


def refusals(claim: str) -> list[str]:
    """Exceptions with which the wall refuses it."""
    return CLAIMS[claim][2].split() if len(CLAIMS[claim]) > 2 else ["PermissionError"]
