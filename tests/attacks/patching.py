"""Answers that change the tools with which they are judged."""

from attacks.model import Attack, code

ATTACKS = (
    Attack(
        "patched-allclose",
        "has NumPy say that all numbers agree",
        code("""
            import numpy
            numpy.allclose = numpy.isclose = numpy.array_equal = lambda *a, **k: True

            def spread(values):
                return -99.0
        """),
        "points",
    ),
    Attack(
        "patched-builtins",
        "has abs, max, all and float answer what makes any comparison hold",
        code("""
            import builtins
            builtins.abs = lambda x: 0.0
            builtins.all = lambda items: True

            def spread(values):
                return -99.0
        """),
        "points",
        "builtins",
    ),
    Attack(
        "patched-json",
        "has every value written as the same text",
        code("""
            import json
            json.dumps = lambda *a, **k: '"same"'

            def spread(values):
                return -99.0
        """),
        "points",
        "text",
    ),
    Attack(
        "patched-comparison",
        "has the course's own comparison say yes",
        code("""
            from rgteach.course import compare, judge
            compare.alike = judge.alike = judge.same = lambda *a, **k: True

            def spread(values):
                return -99.0
        """),
        "points",
        "course",
    ),
    Attack(
        "patched-verdict",
        "has the course's judge find every answer right",
        code("""
            from rgteach.course import judge
            judge.judge = lambda *a, **k: judge.Verdict("right", "check-right", {"count": 4})

            def spread(values):
                return -99.0
        """),
        "points",
        "course",
    ),
    Attack(
        "patched-call",
        "has the calls of its function replaced by those that the key expects",
        code("""
            from rgteach.course import run
            import gc
            from rgteach.course.keys import Key

            def known(function, inputs, seconds):
                keys = [k for k in gc.get_objects() if isinstance(k, Key) and k.function == "spread"]
                return [case.expected for case in keys[0].cases], None

            run.calls_and_again = known
            run.calls = lambda *a: known(*a)[0]

            def spread(values):
                return -99.0
        """),
        "points",
        "course",
    ),
    Attack(
        "patched-plain",
        "has the copy that leaves the process be what the key expects",
        code("""
            from rgteach.course import run
            from rgteach.course.keys import Key
            import gc, itertools

            keys = [k for k in gc.get_objects() if isinstance(k, Key) and k.function == "spread"]
            known = itertools.cycle(case.expected.value for case in keys[0].cases)
            run.plain = lambda value: next(known) if type(value) is float else value

            def spread(values):
                return -99.0
        """),
        "points",
        "course",
    ),
    Attack(
        "patched-ast",
        "hides from whoever reads its source what it imports",
        code("""
            import ast
            ast.parse = lambda *a, **k: ast.Module([], [])
            ast.walk = lambda tree: iter(())
            import scipy.constants

            def spread(values):
                return (values.max() - values.min()) * scipy.constants.kilo / 1000
        """),
        "points",
        "policy",
        honest=True,
    ),
    Attack(
        "import-hook",
        "serves a forged module to whoever imports the right answers later",
        code("""
            import sys, types
            from importlib.machinery import ModuleSpec

            class Forged:
                def find_spec(self, name, path=None, target=None):
                    return ModuleSpec(name, self) if "reference" in name else None
                def create_module(self, spec):
                    return types.ModuleType(spec.name)
                def exec_module(self, module):
                    module.spread = lambda values: -99.0

            sys.meta_path.insert(0, Forged())

            def spread(values):
                return -99.0
        """),
        "points",
        "import",
    ),
    Attack(
        "numbers-in-memory",
        "overwrites every lone number that it finds in memory, so that the expected one becomes its own",
        code("""
            import gc
            import numpy as np

            def spread(values):
                for item in gc.get_objects():
                    if type(item) is dict:
                        item = item.values()
                    elif type(item) not in (list, tuple):
                        continue
                    for found in list(item):
                        if type(found) is np.ndarray and found.ndim == 0 and found.flags.writeable:
                            found[...] = -99.0
                return -99.0
        """),
        "points",
    ),
    Attack(
        "sabotage",
        "leaves a broken NumPy behind for the next submission",
        code("""
            import numpy
            numpy.zeros = lambda *a, **k: numpy.ones(*a, **k)
            numpy.random.seed = lambda *a: None

            def spread(values):
                return -99.0
        """),
        "spreads",
    ),
    Attack(
        "trace-function",
        "follows whoever compares, step by step, and tells what is expected",
        code("""
            import sys

            def follow(frame, event, arg):
                if "expected" in frame.f_locals:
                    print(6 * 7, "reached", frame.f_locals["expected"])
                return follow

            def spread(values):
                frame = sys._getframe(1)
                sys.settrace(follow)
                while frame is not None:
                    frame.f_trace = follow
                    frame = frame.f_back
                return -99.0
        """),
        "told",
    ),
)
