"""Answers that use what an exercise forbids, by roads that do not look like it.  All of them are right."""

from attacks.model import Attack, code

_ANSWER = """

def spread(values):
    found.@LAST@
    return values.max() - values.min()
"""
# each road leads to both: what is watched, and what is hidden (see `lab.FORBIDDEN`)
_TARGETS = {"watched": ("scipy", "constants", "kilo"), "hidden": ("rgteach", "stats.result", "TestResult")}


def _roads(name: str, tries: str, text: str, how: str = "policy") -> list[Attack]:
    """An attack for each target; `@ONE@` and `@TWO@` are the halves of its name, `@LAST@` what is in it."""
    made = []
    for kind, (one, two, last) in _TARGETS.items():
        answer = (code(text) + _ANSWER).replace("@ONE@", one).replace("@TWO@", two).replace("@LAST@", last)
        made.append(Attack(f"{kind}-{name}", tries, answer, "points", how, honest=True))
    return made


ATTACKS = (
    *_roads("by-import", "imports what is forbidden", "import @ONE@.@TWO@ as found", "numpy"),
    *_roads(
        "from-import",
        "imports a part of what is forbidden",
        "from @ONE@.@TWO@ import @LAST@\nfound = type('F', (), dict(@LAST@=@LAST@))",
        "numpy",
    ),
    *_roads(
        "by-name",
        "puts a forbidden name together",
        "found = __import__('@ONE@' + '.' + '@TWO@', fromlist=['x'])",
    ),
    *_roads(
        "by-importlib",
        "has a library import what is forbidden",
        "import importlib\nfound = importlib.import_module('@ONE@' + chr(46) + '@TWO@')",
    ),
    *_roads("by-exec", "imports what is forbidden in a text", "exec('imp' 'ort @ONE@.@TWO@ as found')"),
    *_roads(
        "by-file",
        "loads what is forbidden from its file",
        """
        import importlib.util, os
        import @ONE@ as home
        place = os.path.join(home.__path__[0], *"@TWO@".split("."))
        load, name = importlib.util.spec_from_file_location, "@ONE@" + ".@TWO@"
        if os.path.isdir(place):
            spec = load(name, place + "/__init__.py", submodule_search_locations=[place])
        else:
            spec = load(name, place + ".py")
        found = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(found)
        """,
    ),
    *_roads(
        "by-attribute",
        "takes what is forbidden from a library that holds it",
        """
        import functools, @ONE@ as other
        found = functools.reduce(getattr, "@TWO@".split("."), other)
        """,
    ),
    *_roads(
        "late",
        "imports what is forbidden when it is called first",
        """
        class Found:
            def __getattr__(self, name):
                import importlib
                return getattr(importlib.import_module("@ONE@" + "." + "@TWO@"), name)
        found = Found()
        """,
    ),
    *_roads(
        "by-pickle",
        "has what is forbidden come out of a text of bytes",
        """
        import pickle
        class Found:
            @LAST@ = pickle.loads(b"c@ONE@" + b".@TWO@\\n@LAST@\\n.")
        found = Found
        """,
    ),
)
