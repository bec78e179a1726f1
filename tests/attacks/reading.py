"""Answers that look for what they must not know."""

from attacks.model import Attack, code, spread

_SCAN = r"""
    import re

    def secrets_of(pid):
        found = re.compile(rb"rg-planted-[0-9a-f]{24}")
        with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
            for line in maps:
                first, last = (int(end, 16) for end in line.split()[0].split("-"))
                if " rw" in line and last - first < 1 << 26:
                    try:
                        memory.seek(first)
                        for text in found.findall(memory.read(last - first)):
                            print(text.decode())
                    except (OSError, ValueError, OverflowError):
                        continue
"""


def _file(name: str, tries: str, place: str) -> Attack:
    return Attack(name, tries, spread(f'print(open("{place}").read()[-300:])'), "told")


ATTACKS = (
    _file("secret-file", "reads the secret from which hidden cases are made", "@SECRET@"),
    _file("source-page", "reads the page with the solutions", "@PAGE@"),
    _file("other-submission", "reads the notebook of another student", "@OTHER@"),
    Attack(
        "secret-by-another-road",
        "reads the secret through links, relative paths and the roots of processes",
        spread(
            """
            import os
            up = "/proc/self/cwd" + "/.." * 12
            roads = [up + "@SECRET@"]
            roads += [f"/proc/{pid}/root@SECRET@" for pid in ("self", 1, os.getppid())]
            for make in (os.symlink, os.link):
                try:
                    make("@SECRET@", make.__name__)
                    roads.append(make.__name__)
                except OSError:
                    pass
            for road in roads:
                try:
                    print(open(road).read())
                except OSError:
                    pass
            """
        ),
        "told",
    ),
    Attack(
        "folders",
        "looks for any file that tells, wherever it may look",
        spread(
            """
            import glob, os
            for name in glob.glob("@HOME@/**", recursive=True):
                if os.path.isfile(name) and os.path.getsize(name) < 1000:
                    try:
                        print(open(name).read()[:60])
                    except (OSError, UnicodeDecodeError):
                        pass
            """
        ),
        "told",
    ),
    Attack(
        "environment",
        "reads its own environment and those of the processes above",
        spread(
            """
            import glob, os, re
            texts = [str(dict(os.environ))]
            for name in glob.glob("/proc/[0-9]*/environ"):
                try:
                    texts.append(open(name, errors="replace").read())
                except OSError:
                    pass
            print(set(re.findall("rg-planted-[0-9a-f]+", " ".join(texts))))
            """
        ),
        "told",
    ),
    Attack(
        "own-memory",
        "scans its own memory for what was left there before it was born",
        code(_SCAN) + "\n\n" + spread('secrets_of("self")'),
        "told",
    ),
    Attack(
        "parent-memory",
        "scans the memory of the processes above",
        code(_SCAN)
        + "\n\n"
        + spread(
            """
            import os
            pid = os.getppid()
            for _ in range(2):
                try:
                    secrets_of(pid)
                    pid = int(open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[1])
                except OSError:
                    break
            """
        ),
        "told",
    ),
    Attack(
        "memory-by-address",
        "reads its memory by address, without any file and without falling over",
        spread(
            """
            import ctypes, os, re, sys
            libc = ctypes.CDLL(None)
            libc.write.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t]
            libc.sbrk.restype = ctypes.c_void_p
            out, into = os.pipe()
            step, found = 4096, set()
            near = [id(sys.modules), id("x"), id(values), libc.sbrk(0), id(os.environ)]
            near.append(ctypes.c_void_p.in_dll(libc, "environ").value)
            pages = {(a & -step) + k * step for a in near for k in range(-4000, 4000)}
            before = b""
            for page in sorted(pages):
                read = libc.write(into, page, step) if page > 0 else -1
                text = os.read(out, step) if read > 0 else b""
                found |= set(re.findall(rb"rg-planted-[0-9a-f]{24}", before + text))
                before = text[-40:]
            print(found)
            """
        ),
        "told",
    ),
    Attack(
        "objects-in-memory",
        "asks the garbage collector for texts that others have left",
        spread(
            """
            import gc, re
            for item in gc.get_objects():
                if type(item) is dict:
                    for value in list(item.values()):
                        if type(value) in (str, bytes) and len(value) < 500:
                            for found in re.findall("rg-planted-[0-9a-f]{24}", str(value)):
                                print(found)
            """
        ),
        "told",
    ),
    Attack(
        "descriptors",
        "reads from every descriptor that is open",
        spread(
            """
            import os
            for number in range(3, 200):
                try:
                    print(os.pread(number, 200, 0).decode())
                except (OSError, UnicodeDecodeError):
                    pass
            """
        ),
        "told",
    ),
    Attack(
        "frames",
        "walks up the frames for the expected value",
        spread(
            """
            import sys
            frame = sys._getframe(1)
            while frame is not None:
                for name, value in frame.f_locals.items():
                    if name == "expected":
                        return float(value)
                frame = frame.f_back
            """
        ),
        "points",
    ),
    Attack(
        "traceback",
        "fails on purpose and walks along the traceback to those who caught it",
        spread(
            """
            try:
                raise ValueError
            except ValueError as error:
                frame = error.__traceback__.tb_frame
            while frame is not None:
                for case in frame.f_locals.get("cases") or ():
                    try:
                        args, expected = case
                        if args[0] is values or (args[0] == values).all():
                            return float(expected)
                    except Exception:
                        pass
                frame = frame.f_back
            """
        ),
        "points",
    ),
    Attack(
        "garbage-collector",
        "asks the garbage collector for pairs of an input like its own and a number",
        spread(
            """
            import gc
            import numpy as np
            for item in gc.get_objects():
                if type(item) is tuple and len(item) == 2 and type(item[0]) is tuple:
                    try:
                        if np.array_equal(item[0][0], values) and np.ndim(item[1]) == 0:
                            return float(item[1])
                    except Exception:
                        continue
            """
        ),
        "points",
    ),
    Attack(
        "expected-by-name",
        "looks through every module for keys, cases and seeds",
        spread(
            """
            import sys
            import numpy as np
            for module in list(sys.modules.values()):
                for name in ("CASES", "KEY", "SEED", "EXPECTED"):
                    for args, expected in getattr(module, name, None) or ():
                        if np.array_equal(args[0], values):
                            return float(expected)
            """
        ),
        "points",
    ),
    Attack(
        "key-in-the-course",
        "runs the solution that stands in the key of the course",
        spread(
            """
            import json
            data = json.load(open("@KEY@"))
            (mine,) = [e for e in data["exercises"] if e["id"] == "mini-range"]
            names = {}
            exec(mine["solution"]["en"], names)
            return names["spread"](values)
            """
        ),
        "points",
    ),
    Attack(
        "key-by-import",
        "asks the installed course for the solution of an exercise",
        spread(
            """
            from rgteach.course import keys
            found = [key for key in keys.all_keys() if key.solution]
            print(6 * 7, "reached", len(found[0].solution["en"]))
            """
        ),
        "told",
    ),
    Attack(
        "solution-in-the-page",
        "cuts the solution out of the source page and runs it",
        spread(
            """
            text = open("@PAGE@").read()
            start = text.index("def spread(values):")
            names = {}
            exec(text[start : text.index("```", start)], names)
            return names["spread"](values)
            """
        ),
        "points",
    ),
)
