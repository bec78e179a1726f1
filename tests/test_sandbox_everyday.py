"""Everyday code of a course works behind the wall; what cannot work says so and does not hang."""

import pytest
from boxes import LIMITS, Box, needs_wall, out, tried

pytestmark = needs_wall
LIBRARIES = ["numpy", "numba", "sklearn.linear_model", "pandas", "statsmodels.api", "matplotlib.pyplot"]


@pytest.fixture(scope="module")
def warm():
    """A box whose warm process has the libraries, as when a class is graded."""
    with Box("boxed", preload=LIBRARIES, limits=LIMITS) as made:
        yield made


@pytest.fixture(scope="module")
def cold():
    """One whose children import for themselves."""
    with Box("boxed", limits=LIMITS) as made:
        yield made


COMPILED = """
import numba, numpy as np
@numba.njit(parallel=PARALLEL)
def f(x):
    total = 0.0
    for i in numba.prange(len(x)):
        total += x[i] * 2
    return total
out = [f(np.arange(1000.0)), numba.get_num_threads()]
"""


@pytest.mark.parametrize("parallel", ["False", "True"], ids=["serial", "parallel"])
def test_numba__compiles_and_runs(warm, parallel):
    assert out(warm, COMPILED.replace("PARALLEL", parallel)) == [999_000.0, 1]


def test_numba__compiles_in_a_child_that_imported_it_and_says_nothing_about_it(cold):
    quiet = "import warnings; warnings.simplefilter('error')\n"
    assert out(cold, quiet + COMPILED.replace("PARALLEL", "True")) == [999_000.0, 1]


def test_numpy__solves(warm):
    code = (
        "import numpy as np; a = np.eye(300) * 2\nout = [np.linalg.solve(a, a).trace(), np.fft.fft(a).shape]"
    )
    assert out(warm, code) == [300.0, [300, 300]]


def test_scikit_learn__asked_for_two_processes_works_in_one(warm):
    code = """
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_score
    X = np.random.default_rng(0).normal(size=(60, 3)); y = X[:, 0] > 0
    out = len(cross_val_score(LogisticRegression(), X, y, n_jobs=2))
    """
    assert out(warm, code) == 5


def test_joblib__a_pool_of_processes_is_one_process_and_does_not_hang(cold):
    code = (
        "from joblib import Parallel, delayed\nout = Parallel(n_jobs=2)(delayed(abs)(-k) for k in range(3))"
    )
    assert out(cold, code) == [0, 1, 2]


def test_statsmodels__fits(warm):
    code = """
    import numpy as np, statsmodels.api as sm
    x = np.arange(20.0)
    out = sm.OLS(3 * x + 1, sm.add_constant(x)).fit().params.round(6).tolist()
    """
    assert out(warm, code) == [1.0, 3.0]


def test_pandas__reads_and_writes_in_its_folder(warm):
    code = """
    import pandas as pd
    pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}).to_csv("t.csv", index=False)
    out = pd.read_csv("t.csv").groupby("b").a.sum().tolist()
    """
    assert out(warm, code) == [1, 2]


DRAWN = """
import os, warnings
warnings.simplefilter("error")
import matplotlib.pyplot as plt
plt.plot([1, 2]); plt.title("x²"); plt.savefig("a.png"); plt.show()
out = [os.path.getsize("a.png") > 1000, plt.get_backend().lower()]
"""


def test_matplotlib__draws_without_a_window(warm):
    assert out(warm, DRAWN.replace('"error"', '"default"')) == [True, "agg"]


def test_matplotlib__takes_the_list_of_fonts_that_this_system_has(tmp_path, monkeypatch):
    import matplotlib.font_manager as fonts

    kept = tmp_path / f"fontlist-v{fonts.FontManager.__version__}.json"
    fonts.json_dump(fonts.fontManager, kept)
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path))
    look = "import os; d = os.environ['MPLCONFIGDIR']\n"
    look += "out += [os.path.islink(d + '/' + name) for name in os.listdir(d)]"
    with Box("boxed", limits=LIMITS) as made:
        drawn = out(made, DRAWN.replace('"error"', '"default"') + look)
    assert drawn[:2] == [True, "agg"]
    assert drawn[2:]
    assert all(drawn[2:]), "no list was written anew"


def test_asyncio__runs_tasks_and_threads(cold):
    code = """
    import asyncio, time
    async def main():
        return await asyncio.gather(asyncio.sleep(0, 1), asyncio.to_thread(max, 2, 1))
    out = asyncio.run(main())
    """
    assert out(cold, code) == [1, 2]


@pytest.mark.parametrize(
    "call",
    [
        "subprocess.run('ls', shell=True)",
        "subprocess.check_output(['ls'])",
        "os.posix_spawn('/bin/ls', ['ls'], {})",
        "pty.fork()",
    ],
    ids=["shell", "program", "spawn", "terminal"],
)
def test_programs__are_refused_with_an_error(cold, call):
    assert tried(cold, call, "import os, pty, subprocess") in (
        "PermissionError",
        "FileNotFoundError",
        "OSError",
    )


def test_processes__are_refused_and_nothing_waits_for_them(cold):
    pool = "from concurrent.futures import ProcessPoolExecutor as P\nimport multiprocessing as m"
    told = tried(cold, "list(P(2, m.get_context('fork')).map(abs, [1, 2]))", pool)
    assert told in ("PermissionError", "BrokenProcessPool", "OSError")


def test_recursion__without_end_is_an_exception(cold):
    assert tried(cold, "f()", "def f(): return f()") == "RecursionError"
