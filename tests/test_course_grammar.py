"""What nobody asks for is loaded neither by our commands, nor by JupyterLab as we start it, nor by checks."""

import subprocess
import sys

import pytest

READS = (
    "import nbformat.validator, sys; print(sys.modules.get('rfc3987_syntax'), 'jsonschema' in sys.modules)"
)
STARTS = {
    "checks of notebooks": "import rgteach.course.grammar; ",
    "jupyterlab": "import rgteach.course.lab; ",
    "commands": "from rgteach.cli import main; main(['--version']); ",
}


@pytest.mark.parametrize("first", STARTS.values(), ids=STARTS)
def test_grammar__is_not_loaded_with_a_notebook(first):
    told = subprocess.run([sys.executable, "-c", first + READS], capture_output=True, text=True, check=True)
    assert told.stdout.split()[-2:] == ["None", "True"]


def test_grammar__is_all_that_a_checker_of_formats_goes_without():
    program = "import jsonschema; print(*sorted(jsonschema.FormatChecker().checkers))"
    found = [
        set(subprocess.check_output([sys.executable, "-c", first + program], text=True).split())
        for first in ("", "import rgteach.course.grammar; ")
    ]
    assert found[0] - found[1] <= {"iri", "iri-reference"}
    assert {"date-time", "uri", "email", "regex"} & found[0] <= found[1]
