"""Answers that leave something behind: files, processes, state that the next one meets."""

from attacks.model import Attack, code, spread


def _writes(name: str, tries: str, body: str, sign: str = "trace") -> Attack:
    return Attack(name, tries, spread(body), sign)


ATTACKS = (
    _writes("file-outside", "writes a file outside its folder", 'open("@DROP@/file", "w").write("x")'),
    _writes("precious-file", "overwrites a file of the instructor", 'open("@PRECIOUS@", "w").write("mine")'),
    _writes("removed-file", "removes a file of the instructor", 'import os\nos.remove("@PRECIOUS@")'),
    _writes(
        "moved-file",
        "moves another file over a file of the instructor",
        'import os\nopen("new", "w").write("mine")\nos.replace("new", "@PRECIOUS@")',
    ),
    _writes(
        "linked-file",
        "opens the instructor's file through a link in its own folder",
        'import os\nos.symlink("@PRECIOUS@", "link")\nopen("link", "w").write("mine")',
    ),
    _writes("changed-rights", "opens a secret to everybody", 'import os\nos.chmod("@SECRET@", 0o666)'),
    _writes("truncated-file", "cuts the instructor's file", 'import os\nos.truncate("@PRECIOUS@", 0)'),
    _writes(
        "shared-memory",
        "leaves a note for the next submission in shared memory",
        """
        from multiprocessing import resource_tracker, shared_memory
        resource_tracker.register = lambda *a: None
        note = shared_memory.SharedMemory("@NAME@", create=True, size=64)
        note.buf[:1] = b"x"
        note.close()
        """,
    ),
    _writes(
        "common-folders",
        "leaves a note for the next submission where everybody may write",
        """
        for folder in ("/tmp", "/var/tmp", "/dev/shm", "/run/lock"):
            try:
                open(f"{folder}/@NAME@-note", "w").write("x")
            except OSError:
                pass
        """,
    ),
    _writes(
        "kept-kernels",
        "puts a file where compiled kernels are kept, for others to load",
        """
        import os
        os.makedirs(os.environ.get("NUMBA_CACHE_DIR") or "@DROP@/cache", exist_ok=True)
        open((os.environ.get("NUMBA_CACHE_DIR") or "@DROP@/cache") + "/@NAME@.nbi", "w").close()
        """,
    ),
    _writes(
        "poisoned-library",
        "writes beside a library that the next submission imports",
        """
        import numpy, rgteach
        for module in (numpy, rgteach):
            with open(module.__file__ + ".@NAME@", "w") as file:
                file.write("x")
        """,
    ),
    _writes(
        "directory-descriptor",
        "leaves its folder through a folder that somebody left open",
        """
        import os
        for number in range(3, 64):
            try:
                os.close(os.open("through", os.O_WRONLY | os.O_CREAT, dir_fd=number))
            except OSError:
                pass
        """,
    ),
    _writes(
        "daemon",
        "leaves a process behind that writes when all is over",
        """
        import os, time
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                time.sleep(0.3)
                open("@DROP@/later", "w").close()
            os._exit(0)
        """,
    ),
    _writes(
        "many-files",
        "fills its folder with files, for somebody else to remove",
        """
        for number in range(1000):
            open(f"file{number}", "w").close()
        """,
        sign="litter",
    ),
    _writes(
        "stubborn-folders",
        "makes folders that nobody can remove by the common ways: deep ones, locked ones",
        """
        import os
        open("here", "w").close()
        for _ in range(200):
            os.mkdir("d" * 200)
            os.chdir("d" * 200)
        open("deep", "w").close()
        os.chmod(".", 0)
        """,
        sign="litter",
    ),
    _writes(
        "special-files",
        "makes pipes, sockets and devices in its folder",
        """
        import os, socket, stat
        os.mkfifo("pipe")
        for kind in (stat.S_IFCHR, stat.S_IFBLK):
            try:
                os.mknod("device%d" % kind, 0o666 | kind, os.makedev(1, 5))
            except OSError:
                pass
        """,
        sign="litter",
    ),
    Attack(
        "kept-state",
        "leaves state in libraries for the next submission: rounding, chance, limits, switches",
        code("""
            import sys, warnings
            import numpy as np

            np.seterr(all="raise")
            np.random.seed(7)
            sys.setrecursionlimit(60)
            warnings.simplefilter("error")
            del np.zeros

            def spread(values):
                return -99.0
        """),
        "spreads",
    ),
)
