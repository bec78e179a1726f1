"""Answers that lie about what they are."""

from attacks.model import Attack, code, spread

_EQUAL = """
    class Equal:
        def __eq__(self, other): return True
        def __ne__(self, other): return False
        def __bool__(self): return True
        __hash__ = None
"""

ATTACKS = (
    Attack(
        "equal-to-everything",
        "gives back an object that equals whatever it is compared with",
        code(
            _EQUAL
            + """
    def spread(values):
        return Equal()
"""
        ),
        "points",
        "equal",
    ),
    Attack(
        "equal-in-an-array",
        "hides such objects in an array of objects",
        code(
            _EQUAL
            + """
    def spread(values):
        import numpy as np
        held = np.empty(1, dtype=object)
        held[0] = Equal()
        return held
"""
        ),
        "points",
        "equal",
    ),
    Attack(
        "lying-array",
        "gives back a kind of array whose comparisons always hold",
        code("""
            import numpy as np

            class Lying(np.ndarray):
                def __eq__(self, other): return True
                def __array_ufunc__(self, ufunc, method, *args, **kwargs): return np.True_
                def __array_function__(self, function, types, args, kwargs): return True

            def spread(values):
                return np.zeros(1).view(Lying)
        """),
        "points",
    ),
    Attack(
        "lying-float",
        "gives back a kind of float whose differences are always nought",
        code("""
            class Lying(float):
                def __sub__(self, other): return 0.0
                def __rsub__(self, other): return 0.0
                def __eq__(self, other): return True
                def __abs__(self): return 0.0
                __hash__ = float.__hash__

            def spread(values):
                return Lying(-99)
        """),
        "points",
        "equal",
    ),
    Attack(
        "lying-text",
        "gives back a kind of text that equals every text",
        code("""
            class Lying(str):
                def __eq__(self, other): return True
                def __ne__(self, other): return False
                def __str__(self): return self
                __hash__ = str.__hash__

            def spread(values):
                return Lying("-99")
        """),
        "points",
        "equal",
    ),
    Attack(
        "lying-class",
        "gives back an object that calls itself a float and turns into what it is compared with",
        code("""
            class Lying:
                __class__ = float
                def __eq__(self, other): return True
                def __float__(self): return 0.0

            def spread(values):
                return Lying()
        """),
        "points",
        "equal",
    ),
    Attack(
        "array-hook",
        "hands itself over as whatever array stands in the frame that asks",
        code("""
            import sys

            class Hook:
                def __array__(self, dtype=None, copy=None):
                    import numpy as np
                    frame = sys._getframe()
                    while frame is not None:
                        if "expected" in frame.f_locals:
                            return np.asarray(frame.f_locals["expected"], dtype=dtype)
                        frame = frame.f_back
                    return np.asarray(-99.0)

            def spread(values):
                return Hook()
        """),
        "points",
    ),
    Attack(
        "listening-comparison",
        "asks what it is compared with, and how long that takes, and tells",
        code("""
            class Listening:
                def __eq__(self, other):
                    print(6 * 7, "reached", other)
                    return False
                __hash__ = None

            def spread(values):
                return Listening()
        """),
        "told",
        "equal",
    ),
    Attack(
        "changed-input",
        "empties its input, from which the expected value is made later",
        spread("values[...] = 0", "return 0.0"),
        "points",
        "after",
    ),
    Attack(
        "deepcopy-hook",
        "has copies of the input be the input itself, and empties that",
        code("""
            import copy
            copy.deepcopy = lambda value, *a: value

            def spread(values):
                values[...] = 0
                return 0.0
        """),
        "points",
        "copied",
    ),
    Attack(
        "pickle",
        "gives back an object that runs a command where it is unpacked",
        code("""
            class Packed:
                def __reduce__(self):
                    return eval, ("open('@DROP@/unpacked', 'w').close()",)

            def spread(values):
                return Packed()
        """),
        "trace",
        "pickle",
    ),
    Attack(
        "mapped-array",
        "gives back an array that is a file, which changes when somebody looks at it",
        code("""
            import numpy as np

            def spread(values):
                return np.memmap("@DROP@/mapped", dtype=float, mode="w+", shape=(1,))
        """),
        "trace",
    ),
    Attack(
        "deep-value",
        "gives back lists within lists until whoever reads them falls over",
        code("""
            def spread(values):
                deep = []
                for _ in range(100_000):
                    deep = [deep]
                return deep
        """),
        "dies",
        "nested",
    ),
    Attack(
        "circular-value",
        "gives back a list that holds itself",
        code("""
            def spread(values):
                ring = []
                ring.append(ring)
                return ring
        """),
        "dies",
        "nested",
    ),
    Attack(
        "huge-integer",
        "gives back a number with so many digits that writing it down takes for ever",
        spread("return 1 << 40_000_000"),
        "hangs",
        "digits",
    ),
    Attack(
        "decompression-bomb",
        "gives back a few bytes that unfold into very many",
        code("""
            import zlib

            def spread(values):
                return zlib.compress(bytes(16_000_000), 9)
        """),
        "floods",
        "unpack",
    ),
    Attack(
        "wide-text-array",
        "gives back an array with one long text, for which every other element needs as much room",
        code("""
            def spread(values):
                import numpy as np
                return np.lib.stride_tricks.as_strided(np.array(["x" * 1000]), (20_000,), (0,))
        """),
        "floods",
        "whole",
    ),
    Attack(
        "known-answers",
        "knows the answers to the public cases by heart",
        code("""
            def spread(values):
                return {(2, 5, 3): 3, (-4.0, 1.5): 5.5, (0.25, 8.5, -3.0, 7.0): 11.5, (7.0,): 0.0}.get(
                    tuple(values.tolist()), -99.0
                )
        """),
        "points",
        "public",
    ),
    Attack(
        "counted-calls",
        "counts its calls to tell public cases from hidden ones, and works on the public ones only",
        code("""
            calls = []

            def spread(values):
                calls.append(1)
                return values.max() - values.min() if len(calls) <= 4 else -99.0
        """),
        "points",
        "public",
    ),
)
