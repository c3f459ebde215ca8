"""Which cluster is meant by `--on`: the one this machine is part of, or one at an address."""

from __future__ import annotations

import re
from dataclasses import dataclass

from injerto.errors import ScaleError

AUTO = "auto"
_FORM = re.compile(r"ray(://(?P<place>.*))?")
_PLACE = re.compile(r"(?P<host>\[[0-9a-fA-F:]+\]|[^\s:/@\[\]]+):(?P<port>[0-9]{1,5})")


@dataclass(frozen=True)
class Address:
    """A cluster: with a `host`, the one whose head listens there; else the one that this machine is part of."""

    host: str = ""
    port: int = 0
    running: bool = False
    """Without a host: it must run already. Otherwise one is started on this machine where there is none."""

    @property
    def place(self) -> str:
        """HOST:PORT, or "auto"."""
        return f"{self.host}:{self.port}" if self.host else AUTO


def address_of(text: str) -> Address:
    """`ray`, `ray://auto` or `ray://HOST:PORT`. *Raises* ScaleError for anything else.

    Example:
        >>> address_of("ray://10.0.0.5:6379").place
        '10.0.0.5:6379'
    """
    form = _FORM.fullmatch(text.strip())
    if form is None:
        raise _refused(text)
    place = form["place"]
    if place is None:
        return Address()
    if place == AUTO:
        return Address(running=True)
    parts = _PLACE.fullmatch(place)
    if parts is None or not 0 < int(parts["port"]) < 65536:
        raise _refused(text)
    return Address(parts["host"], int(parts["port"]), running=True)


def _refused(text: str) -> ScaleError:
    return ScaleError(
        f"'{text}' names no cluster. Give 'ray' for the cluster this machine is part of (without one, its own cores), "
        "'ray://auto' for one that must run already, or 'ray://HOST:PORT' with the address that 'ray start --head' printed, "
        "such as ray://10.0.0.5:6379."
    )
