"""Each attack works where nothing guards, so that a wall that stops it has stopped something."""

import json
import os
import platform
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from attacks import ATTACKS
from attacks.model import HONEST, SIGNS, Attack
from attacks.site import Site, planted

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64", reason="attacks on Linux, x86-64"
)
HERE = Path(__file__).parent
SHORT, LONG = 0.4, 60.0  # seconds: for what hangs, and for all else on a busy machine
FLOOD = 5_000_000  # bytes
KERNELS_OWN = ("32-bit", "x32", "AF_ALG", "AF_VSOCK")  # what a kernel may be without


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    with planted(folder) as made:
        shutil.copyfile(HERE / "pages" / "solutions" / "00_mini.md", made.page)
        made.page.write_text(made.page.read_text() + made.token)
        from minilab import mini_text

        made.key.write_text(mini_text())
        yield made


@pytest.fixture(scope="module")
def naive(site):
    """A naive grader that waits for requests."""
    env = os.environ | {"RG_PLANTED": site.token, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(HERE.parent)}
    command = [sys.executable, str(HERE / "attacks" / "naive.py"), str(site.secret), str(site.drop)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=env, cwd=site.folder, start_new_session=True, **pipes) as process:

        def ask(**request) -> dict:
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            assert select.select([process.stdout], [], [], 120)[0], "the naive grader does not answer"
            return json.loads(process.stdout.readline())

        yield ask
        process.stdin.close()
        process.terminate()


def ran(naive, site: Site, attack: Attack) -> dict:
    """What comes of a submission with the attack, and of an honest one behind it."""
    students = [HONEST | {"mini-range": attack.source(site.places)}, HONEST]
    shutil.rmtree(site.work)
    seconds = SHORT if attack.sign == "hangs" else LONG
    places = {"work": str(site.work), "log": str(site.folder / "log")}
    return naive(students=students, how=attack.how, seconds=seconds, **places)


def worked(attack: Attack, site: Site, found: dict) -> bool:
    """Whether the sign of the attack is seen."""
    students = found.get("students")
    match attack.sign:
        case "points":
            return bool(students) and students[0]["mini-range"] == 1
        case "told":
            return site.told(found.get("printed", ""))
        case "trace":
            return _in_time(site.traces)
        case "litter":
            return any(site.work.iterdir())
        case "contact":
            return site.knocks() > 0
        case "dies":
            return not students
        case "hangs":
            return found["late"]
        case "floods":
            return found.get("heard", 0) > FLOOD
        case "spreads":
            return not students or students[1]["mini-pairs"] == 0


def _in_time(seen, seconds: float = 3.0) -> bool:
    """Whether something is seen before long: a process that was left behind takes its time."""
    until = time.monotonic() + seconds
    while not seen() and time.monotonic() < until:
        time.sleep(0.05)
    return bool(seen())


def test_there_are_many_attacks_and_each_has_a_name_and_a_sign_of_its_own():
    assert len(ATTACKS) >= 45
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)
    assert {attack.sign for attack in ATTACKS} == set(SIGNS)
    assert all(attack.tries and attack.answer for attack in ATTACKS)


def test_without_an_attack_nothing_is_seen_and_both_students_have_their_points(naive, site):
    for how in ("numpy", "course", "policy", "after"):
        honest = Attack("honest", "", HONEST["mini-range"], "points", how)
        found = ran(naive, site, honest)
        assert found["students"] == [{"mini-range": 1, "mini-pairs": 3}] * 2
        assert not found["late"]
        others = [s for s in SIGNS if s != "points"]
        assert [s for s in others if s != "trace" and worked(_with(honest, s), site, found)] == []
        assert site.traces() == []


def _with(attack: Attack, sign: str) -> Attack:
    return Attack(attack.name, attack.tries, attack.answer, sign)


@pytest.mark.parametrize("how", ["numpy", "equal", "builtins", "text", "after", "course", "public"])
def test_a_wrong_answer_earns_nothing_from_the_naive_grader_either(naive, site, how):
    wrong = Attack("wrong", "", "def spread(values):\n    return -99.0\n", "points", how)
    assert ran(naive, site, wrong)["students"][0] == {"mini-range": 0, "mini-pairs": 3}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_bites(naive, site, attack):
    if attack.needs == "root" and os.geteuid() != 0:
        pytest.skip("only root can do this at all")
    site.tidy()
    site.knocks()
    found = ran(naive, site, attack)
    seen = worked(attack, site, found)
    site.tidy()
    if attack.needs in KERNELS_OWN and not seen:
        pytest.skip(f"this kernel has no {attack.needs}")
    assert seen, found
