"""Answers that use what an exercise forbids, by roads that do not look like it.  All of them are right."""

from attacks.model import Attack, code

_ANSWER = """

def spread(values):
    return float(found.tmax(values) - found.tmin(values))
"""


def _road(name: str, tries: str, text: str, how: str = "policy") -> Attack:
    return Attack(f"forbidden-{name}", tries, code(text) + _ANSWER, "points", how, honest=True)


# `scipy.stats` is what the exercise forbids (see `lab.attacked_page`)
ATTACKS = (
    _road("by-import", "imports it", "import scipy.stats as found", "numpy"),
    _road("from-import", "imports parts of it", "from scipy import stats as found", "numpy"),
    _road("by-name", "puts its name together", "found = __import__('sci' + 'py.st' + 'ats', fromlist=['x'])"),
    _road(
        "by-importlib",
        "has a library import it",
        "import importlib\nfound = importlib.import_module('scipy' + chr(46) + 'stats')",
    ),
    _road("by-exec", "imports it in a text", "exec('import sci' 'py.st' 'ats as found')"),
    _road(
        "by-file",
        "loads it from its file",
        """
        import importlib.util, os, sys
        import numpy
        home = os.path.dirname(os.path.dirname(numpy.__file__))
        place = os.path.join(home, "sci" + "py", "st" + "ats")
        load = importlib.util.spec_from_file_location
        name, file = "sci" + "py.st" + "ats", place + "/__init__.py"
        spec = load(name, file, submodule_search_locations=[place])
        found = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(found)
    """,
    ),
    _road(
        "by-another-library",
        "takes it from a library that holds it",
        """
        import scipy as other
        found = getattr(other, "st" + "ats")
    """,
    ),
    _road(
        "late",
        "imports it when it is called first",
        """
        class Found:
            def __getattr__(self, name):
                import importlib
                return getattr(importlib.import_module("sci" + "py.st" + "ats"), name)
        found = Found()
    """,
    ),
    _road(
        "by-pickle",
        "has it come out of a text of bytes",
        """
        import pickle
        class Found:
            tmax = staticmethod(pickle.loads(b"csci" + b"py.stats\\ntmax\\n."))
            tmin = staticmethod(pickle.loads(b"csci" + b"py.stats\\ntmin\\n."))
        found = Found
    """,
    ),
)
