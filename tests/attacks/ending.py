"""Answers that end: themselves, whoever runs them, or whoever runs that."""

from attacks.model import Attack, code, spread


def _dies(name: str, tries: str, body: str, needs: str = "") -> Attack:
    return Attack(name, tries, spread(body), "dies", needs=needs)


ATTACKS = (
    _dies("exit-now", "ends the process as if all were well", "import os\nos._exit(0)"),
    _dies("exit-politely", "leaves by the door", "import sys\nsys.exit(0)"),
    Attack(
        "exit-in-the-cell",
        "leaves before there is any function",
        code("import os\nos._exit(0)"),
        "dies",
    ),
    _dies(
        "exit-later",
        "leaves in a thread, while the next exercise runs",
        "import os, threading\nthreading.Timer(0.02, os._exit, (0,)).start()\nimport time\ntime.sleep(0.1)",
    ),
    Attack(
        "exit-at-exit",
        "ends the process with a good word when it ends",
        spread("import atexit, os\natexit.register(os._exit, 0)\nraise SystemExit"),
        "dies",
    ),
    _dies("crash", "reads where nothing is", "import ctypes\nctypes.string_at(0)"),
    _dies("abort", "gives up", "import os\nos.abort()"),
    _dies(
        "stack",
        "calls itself until the stack ends",
        """
        nested = ()
        for _ in range(2_000_000):
            nested = (nested,)
        hash(nested)
        """,
    ),
    _dies(
        "killed-itself", "kills its own process", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"
    ),
    _dies(
        "killed-parent",
        "kills the process that runs it",
        "import os, signal\nif os.getppid() > 1:\n    os.kill(os.getppid(), signal.SIGKILL)",
    ),
    _dies(
        "killed-group", "kills every process of its group", "import os, signal\nos.kill(0, signal.SIGKILL)"
    ),
    Attack(
        "all-processes",
        "asks whether it might signal every process there is",
        spread("import os\nos.kill(-1, 0)\nprint(6 * 7, 'reached')"),
        "told",
    ),
    Attack(
        "parent-signal",
        "asks whether it might signal those above it",
        spread("import os\nos.kill(os.getppid() or 1, 0)\nprint(6 * 7, 'reached')"),
        "told",
    ),
    _dies("closed-descriptors", "closes every descriptor there is", "import os\nos.closerange(0, 65536)"),
    _dies(
        "swapped-descriptors",
        "puts nothing in the place of every descriptor",
        """
        import os
        nothing = os.open("/dev/null", os.O_RDWR)
        for number in range(64):
            if number != nothing:
                os.dup2(nothing, number)
        """,
    ),
    Attack(
        "broken-imports",
        "takes modules away under whoever still needs them",
        code("""
            import sys
            for name in list(sys.modules):
                if name.startswith(("json", "encodings", "rgteach", "struct", "socket", "numpy")):
                    sys.modules[name] = None
            import builtins
            builtins.__import__ = None

            def spread(values):
                return -99.0
        """),
        "spreads",
    ),
    Attack(
        "broken-builtins",
        "takes the built-in functions away",
        code("""
            import builtins
            for name in "len isinstance getattr print open dict list type Exception".split():
                setattr(builtins, name, None)

            def spread(values):
                return -99.0
        """),
        "dies",
    ),
)
