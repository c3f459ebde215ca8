"""Warnings are silenced from several threads at once, and heard again afterwards."""

import threading
import warnings

import pytest

from injerto.table.quiet import quiet


def test_warnings_are_silent_inside_and_heard_outside() -> None:
    with quiet():
        warnings.warn("unheard", stacklevel=1)
    with pytest.warns(UserWarning, match="heard"):
        warnings.warn("heard", stacklevel=1)


def test_the_last_thread_out_restores_the_filters() -> None:
    before = list(warnings.filters)
    inside, leave = threading.Barrier(3), threading.Event()
    failures: list[BaseException] = []

    def work() -> None:
        try:
            with quiet():
                inside.wait(timeout=5)
                leave.wait(timeout=5)
                warnings.warn("unheard", stacklevel=1)
        except BaseException as slip:
            failures.append(slip)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    inside.wait(timeout=5)
    with quiet():
        pass
    leave.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert list(warnings.filters) == before


def test_an_error_inside_restores_the_filters() -> None:
    before = list(warnings.filters)
    with pytest.raises(KeyError), quiet():
        raise KeyError
    assert list(warnings.filters) == before
