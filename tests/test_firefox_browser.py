"""The marker's page in a real Firefox, whose fields are not Chromium's; skipped where there is none."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from firefox import find_firefox, firefox
from marking import served

from rgteach.grading.rubric.marks import load

pytestmark = pytest.mark.browser
OPENED = "new Promise(done => { const look = () => answer ? done(1) : setTimeout(look, 20); look(); })"


async def marks(address, program):
    """Four lines by keys, one typed with a comma, one in vain; what Firefox complained of, what it shows."""
    async with firefox(program) as browser:
        await browser.open(address)
        await browser.ask(OPENED)
        await browser.press("1")
        await browser.ask("document.getElementById('line-2').focus()")
        await browser.press(*"0,5", "Tab")
        await browser.press("ArrowUp", "ArrowUp", "ArrowUp")
        await browser.press("Tab", *"1;5", "Tab")
        await browser.ask("waiting")
        shown = await browser.ask("part('trouble').textContent")
        return browser.errors, shown


def test_firefox__keys_mark_and_a_comma_is_a_decimal_point(tmp_path):
    program = find_firefox()
    if program is None:
        pytest.skip("not on this machine: Firefox (Debian: apt install firefox-esr)")
    with served(tmp_path, "en") as server:
        with ThreadPoolExecutor(1) as thread:  # where other browser tests have left no loop running
            errors, shown = thread.submit(lambda: asyncio.run(marks(server.address, program))).result()
        first = server.session.queue.answers[0].id
        assert load(server.session.marks.folder).get(first).points == (1, 0.5, 0.75, None, None)
    assert "1;5" in shown
    assert errors == []
