"""Who may ask: programs of this machine that know its name and, where others can reach it, those that know the token."""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from starlette.datastructures import Headers

from injerto.web.problems import Problem

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
_CHANGES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True)
class Guard:
    """Checked for every request before anything is read of its body."""

    token: str | None
    names: Collection[str] = LOOPBACK_NAMES
    """Hosts by which the server may be called, without a port; with a token and none of these, all are taken."""
    advice: str = "Start it with --name to give it one."
    """What to do about a host that is not this one's."""

    def require(self, method: str, headers: Headers, *, open_to_all: bool) -> None:
        """*Raises* Problem: 421 for a host that is not this one's, 403 for a page of another site, 401 without the token."""
        host = headers.get("host", "")
        # A page of a name whose address was changed to 127.0.0.1 after it was loaded would be of the same origin.
        if self.names and name_in(host) not in self.names:
            raise Problem(421, f"The host '{host[:80]}' is not a name of this server. {self.advice}")
        if method in _CHANGES:
            origin = headers.get("origin")
            foreign = origin is not None and origin.partition("://")[2] != host
            if foreign or headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
                raise Problem(403, "The request comes from a page of another site.")
        if self.token is not None and not open_to_all and not self._knows(headers.get("authorization", "")):
            raise Problem(401, "The token is missing or wrong: send Authorization: Bearer TOKEN.", headers=_ASK)

    def _knows(self, given: str) -> bool:
        scheme, _, token = given.partition(" ")
        wanted = (self.token or "").encode()
        return scheme.lower() == "bearer" and secrets.compare_digest(token.strip().encode(), wanted)


_ASK = {"WWW-Authenticate": "Bearer"}


def name_in(host: str) -> str:
    """The host of a header without its port.

    Example:
        >>> name_in("localhost:8000"), name_in("[::1]:8000")
        ('localhost', '[::1]')
    """
    name = host[: host.index("]") + 1] if host.startswith("[") and "]" in host else host.partition(":")[0]
    return name.lower()


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens at `host`.

    Example:
        >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
        (True, True, False)
    """
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
