"""The painter in a real JupyterLab: by mouse, by touch, by keyboard alone, in both languages and both themes.

How long the way from the pointer to the features takes is printed here and judged by benchmarks/painter.py.
"""

import re
import statistics

import pytest
from painting import Painting, empty_notebook
from student import student_at_work

pytestmark = pytest.mark.browser

BEGIN = """import numpy as np, rgteach as rg
p = rg.paint("glioma")
p"""
ACROSS = ((0.35, 0.35), (0.45, 0.5))
PAIRS = """from itertools import product
def pairs_of(painter, i, j):
    box = np.pad(painter.live("a").levels.astype(int), 1)
    n = 0
    for dy, dx in ((0, 1), (1, 1), (1, 0), (1, -1)):
        other = np.roll(box, (-dy, -dx), (0, 1))
        n += np.count_nonzero(((box == i) & (other == j)) | ((box == j) & (other == i)))
    return int(n)"""


BOTH = pytest.mark.parametrize("student", ["en", "zh"], indirect=True)
ONE = pytest.mark.parametrize("student", ["en"], indirect=True)  # what does not depend on the language


@pytest.fixture(scope="module")
def student(request, tmp_path_factory):
    """A student's browser; what goes wrong on the page fails the test at its end."""
    with student_at_work(request.param, tmp_path_factory.mktemp("painter")) as student:
        wrong = []
        hear = lambda error: wrong.append(str(error))  # noqa: E731
        student.page.on("pageerror", hear)
        yield student
        student.page.remove_listener("pageerror", hear)
        assert wrong == []


@pytest.fixture(scope="module")
def painting(student):
    """A painter with a simulated glioma."""
    notebook = empty_notebook(student, "painting")
    yield Painting.begins(student, notebook, BEGIN)
    notebook.close()


@pytest.fixture
def blank(painting):
    """The painter with nothing painted, region A in hand."""
    painting.notebook.show(painting.cell)
    painting.root.get_by_label(painting.word("region", region="A"), exact=True).check()
    painting.root.get_by_label(painting.word("paint"), exact=True).check()
    if painting.seen()["nA"] != "0":
        painting.presses("clear")
    return painting


@BOTH
def test_mouse__a_stroke_is_counted_as_the_kernel_counts_it(blank):
    seen = blank.draws(*ACROSS)
    assert int(seen["nA"]) > 50
    assert blank.colours_of_slice() >= int(seen["nA"]) - 1  # level colours, one of them may be gray
    label, value = blank.first_feature()
    told = blank.asks('int(p.mask.sum()), p.live("a").n, p.features["contrast"]')
    n, live, contrast = re.findall(r"[\d.]+", told)
    assert n == live == seen["nA"]
    assert float(value.replace(",", "")) == pytest.approx(float(contrast), rel=1e-3)
    blank.notebook.show(blank.cell)
    rounds = [float(ms) for ms in blank.seen()["rounds"].split()]
    assert rounds
    print(f"pointer to features: median {statistics.median(rounds):.0f} ms of {len(rounds)}")


@ONE
def test_mouse__the_right_button_moves_the_window_and_paints_nothing(blank):
    first, second = blank.places((0.5, 0.4), (0.5, 0.6))
    sliders = blank.root.get_by_label(blank.word("window-width"), exact=True)
    was = sliders.input_value()
    blank.page.mouse.move(*first)
    blank.page.mouse.down(button="right")
    blank.page.mouse.move(*second, steps=4)
    blank.page.mouse.up(button="right")
    assert blank.settle()["nA"] == "0"
    assert blank.page.locator(".lm-Menu").count() == 0  # JupyterLab's own menu stays away
    assert float(sliders.input_value()) > float(was)
    blank.presses("window-reset")


@ONE
def test_touch__a_finger_paints(blank):
    assert int(blank.touches((0.4, 0.4), (0.42, 0.45), (0.45, 0.5))["nA"]) > 30
    assert blank.board.evaluate("board => getComputedStyle(board).touchAction") == "none"


@BOTH
def test_keyboard__paints_erases_and_takes_back_while_the_notebook_hears_nothing(blank):
    page, before = blank.page, len(blank.notebook.cells())
    blank.board.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.down("Space")
    for _ in range(4):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.up("Space")
    painted = int(blank.settle()["nA"])
    assert painted > 40
    page.keyboard.press("e")
    erased = int(blank.settle()["nA"])
    assert 0 < erased < painted
    page.keyboard.press("Control+z")
    assert blank.settle()["nA"] == str(painted)
    page.keyboard.press("Control+y")
    assert blank.settle()["nA"] == str(erased)
    live = blank.root.locator("[aria-live=polite]")
    told = blank.word("told", region="A", n=erased, area=erased)
    page.wait_for_function(
        "([node, told]) => node.textContent.startsWith(told)", arg=[live.element_handle(), told]
    )
    for key in ("a", "b", "x", "d", "d", "]", "[", "Escape"):
        page.keyboard.press(key)
    assert len(blank.notebook.cells()) == before


@ONE
def test_keyboard__page_up_shows_the_next_slice_and_each_slice_keeps_its_own(blank):
    drawn = blank.draws(*ACROSS)
    blank.page.keyboard.press("PageUp")
    blank.page.wait_for_function(
        "([root, z]) => root.dataset.z === z", arg=[blank.root.element_handle(), str(int(drawn["z"]) + 1)]
    )
    assert blank.settle()["nA"] == "0"
    blank.page.keyboard.press("PageDown")
    blank.page.wait_for_function(
        "([root, z]) => root.dataset.z === z", arg=[blank.root.element_handle(), drawn["z"]]
    )
    assert blank.settle()["nA"] == drawn["nA"]


@ONE
def test_buttons__a_preset_fills_the_region_and_undo_takes_it_back(blank):
    blank.root.locator(".pt-tools .pt-row").nth(1).get_by_role("button").first.click()
    seen = blank.settle()
    assert int(seen["nA"]) > 100
    assert blank.asks("int(p.mask[p.z].sum())").strip() == seen["nA"]
    blank.notebook.show(blank.cell)
    assert blank.presses("undo")["nA"] == "0"
    assert blank.presses("redo")["nA"] == seen["nA"]


@ONE
def test_links__a_cell_lights_its_pairs_on_the_slice_and_a_voxel_its_cells(blank):
    blank.draws(*ACROSS)
    found = blank.asks('[int(k) + 1 for k in np.unravel_index(p.live("a").p.argmax(), (32, 32))]')
    i, j = map(int, re.findall(r"\d+", found))
    blank.student.asks(blank.notebook, f"{PAIRS}\nprint('defined')")
    expected = blank.asks(f"pairs_of(p, {i}, {j})").strip()
    blank.notebook.show(blank.cell)
    dark = blank.brightest_on(".pt-over")
    assert blank.points_at_cell(i, j, 32)["pairs"] == expected
    assert blank.brightest_on(".pt-over") > dark
    (place,) = blank.places((0.4, 0.425))
    blank.page.mouse.move(*place)
    seen = blank.seen()
    assert int(seen["cells"]) == 2 * int(seen["pairs"]) > 0
    assert blank.brightest_on(".pt-map-over") > 0


@ONE
def test_compare__both_regions_have_a_matrix_and_a_column(blank):
    blank.draws(*ACROSS)
    blank.presses("copy", first="A", second="B")
    seen = blank.presses("compare")
    assert seen["nB"] == seen["nA"] != "0"
    assert blank.root.locator(".pt-map:visible").count() == 2
    _, first, second = blank.first_feature()
    assert first == second
    button = blank.root.get_by_role("button", name=blank.word("compare"), exact=True)
    button.hover()
    colours = button.evaluate("one => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor]")
    assert colours == ["rgb(255, 255, 255)", "rgb(0, 114, 178)"]  # pressed, and readable under the mouse
    blank.student.photographs("painter-compare")
    blank.presses("compare")


@BOTH
def test_trouble__one_voxel_and_a_bad_file_are_explained_in_place(blank):
    size = blank.root.get_by_label(blank.word("size"), exact=True)
    size.fill("1")
    blank.draws((0.5, 0.4), (0.5, 0.4))
    size.fill("7")
    assert blank.seen()["nA"] == "1"
    told = blank.root.locator(".pt-matrix .pt-trouble").first
    assert told.is_visible()
    assert re.search("[\u3400-\u9fff]" if blank.student.lang == "zh" else "[a-z]{3}", told.inner_text())
    cell = blank.notebook.append_code("rg.paint(np.zeros((2, 3, 4, 5)))")
    blank.notebook.run(cell)
    (output,) = [out for out in blank.notebook.cells()[cell]["outputs"] if out["output_type"] == "error"]
    assert output["ename"] == "LearnerError"
    blank.notebook._ask("() => jupyterapp.commands.execute('notebook:delete-cell')")


@BOTH
@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"], ids=["dark", "light"])
def test_theme__follows_jupyterlab_and_axe_finds_nothing(blank, theme):
    blank.draws(*ACROSS)
    page, dark = blank.page, theme.endswith("Dark")
    page.evaluate(
        "async theme => { await jupyterapp.commands.execute('apputils:change-theme', {theme}); }", theme
    )
    page.wait_for_function("dark => (document.body.dataset.jpThemeLight === 'false') === dark", arg=dark)
    blank.notebook.show(blank.cell)
    page.mouse.move(5, 5)
    ground, ink = blank.root.evaluate(
        "root => [getComputedStyle(root).backgroundColor, getComputedStyle(root).color]"
    )
    light = [sum(map(int, re.findall(r"\d+", colour)[:3])) for colour in (ground, ink)]
    assert (light[0] < light[1]) == dark
    blank.student.photographs(f"painter-{'dark' if dark else 'light'}")
    assert blank.student.hears(blank.notebook, blank.cell) == []


@ONE
def test_views__a_second_one_shows_the_same_and_follows_and_python_is_heard(blank):
    drawn = blank.draws(*ACROSS)
    second = Painting.begins(blank.student, blank.notebook, "p")
    assert second.seen()["nA"] == drawn["nA"]
    second.presses("undo")
    blank.notebook.show(blank.cell)
    assert blank.settle()["nA"] == "0"
    blank.asks("p.redo()")
    blank.notebook.show(blank.cell)
    assert blank.settle()["nA"] == drawn["nA"]
    blank.notebook.run(second.cell)
    second.notebook.show(second.cell)
    second.root.wait_for()
    assert second.settle()["nA"] == drawn["nA"]
