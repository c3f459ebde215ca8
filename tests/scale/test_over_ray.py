"""Every item is answered exactly once, whatever Ray hands over twice, in pieces, late or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from injerto.errors import ScaleError
from injerto.scale import over_ray
from injerto.scale.errand import Errand
from injerto.scale.over_ray import _whole, _windows
from injerto.scale.worker import Worker, as_block
from injerto.version import __version__


@dataclass
class Echo(Errand):
    """Each byte of an item is a part of its answer."""

    broken: bool = False

    def ready(self) -> None:
        self.times = getattr(self, "times", 0) + 1
        if self.broken:
            raise ValueError("no model here")

    def do(self, item: bytes) -> Iterator[bytes]:
        for place in range(len(item)):
            if item[place : place + 1] == b"!":
                raise OSError("the disk is gone")
            yield item[place : place + 1]


def worked(errand: Echo, items: list[bytes], version: str = __version__) -> list[dict[str, Any]]:
    block = as_block({"number": list(range(len(items))), "content": items})
    return [row for part in Worker(errand, version, {})(block) for row in part.to_pylist()]


def test_parts_become_answers() -> None:
    errand = Echo()
    parts = worked(errand, [b"abc", b"", b"d"])
    assert list(_whole(parts, range(3))) == [(0, [b"a", b"b", b"c"]), (1, [b""]), (2, [b"d"])]
    assert errand.times == 1


def test_what_comes_twice_or_mixed_counts_once() -> None:
    a, b, c, end = worked(Echo(), [b"abc", b"z"])
    assert list(_whole([b, a, end, b, c, end, a, b, c], range(2))) == [(1, [b"z"]), (0, [b"a", b"b", b"c"])]


def test_what_does_not_come_is_a_mistake() -> None:
    with pytest.raises(ScaleError, match=r"without an answer to 1 of 2 pieces of work. Give the command again"):
        list(_whole(worked(Echo(), [b"abc", b"z"])[1:], range(2)))


def test_a_worker_says_why_it_cannot_go_on() -> None:
    with pytest.raises(
        ScaleError, match=r"A worker on .* \(process \d+\) could not go on: the disk is gone. The work was stopped"
    ):
        list(_whole(worked(Echo(), [b"a", b"b!"]), range(2)))
    with pytest.raises(ScaleError, match="could not go on: no model here"):
        list(_whole(worked(Echo(broken=True), [b"a"]), range(1)))
    with pytest.raises(ScaleError, match=r"it has Injerto .*, the command came from 0.0.0; install the same there"):
        list(_whole(worked(Echo(), [b"a"], version="0.0.0"), range(1)))


def test_items_wait_in_bounded_amounts(monkeypatch: pytest.MonkeyPatch) -> None:
    items = [b"x" * size for size in (10, 50, 45, 200, 5, 5, 5)]
    assert [len(window) for window in _windows(items, 400)] == [2, 1, 1, 3]
    monkeypatch.setattr(over_ray, "WINDOW_ITEMS", 2)
    assert [len(window) for window in _windows(items, 10**9)] == [2, 2, 2, 1]
    assert list(_windows([], 100)) == []
