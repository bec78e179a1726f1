"""Answers that take all there is: time, memory, threads, processes, disk, attention.

The numbers are small enough to harm nobody where nothing guards, and larger than what a job may have.
"""

from attacks.model import Attack, code, spread


def _hangs(name: str, tries: str, body: str) -> Attack:
    return Attack(name, tries, spread(body), "hangs")


ATTACKS = (
    _hangs("endless-loop", "never ends", "while True:\n    pass"),
    _hangs(
        "stubborn-loop",
        "never ends, and takes every exception for none",
        """
        while True:
            try:
                while True:
                    pass
            except BaseException:
                continue
        """,
    ),
    _hangs("endless-sleep", "sleeps for ever", "import time\nwhile True:\n    time.sleep(1000)"),
    _hangs("endless-sum", "never ends, in compiled code", "import itertools\nsum(itertools.count())"),
    _hangs("endless-power", "computes a number of a thousand million digits", "x = 7 ** (10**9)"),
    _hangs(
        "endless-pattern",
        "searches a text with a pattern that takes for ever",
        "import re\nre.match('(a+)+$', 'a' * 64 + 'b')",
    ),
    _hangs(
        "deaf",
        "never ends, and has taken away every signal and timer that might end it",
        """
        import signal
        for number in range(1, 65):
            try:
                signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError):
                pass
        signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
        signal.setitimer(signal.ITIMER_REAL, 0)
        while True:
            pass
        """,
    ),
    _hangs(
        "stopped",
        "stops itself, so that it neither runs nor ends",
        "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
    ),
    _hangs(
        "waiting-thread",
        "gives an answer and leaves a thread behind that keeps the process from ending",
        "import threading, time\nthreading.Thread(target=time.sleep, args=(1000,)).start()",
    ),
    _hangs(
        "waiting-exit",
        "gives an answer and sleeps when the process ends",
        "import atexit, time\natexit.register(time.sleep, 1000)",
    ),
    _hangs("waiting-input", "waits for somebody to type", "import os\nos.read(os.pipe()[0], 1)"),
    Attack(
        "endless-cell",
        "never ends, before there is any function",
        code("""
            while True:
                try:
                    while True:
                        pass
                except BaseException:
                    continue
        """),
        "hangs",
    ),
    Attack(
        "fork-bomb",
        "makes processes that make processes",
        spread(
            """
            import os, time
            os.fork()
            os.fork()
            open("@DROP@/process%d" % os.getpid(), "w").close()
            """
        ),
        "trace",
    ),
    Attack(
        "processes",
        "makes more processes than it can have threads",
        spread(
            """
            import os
            for _ in range(10):
                if os.fork() == 0:
                    os._exit(0)
            print(6 * 7, "reached")
            """
        ),
        "told",
    ),
    Attack(
        "threads",
        "makes more threads than anybody needs",
        spread(
            """
            import threading
            gate = threading.Event()
            threading.stack_size(65536)
            made = [threading.Thread(target=gate.wait, daemon=True) for _ in range(400)]
            try:
                for thread in made:
                    thread.start()
                print(6 * 7, "reached")
            finally:
                gate.set()
            """
        ),
        "told",
    ),
    Attack(
        "memory",
        "takes more memory than a job may have",
        spread("import numpy as np\nheld = np.zeros(1 << 28)\nprint(6 * 7, 'reached', held[5])"),
        "told",
    ),
    Attack(
        "large-file",
        "writes one file that is larger than a file may be",
        spread(
            """
            with open("large", "wb") as file:
                for _ in range(12):
                    file.write(bytes(1 << 20))
            print(6 * 7, "reached")
            """
        ),
        "told",
    ),
    Attack(
        "full-disk",
        "writes many files that together are more than a job may keep",
        spread(
            """
            for number in range(24):
                with open(f"part{number}", "wb") as file:
                    file.write(bytes(1 << 20))
            print(6 * 7, "reached")
            """
        ),
        "told",
    ),
    Attack(
        "printed-flood",
        "prints without end",
        spread("for _ in range(2000):\n    print('x' * 10_000)"),
        "floods",
        "loud",
    ),
    Attack(
        "written-flood",
        "writes past Python into the output",
        spread("import os\nfor _ in range(200):\n    os.write(1, b'x' * 100_000)"),
        "floods",
        "loud",
    ),
    Attack(
        "value-flood",
        "gives back more numbers than anybody expects",
        spread("import numpy as np\nreturn np.zeros(2_000_000)"),
        "floods",
        "whole",
    ),
    Attack(
        "open-files",
        "opens more files than a process needs",
        spread(
            """
            held = [open("/dev/null") for _ in range(600)]
            print(6 * 7, "reached")
            """
        ),
        "told",
    ),
)
