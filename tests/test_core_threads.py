"""The limit on BLAS's threads holds while somebody is inside, and is gone afterwards."""

import threading

import pytest
import scipy.linalg  # noqa: F401
from threadpoolctl import threadpool_info, threadpool_limits

from rgteach.core.threads import one_blas_thread


def blas_threads() -> set[int]:
    return {lib["num_threads"] for lib in threadpool_info() if lib["user_api"] == "blas"}


@pytest.fixture(autouse=True)
def two_threads():
    with threadpool_limits(2, user_api="blas"):
        yield


def test_limit__holds_inside_and_is_lifted_outside():
    with one_blas_thread():
        assert blas_threads() == {1}
        with one_blas_thread():
            assert blas_threads() == {1}
        assert blas_threads() == {1}
    assert blas_threads() == {2}


def test_limit__is_lifted_when_an_error_passes_through():
    with pytest.raises(ZeroDivisionError), one_blas_thread():
        1 / 0  # noqa: B018
    assert blas_threads() == {2}


def test_limit__is_left_to_the_main_thread():
    seen = []

    def work():
        with one_blas_thread():
            seen.append(blas_threads())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    with one_blas_thread():
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert seen == [{2}, {1}]
    assert blas_threads() == {2}
