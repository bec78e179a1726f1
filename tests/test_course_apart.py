"""A notebook taken apart: what json reads, the same; what it refuses, refused; texts letter for letter."""

import json

import pytest

from rgteach.course.apart import apart

GOOD = [
    '{"cells": []}',
    ' \n{ "cells" : [ ] , "nbformat":4}\t\r\n ',
    '{"n": 4, "cells": [{"id": "a,]}", "n": [1, {"x": "\\"]"}]}, {"id": "b"}], "metadata": {"cells": [1]}}',
    '{"cells": [1,\n  "two" ,null,[[]], -0.50, 1E+2, 123456789012345678901, "\\ud800 ä 中"], "m": NaN}',
    '{"cells": [1], "cells": [2, 3]}',
]
BROKEN = [
    "", "{", '{"cells"', '{"cells": ', '{"cells": [', '{"cells": [1', '{"cells": [1,', '{"cells": [1,]}',
    '{"cells": [1]', '{"cells": [1],}', '{"cells": [1]} x', '{"cells": [1 2]}', "{,}", '{"cells": [,]}',
    '{3: [1], "cells": []}', '{"cells" [1]}', '{"cells": [], "a"}', "{cells: []}", "\ufeff{}",
]  # fmt: skip
OTHER = ["[]", "null", "3", '"{}"', "{}", '{"cells": 3}', '{"cells": {"0": 1}}', '{"cells": [1], "cells": 2}']


@pytest.mark.parametrize("text", GOOD, ids=range(len(GOOD)))
def test_apart__reads_what_json_reads_and_keeps_each_cells_text(text):
    whole = json.loads(text)
    rest, cells = apart(text)
    assert repr([cell for cell, _ in cells]) == repr(whole.pop("cells"))
    assert repr(rest) == repr(whole)
    assert all(own in text and json.loads(own) == cell for cell, own in cells)


@pytest.mark.parametrize("text", BROKEN, ids=range(len(BROKEN)))
def test_apart__refuses_what_json_refuses(text):
    with pytest.raises(ValueError, match=r"\S"):
        json.loads(text)
    with pytest.raises(ValueError, match=r"\S"):
        apart(text)


@pytest.mark.parametrize("text", OTHER, ids=range(len(OTHER)))
def test_apart__refuses_what_has_no_list_of_cells(text):
    json.loads(text)
    with pytest.raises(ValueError, match=r"no \{|no list of cells"):
        apart(text)
