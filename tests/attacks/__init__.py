"""Attacks on a grade, as data: what a student's file might try, and how one sees that it worked.

Each attack is shown to work where nothing guards (see `naive`, `trusting`) before the wall is asked to stop
it.  They run on this machine only, against what a test has planted in a folder of its own (see `site`).
"""

from attacks import answering, ending, forging, hogging, kernel, leaving, patching, policy, reaching, reading
from attacks.model import Attack

ATTACKS: tuple[Attack, ...] = (
    *patching.ATTACKS,
    *answering.ATTACKS,
    *forging.ATTACKS,
    *reading.ATTACKS,
    *leaving.ATTACKS,
    *hogging.ATTACKS,
    *ending.ATTACKS,
    *kernel.ATTACKS,
    *reaching.ATTACKS,
    *policy.ATTACKS,
)
