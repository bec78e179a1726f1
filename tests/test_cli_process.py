"""The command line as its own process: how fast it starts, pipes, encodings, an empty home, Ctrl-C."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from scan_files import ball, noise, save_nifti

SCRIPT = Path(sys.executable).with_name("rgteach" + (".exe" if os.name == "nt" else ""))


def run(*words, env=None, **more) -> subprocess.CompletedProcess:
    """Run `python -m rgteach` and wait for it."""
    surroundings = {**os.environ, "RGTEACH_LANG": "en", **(env or {})}
    command = [sys.executable, "-m", "rgteach", *map(str, words)]
    return subprocess.run(command, capture_output=True, env=surroundings, timeout=300, check=False, **more)


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    folder = tmp_path_factory.mktemp("case")
    save_nifti(folder / "flair.nii.gz", noise((12, 16, 20)))
    save_nifti(folder / "seg.nii.gz", ball((12, 16, 20)))
    return folder


def test_script__is_installed_and_says_its_version():
    if not SCRIPT.exists():
        pytest.skip("rgteach is not installed in this environment")
    done = subprocess.run([SCRIPT, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("rgteach ")


@pytest.mark.parametrize(
    "words", [("--help",), ("extract", "--help"), ("--version",), ("grade", "--out", "x")]
)
def test_start__loads_nothing_heavy_for_help_and_wrong_usage(words):
    heavy = ("numpy", "pandas", "numba", "nibabel", "matplotlib", "IPython", "pydantic")
    program = (
        "import sys; from rgteach.cli import main; main(sys.argv[1:]); "
        f"print([m for m in {heavy} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, check=True)
    loaded = done.stdout.splitlines()[-1]
    assert loaded == "[]"


def test_process__exit_codes_reach_the_shell(case):
    image, mask = case / "flair.nii.gz", case / "seg.nii.gz"
    assert run("extract", image, mask).returncode == 0
    assert run("extract", image, mask, "--label", 9).returncode == 1
    assert run("extract", image, "--labell", 9).returncode == 2


def test_process__works_with_an_empty_home_and_a_bare_environment(case, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    bare = {"HOME": str(home), "PATH": os.environ.get("PATH", ""), "RGTEACH_LANG": "zh", "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "rgteach", "extract", case / "flair.nii.gz", case / "seg.nii.gz"]
    done = subprocess.run(command, capture_output=True, env=bare, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert "cm_contrast" in done.stdout.decode()
    assert "掩膜" in done.stdout.decode()


@pytest.mark.parametrize(("encoding", "lang"), [("cp1252", "zh"), ("cp936", "en"), ("ascii", "zh")])
def test_process__no_encoding_of_a_pipe_stops_it(case, encoding, lang):
    words = ("extract", case / "flair.nii.gz", case / "seg.nii.gz", "--case", "病例 Ω")
    env = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "RGTEACH_LANG": lang}
    done = run(*words, env=env)
    assert done.returncode == 0, done.stderr
    assert b"cm_contrast" in done.stdout
    assert b"Traceback" not in run("extract", "病例.nii", "x", env=env).stderr


@pytest.mark.skipif(os.name == "nt", reason="no shell pipes")
def test_process__a_reader_that_goes_away_is_no_accident(case):
    command = f'"{sys.executable}" -m rgteach extract flair.nii.gz seg.nii.gz | head -n 1'
    done = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=case, check=False)
    assert done.stdout.strip() == "flair"
    assert done.stderr == ""


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_process__ctrl_c_in_a_batch_keeps_what_was_done(case, tmp_path):
    lines = [f"c{n},{case / 'flair.nii.gz'},{case / 'seg.nii.gz'}" for n in range(3000)]
    (tmp_path / "list.csv").write_text("\n".join(["case,image,mask", *lines]))
    program = (
        "import sys; from rgteach.cli import extract, main; extract.SAVE_EVERY_S = -1; "
        "sys.exit(main(['extract', '--cases', 'list.csv', '--out', 'rows.csv']))"
    )
    env = {**os.environ, "RGTEACH_LANG": "en"}
    command = [sys.executable, "-c", program]
    job = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE, env=env)
    until = time.monotonic() + 120
    while not (tmp_path / "rows.csv").exists() and time.monotonic() < until:
        time.sleep(0.05)
    job.send_signal(signal.SIGINT)
    _, err = job.communicate(timeout=60)
    assert job.returncode == 130, err
    n = len((tmp_path / "rows.csv").read_text().splitlines()) - 1
    assert 0 < n < 3000
    assert f"Interrupted after {n} of 3000" in err.decode()
    assert sorted(os.listdir(tmp_path)) == ["list.csv", "rows.csv"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="needs the right to become somebody else")
def test_process__a_place_without_permission_is_told_and_nothing_is_left():
    """As another user, since an administrator may write everywhere."""
    code = (
        "import os, sys; sys.path.insert(0, sys.argv[1])\n"
        "from rgteach import tables; import rgteach.errors as e\n"
        "os.setuid(65534)\n"
        "try: tables.write({'case': 'a'}, sys.argv[2])\n"
        "except e.LearnerError as error: print(error.key)"
    )
    with tempfile.TemporaryDirectory() as locked:  # pytest's own folders are closed to others
        os.chmod(locked, 0o755)
        command = [sys.executable, "-c", code, Path(__file__).parents[1], f"{locked}/t.csv"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "table-not-allowed"
        assert os.listdir(locked) == []
