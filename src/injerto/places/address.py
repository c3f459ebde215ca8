"""The address of a file or folder that lies elsewhere, and how a text is told to be one."""

from __future__ import annotations

import errno
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal
from urllib.parse import quote

Scheme = Literal["s3", "gs", "https", "http"]
SCHEMES: dict[str, str] = {"s3": "s3", "gs": "gs", "https": "https", "http": "http"}
"""How an address may begin, and what opens it. Nothing else is opened: no file://, no chain of fsspec's."""
WEB = ("https", "http")
_ADDRESS = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]+)://(.*?)\s*", re.DOTALL)
_SQUEEZED = re.compile(r"([a-z][a-z0-9]+):[/\\](?![/\\])(.+)")
"""What pathlib makes of an address: it takes two slashes for one."""
_PLAIN_IN_WEB = "/%:@!$&'()*+,;=~"


class AddressError(OSError):
    """An address that cannot be opened, whatever is done: another kind, none of a file, packages that lack."""

    def __init__(self, words: str) -> None:
        super().__init__(errno.EINVAL, words)


@dataclass(frozen=True)
class Address:
    """s3://bucket/key, gs://bucket/key or https://host/path; `text` has no slash at its end, unless it is of the web."""

    text: str

    @property
    def scheme(self) -> str:
        """How it begins."""
        return self.text.partition("://")[0]

    @property
    def on_web(self) -> bool:
        """Whether it is of a web server, which has no folders that could be listed."""
        return self.scheme in WEB

    @property
    def name(self) -> str:
        """What follows the last slash, without a query; the bucket or host where nothing does."""
        return self._path.name

    @property
    def suffix(self) -> str:
        """The ending of the name with its dot."""
        return self._path.suffix

    @property
    def suffixes(self) -> list[str]:
        """All endings of the name."""
        return self._path.suffixes

    @property
    def stem(self) -> str:
        """The name without its ending."""
        return self._path.stem

    @property
    def parent(self) -> Address:
        """The folder that it lies in; of a bucket or host, itself."""
        above = self._path.parent.as_posix()
        return self if above == "." else Address(f"{self.scheme}://{above}")

    def with_name(self, name: str) -> Address:
        """Another file beside it."""
        return self.parent / name

    def __truediv__(self, text: str) -> Address:
        """A file or folder counted from here. *Raises* AddressError where `..` leads out of the bucket or host."""
        kept: list[str] = [*self._path.parts]
        for part in text.split("/"):
            if part == "..":
                kept.pop()
            elif part not in ("", "."):
                kept.append(quote(part, safe=_PLAIN_IN_WEB) if self.on_web else part)
            if not kept:
                raise AddressError(f"the path leads out of {self.scheme}://{self._path.parts[0]}")
        return Address(f"{self.scheme}://{'/'.join(kept)}")

    def __lt__(self, other: Address) -> bool:
        return self.text < other.text

    def __str__(self) -> str:
        return self.text

    @property
    def _path(self) -> PurePosixPath:
        rest = self.text.partition("://")[2]
        return PurePosixPath(rest.partition("?")[0] if self.on_web else rest)


Place = Path | Address
"""Where a file or folder lies: on this machine, or elsewhere."""


def place_of(given: str | Path | Address) -> Place:
    """What a person gave as the place of a file, as a path of this machine or an address.

    *Raises* AddressError for an address of a kind that is not read.

    Example:
        >>> place_of("s3://birds/2024/nests.csv").name, place_of(Path("s3://birds/a.csv")), place_of("nests.csv")
        ('nests.csv', Address(text='s3://birds/a.csv'), PosixPath('nests.csv'))
    """
    if isinstance(given, Address):
        return given
    if isinstance(given, Path):
        squeezed = _SQUEEZED.fullmatch(str(given))
        if squeezed is None or squeezed[1] not in SCHEMES:
            return given
        given = f"{squeezed[1]}://{squeezed[2]}"
    address = address_in(given)
    return Path(given) if address is None else address


def address_in(text: str) -> Address | None:
    """The address that a text is; None for any other text. *Raises* AddressError for one of a kind that is not read."""
    found = _ADDRESS.fullmatch(text)
    if found is None:
        return None
    scheme, rest = found[1].lower(), found[2]
    if scheme not in SCHEMES:
        raise AddressError(
            f"addresses of {scheme}:// are not read; known: {', '.join(f'{one}://' for one in SCHEMES)}; or fetch the file and "
            "give its path"
        )
    if not rest.strip("/"):
        raise AddressError(f"{text.strip()} names no bucket and no host")
    return Address(f"{scheme}://{rest if scheme in WEB else rest.strip('/')}")


def joined(folder: Place, text: str) -> Place:
    """The place that `text` names, counted from `folder` unless it is a whole path or an address. *Raises* AddressError."""
    text = text.strip()
    address = address_in(text)
    if address is not None:
        return address
    if isinstance(folder, Path):
        return folder / text
    if Path(text).is_absolute() or re.match(r"[A-Za-z]:[/\\]|[/\\]", text):
        raise AddressError("a path of one machine in a table of a store: write it from the table's folder, or as an address")
    return folder / text


def is_address(given: str | Path) -> bool:
    """Whether a person gave an address, of whatever kind, and no path of this machine."""
    try:
        return isinstance(place_of(given), Address)
    except AddressError:
        return True


def given_place(given: str | Path | Address) -> Place:
    """As `place_of`, with ~ for the home of whoever gave it."""
    place = place_of(given)
    return place.expanduser() if isinstance(place, Path) else place
