"""Is this installation fit for work?  Each finding is fine, a note or a problem, with its fix as a command.

It looks at metadata, folders and files, and imports nothing heavy, so that it answers at once even where a
library is broken.
"""

from __future__ import annotations

from rgteach.doctor import isolation, kernels, packages, surroundings
from rgteach.doctor.finding import Finding

CHECKS = (
    packages.python,
    packages.dependencies,
    packages.extras,
    kernels.cache_folder,
    kernels.compiled,
    surroundings.brain,
    surroundings.slices,
    surroundings.jupyter,
    surroundings.course,
    surroundings.disk,
    surroundings.fonts,
    surroundings.terminal,
    isolation.isolation,
)


def examine() -> list[Finding]:
    """Look at everything; takes well under a second.

    Returns
    -------
    findings : list of Finding
    """
    return [finding for check in CHECKS for finding in check()]
