"""Answers that speak for the grader: forged results, garbage, floods, on whatever door stands open."""

from attacks.model import Attack, code, spread

# every descriptor that can be written to, the process's own three left out
_DOORS = """
    import json, os, struct

    def doors():
        for number in range(3, 64):
            try:
                os.fstat(number)
            except OSError:
                continue
            yield number

    def say(data):
        for number in doors():
            try:
                os.set_blocking(number, False)
                os.write(number, data)
            except OSError:
                pass

    def framed(data):
        # as it is done here, as a line, and in other common ways
        yield struct.pack(">I", len(data)) + data
        yield data + b"\\n"
        for form in ("<I", ">Q", "<Q"):
            yield struct.pack(form, len(data)) + data
"""


def forged(body: str, last: str = "os._exit(0)") -> str:
    """An answer that speaks, and ends the process before anybody else can."""
    return code(_DOORS) + "\n\n" + spread(body, last)


_ALL_RIGHT = """
    right = {"points": {"mini-range": 1, "mini-pairs": 3}, "outcome": "right", "passed": True, "ok": True}
    for data in framed(json.dumps(right).encode()):
        say(data)
"""
_FRAMES = """
    call = {"kind": "value", "value": -99.0}
    step = {"calls": [call] * 7, "again": call, "ran": {}, "breaches": [], "missing": None, "seconds": 0.0}
    steps = [f"{name} {part}" for name in ("mini-range", "mini-pairs") for part in ("public", "hidden")]
    for name in steps:
        data = json.dumps({"step": name, "frame": step}).encode()
        say(struct.pack(">I", len(data)) + data)
"""

ATTACKS = (
    Attack(
        "forged-verdict",
        "writes that all is right into every open descriptor, and ends",
        forged(_ALL_RIGHT),
        "points",
    ),
    Attack(
        "forged-verdict-on-paper",
        "prints a verdict and ends well",
        spread(
            """
            import os
            os.write(1, b'{"points": {"mini-range": 1, "mini-pairs": 3}}\\n')
            os.write(2, b"1 passed in 0.01s\\n")
            os._exit(0)
            """
        ),
        "points",
        "paper",
    ),
    Attack(
        "forged-frames",
        "speaks for its own step and for the next one",
        forged(_FRAMES, "return -99.0"),
        "dies",
    ),
    Attack(
        "forged-greeting",
        "says once more that it is ready, and then that all is right",
        forged(
            "for data in framed(b'{\"ready\": true}'):\n    say(data)\n" + code(_ALL_RIGHT), "return -99.0"
        ),
        "dies",
    ),
    Attack(
        "forged-later",
        "leaves a thread behind that speaks while the next exercise runs",
        forged(
            "import threading, time\n"
            "def later():\n"
            "    time.sleep(0.05)\n"
            "    for data in framed(b'[' * 50):\n"
            "        say(data)\n"
            "    os._exit(0)\n"
            "threading.Thread(target=later).start()",
            "return -99.0",
        ),
        "dies",
        "slow",
    ),
    Attack(
        "garbage-frames",
        "writes garbage into every open descriptor",
        forged("say(bytes(range(256)) * 20 + b'\\n')", "return -99.0"),
        "dies",
    ),
    Attack(
        "deep-frame",
        "writes JSON nested a hundred thousand deep",
        forged("for data in framed(b'[' * 60_000):\n    say(data)", "return -99.0"),
        "dies",
    ),
    Attack(
        "slow-frame",
        "writes a frame that takes a careful reader hours: a text that begins at every other letter",
        forged("for data in framed(b'\\\\\"' * 30_000):\n    say(data)", "return -99.0"),
        "dies",
    ),
    Attack(
        "promised-frame",
        "promises a frame of four thousand million bytes, and waits",
        forged("say(b'\\xff' * 8)\nimport time\ntime.sleep(60)", "return -99.0"),
        "hangs",
    ),
    Attack(
        "endless-frame",
        "fills every open descriptor without end",
        forged(
            "import time\n"
            "until = time.monotonic() + 0.4\n"
            "for number in doors():\n"
            "    os.set_blocking(number, False)\n"
            "while time.monotonic() < until:\n"
            "    say(b'0' * 65536)",
            "return -99.0",
        ),
        "floods",
    ),
    Attack(
        "descriptors-handed-on",
        "sends its own descriptors through those that it found, and asks for those of others",
        forged(
            """
            import socket, array
            rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0, 1, 2]))]
            for number in doors():
                try:
                    door = socket.socket(fileno=os.dup(number))
                    door.settimeout(0.05)
                    door.sendmsg([b"{}\\n"], rights)
                    if door.recvmsg(100, 100)[1]:
                        print(6 * 7, "reached")
                except OSError:
                    pass
            """,
            "return -99.0",
        ),
        "dies",
    ),
)
