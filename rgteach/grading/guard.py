"""In the child: notice where a student's code imports or calls what its exercise forbids, and stop it.

What is forbidden is met by every road that an ordinary program takes:

    import          `import`, `__import__`, `importlib.import_module`, whether the module is loaded or not
    module          whatever is asked of it, by any name that it has
    Python code     the function itself is changed, so any name that it has leads to the gate
    compiled code   the names in its module, and the same object elsewhere in its package, lead to the gate

A library may go on using for its own work what a student may not: the gate looks at who calls.  So a
forbidden function that a student hands to a library (`np.apply_along_axis(np.median, …)`) is met where
its name is read (`policy.static`), not here.  All of it lives in the process of the student's code, as an
obstacle and not as a wall: code made to undo it can.  In the end everything is put back.

Nothing is watched between calls, so loops in plain Python keep their pace.
"""

from __future__ import annotations

import builtins
import importlib
import linecache
import sys
import types
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache

from rgteach.course.forbidden import match
from rgteach.errors import is_learners_file

SEEN_ONLY = "~"  # before a name that is noted and let through
MOST = 20  # breaches that are kept
# what runs a student's code is in use all the time, and holds nothing that an answer could be made of
_MACHINERY = ("rgteach.course", "rgteach.grading", "rgteach.sandbox", "rgteach.wording", "rgteach.errors")
Breach = tuple[str, int, str]  # the forbidden name, the line of the student's cell, its text


class PolicyBreach(RuntimeError):
    """The exercise asks for something without this; `diagnose` has the sentence."""


@contextmanager
def watching(forbid: Iterable[str]) -> Iterator[list[Breach]]:
    """Watch what a student's code imports and calls, and collect the breaches.

    Parameters
    ----------
    forbid : iterable of str
        Dotted names, as `policy.Policy.watched` gives them: with "~" in front what is only noted.
    """
    breaches: list[Breach] = []
    with ExitStack() as undo:
        if forbid := list(forbid):
            _Watch(forbid, breaches, undo).begin()
        yield breaches


class _Watch:
    def __init__(self, forbid: list[str], breaches: list[Breach], undo: ExitStack):
        self.seen_only = {name.lstrip(SEEN_ONLY) for name in forbid if name.startswith(SEEN_ONLY)}
        self.names = [name.lstrip(SEEN_ONLY) for name in forbid]
        self.breaches, self.undo = breaches, undo
        self.armed: set[str] = set()  # names and modules that have their gate
        self.modules = 0  # how many were loaded when gates were last put up

    def begin(self) -> None:
        self._replace(vars(builtins), "__import__", self._importing(builtins.__import__))
        self._replace(vars(importlib), "import_module", self._importing_by_name(importlib.import_module))
        self.arm()

    def arm(self) -> None:
        """Put a gate before what is forbidden and loaded by now."""
        if len(sys.modules) == self.modules:
            return
        self.modules = len(sys.modules)
        for module in _forbidden_among(self.modules, tuple(self.names)):
            if module in self.armed:
                continue
            if _is_loaded(module):
                self._watch_module(module)
            else:
                self.modules = 0  # look again when it has come to its end
        for name in self.names:
            parent, _, last = name.rpartition(".")
            if name not in self.armed and parent and _is_loaded(parent):
                self._watch_name(name, sys.modules[parent], last)

    def _watch_module(self, name: str) -> None:
        """Whoever asks a module for something comes to the gate, and then gets it."""
        forbidden = match(f"{name}.x", self.names)
        module, kind = sys.modules[name], type(sys.modules[name])
        self.armed.add(name)
        if not isinstance(module, types.ModuleType):
            return

        def ask(this, last: str):
            if not last.startswith("__") and match(f"{name}.{last}", (forbidden,)):
                self.met(forbidden, sys._getframe(1))
            return kind.__getattribute__(this, last)

        module.__class__ = type(kind.__name__, (kind,), {"__getattribute__": ask})
        self.undo.callback(setattr, module, "__class__", kind)

    def _watch_name(self, name: str, module: types.ModuleType, last: str) -> None:
        there = vars(module).get(last)
        if there is None or isinstance(there, types.ModuleType):
            return
        self.armed.add(name)
        if isinstance(there, type):
            self._change_code(vars(there).get("__init__"), name)
        elif callable(there) and not self._change_code(there, name):
            self._exchange(module, there, name)

    def _change_code(self, function: object, name: str) -> bool:
        """Let a Python function begin at the gate, whatever name it is called by."""
        function = getattr(function, "__wrapped__", function) if not _is_python(function) else function
        if not _is_python(function):
            return False
        before = function.__code__
        original = types.FunctionType(
            before, function.__globals__, function.__name__, function.__defaults__, function.__closure__
        )
        original.__kwdefaults__ = function.__kwdefaults__

        def gate(*args, **settings):
            self.met(name, sys._getframe(2))
            return original(*args, **settings)

        function.__code__ = _leading_to(gate, before)
        self.undo.callback(setattr, function, "__code__", before)
        return True

    def _exchange(self, module: types.ModuleType, there: Callable, name: str) -> None:
        """Compiled code cannot be changed, so its names are: here, and in the package around."""
        gate = _Gate(there, lambda: self.met(name, sys._getframe(2)))
        package = module.__name__.split(".")[0]
        for place in [m for n, m in list(sys.modules.items()) if n.split(".")[0] == package and m]:
            for last, value in list(vars(place).items()):
                if value is there:
                    self._replace(vars(place), last, gate)

    def _importing(self, before: Callable) -> Callable:
        def __import__(name, globals=None, locals=None, fromlist=(), level=0):
            if not level:
                frame = sys._getframe(1)
                for dotted in (name, *(f"{name}.{part}" for part in fromlist or ())):
                    if found := match(dotted, self.names):
                        self.met(found, frame)
                        break
            module = before(name, globals, locals, fromlist, level)
            self.arm()
            return module

        return __import__

    def _importing_by_name(self, before: Callable) -> Callable:
        def import_module(name, package=None):
            if found := match(str(name), self.names):
                self.met(found, sys._getframe(1))
            module = before(name, package)
            self.arm()
            return module

        return import_module

    def met(self, name: str, frame: types.FrameType | None) -> None:
        """A forbidden name was used; a breach if a student's code did it."""
        if not _is_learners(frame):
            return
        line = frame.f_lineno
        code = linecache.getline(frame.f_code.co_filename, line).strip()[:200]
        if len(self.breaches) < MOST and (name, line, code) not in self.breaches:
            self.breaches.append((name, line, code))
        if name not in self.seen_only:
            raise PolicyBreach(name)

    def _replace(self, space: dict, name: str, value: object) -> None:
        had, before = name in space, space.get(name)
        space[name] = value
        self.undo.callback(space.__setitem__ if had else space.pop, name, *([before] if had else [None]))


class _Gate:
    """Stands for a compiled function: calls come to the gate, everything else goes to the function."""

    def __init__(self, function: Callable, met: Callable[[], None]):
        self._function, self._met = function, met

    def __call__(self, *args, **settings):
        self._met()
        return self._function(*args, **settings)

    def __getattr__(self, name: str):
        return getattr(self._function, name)


@lru_cache(maxsize=64)  # each step of a job begins with the same question
def _forbidden_among(loaded: int, names: tuple[str, ...]) -> list[str]:
    """The forbidden ones of so many loaded modules."""
    packages = tuple({name.partition(".")[0] for name in names})
    mine = [module for module in sys.modules if module.startswith(packages)]
    return [m for m in mine if not m.startswith(_MACHINERY) and match(f"{m}.x", names)]


def _is_loaded(name: str) -> bool:
    """Whether a module has come to its end; one on its way would overwrite what is put there."""
    spec = getattr(sys.modules.get(name), "__spec__", None)
    return name in sys.modules and not getattr(spec, "_initializing", False)


def _is_python(function: object) -> bool:
    return isinstance(function, types.FunctionType)


def _leading_to(gate: Callable, before: types.CodeType) -> types.CodeType:
    """Code that hands everything it is called with to the gate, in the form of the code that it replaces."""

    def begin(*args, **settings):
        gate = "gate"
        return gate(*args, **settings)

    consts = tuple(gate if value == "gate" else value for value in begin.__code__.co_consts)
    return begin.__code__.replace(co_consts=consts, co_freevars=before.co_freevars, co_name=before.co_name)


def _is_learners(frame: types.FrameType | None) -> bool:
    """Whether a frame is of a student's code: of a cell, or of none of the modules that are loaded."""
    if frame is None:
        return False
    if is_learners_file(frame.f_code.co_filename):
        return True
    module = sys.modules.get(frame.f_globals.get("__name__", ""))
    return module is None or vars(module) is not frame.f_globals
