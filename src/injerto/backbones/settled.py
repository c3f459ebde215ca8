"""Networks that will not change any more: what is worked out once from their weights is kept, and not worked out anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from torch import nn

Found = TypeVar("Found")

_kept: WeakKeyDictionary[nn.Module, dict[object, Any]] = WeakKeyDictionary()


def settle(network: nn.Module) -> None:
    """Promise that the weights of `network` change no more, as while it is served: copies made for speed are kept with it.

    Training must never be given a network that is settled.
    """
    _kept.setdefault(network, {})


def once(network: nn.Module, what: object, work: Callable[[], Found]) -> Found:
    """`work()`, or what it gave before under the name `what` if `network` is settled."""
    kept = _kept.get(network)
    if kept is None:
        return work()
    if what not in kept:
        kept[what] = work()
    found: Found = kept[what]
    return found
