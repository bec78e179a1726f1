"""Importing this keeps a grammar from being loaded that nobody asks for.

`nbformat` loads `jsonschema`, and that loads a checker of international web addresses where JupyterLab has
brought one (`rfc3987_syntax`), which compiles its grammar anew in every Python: one to three seconds.  No
notebook holds such an address, and without the package jsonschema simply leaves that format alone.  So our
own commands, JupyterLab as we start it (lab.py), and the tests of a student's notebook do without.
"""

from __future__ import annotations

import sys

UNASKED = "rfc3987_syntax"

sys.modules.setdefault(UNASKED, None)
