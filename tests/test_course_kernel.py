"""In a real kernel: an endless loop ends, the kernel lives on, and progress survives a restart."""

import threading
import time

import pytest
from minilab import mini_text

ENDLESS = """
import time
def pairs(row, n_levels):
    while True:
        try:
            time.sleep(0.001)
        except:
            pass
"""
RIGHT = """
import numpy as np
def spread(values):
    return np.ptp(values)
"""


class Kernel:
    def __init__(self, folder):
        from jupyter_client.manager import start_new_kernel

        self.manager, self.client = start_new_kernel(kernel_name="python3", cwd=str(folder))

    def run(self, code: str) -> dict:
        """The HTML, text, printing and error of one cell."""
        found = {"html": "", "text": "", "printed": "", "error": ""}

        def take(message):
            content = message["content"]
            if message["msg_type"] == "execute_result":
                found["html"] = content["data"].get("text/html", "")
                found["text"] = content["data"].get("text/plain", "")
            elif message["msg_type"] == "stream":
                found["printed"] += content["text"]
            elif message["msg_type"] == "error":
                found["error"] = content["ename"]

        self.client.execute_interactive(code, timeout=60, output_hook=take)
        return found

    def restart(self):
        self.manager.restart_kernel(now=True)
        self.client.wait_for_ready(timeout=60)

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    pytest.importorskip("ipykernel")
    folder = tmp_path_factory.mktemp("workspace")
    (folder / ".rgteach" / "keys").mkdir(parents=True)
    text = mini_text()
    (folder / ".rgteach" / "keys" / "00_mini.json").write_text(text, encoding="utf-8")
    kernel = Kernel(folder)
    yield kernel
    kernel.close()


@pytest.fixture(autouse=True)
def _imported(kernel):
    kernel.run('import rgteach as rg\nrg.setup("en")')


def test_kernel__an_endless_loop_is_stopped_and_told(kernel):
    kernel.run(ENDLESS)
    began = time.monotonic()
    found = kernel.run('rg.check("mini-pairs")')
    assert time.monotonic() - began < 10
    assert "was stopped after 2 seconds" in found["html"]
    assert "was stopped after 2 seconds" in found["text"]
    assert found["error"] == ""
    assert kernel.run("1 + 1")["text"] == "2"


def test_kernel__the_loop_is_stopped_in_chinese_too(kernel):
    kernel.run('rg.setup("zh")\n' + ENDLESS)
    assert "运行超过 2 秒，已被中止" in kernel.run('rg.check("mini-pairs")')["html"]


def test_kernel__the_users_interrupt_stays_an_interrupt(kernel):
    kernel.run("import time\ndef spread(values): time.sleep(60)")
    threading.Timer(1.0, kernel.manager.interrupt_kernel).start()
    assert kernel.run('rg.check("mini-range")')["error"] == "KeyboardInterrupt"
    kernel.run(RIGHT)
    assert "Right" in kernel.run('rg.check("mini-range")')["text"]


def test_kernel__an_error_shows_the_students_own_line(kernel):
    kernel.run("def spread(values):\n    top = values.max()\n    return top / nothing")
    found = kernel.run('rg.check("mini-range")')
    assert "   3 | return top / nothing" in found["text"]
    assert "Traceback" not in found["text"]


def test_kernel__progress_survives_a_restart(kernel):
    kernel.run(RIGHT)
    kernel.run('rg.check("mini-range")')
    kernel.restart()
    kernel.run('import rgteach as rg\nrg.setup("en")')
    (row,) = [line for line in kernel.run("rg.progress()")["text"].splitlines() if "mini-range" in line]
    assert "✓ Right" in row


def test_kernel__what_a_student_prints_does_not_leak_into_the_notebook(kernel):
    kernel.run("def spread(values):\n    print('secret')\n    return values.max() - values.min()")
    found = kernel.run('rg.check("mini-range")')
    assert found["printed"] == ""
    assert "It also printed: secret" in found["text"]
