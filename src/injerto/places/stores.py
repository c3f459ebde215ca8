"""Object stores and web servers through fsspec: asked what a file is, what a folder holds, and for the bytes of a file.

The packages are imported here alone (`pip install 'injerto[cloud]'`), when the first address is opened. Credentials and
endpoints are found where the tools of each store look for them. Whatever a store says comes out as the OSError that a file of
this machine would give: FileNotFoundError, PermissionError, or one whose `errno` tells whether to try again.
"""

from __future__ import annotations

import asyncio
import errno
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from injerto.places.address import SCHEMES, Address, AddressError

T = TypeVar("T")

CLOSED_SETTING = "INJERTO_ADDRESSES"
"""Set to `closed`, no address is opened: what handles tables of strangers sets it."""
_ETAG, _CHANGED = ("ETag", "etag"), ("LastModified", "Last-Modified", "mtime", "updated", "created")
_NO_CREDENTIALS = {
    "s3": "no credentials for S3 were found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run 'aws configure'; for a "
    "public bucket set FSSPEC_S3_ANON=true",
    "gs": "no credentials for Google Cloud were found: run 'gcloud auth application-default login'; for a public bucket set "
    "FSSPEC_GCS_TOKEN=anon",
}
_CLOSED = {
    "s3": "the store refuses to show it: check the credentials and the permissions of the bucket; for a public bucket set "
    "FSSPEC_S3_ANON=true",
    "gs": "the store refuses to show it: check the credentials and the permissions of the bucket",
    "https": "the server refuses to show it: is the address whole, with its signature if it has one?",
}
_BUSY_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})
_LOCK = threading.Lock()


@dataclass(frozen=True)
class Facts:
    """What a store says of a file or folder without sending it."""

    is_folder: bool
    size: int | None
    stamp: bytes | None
    """What changes when the content does: its ETag, size and time; None where the store tells neither ETag nor time."""


def facts_of(address: Address) -> Facts:
    """What a store says of an address. *Raises* OSError as a file of this machine would."""
    found = _told(address, lambda files: files.info(address.text))
    etag, changed = (next((found[name] for name in names if found.get(name)), None) for names in (_ETAG, _CHANGED))
    size = found.get("size")
    stamp = None if etag is None and changed is None else f"{etag}|{changed}|{size}".encode()
    return Facts(found.get("type") == "directory", None if size is None else int(size), stamp)


def names_below(address: Address) -> list[str]:
    """Every file under an address, as paths from it, sorted. *Raises* OSError; AddressError for the web, which has no lists."""
    if address.on_web:
        raise AddressError("a web server does not say what lies in a folder: give a table whose cells are addresses of files")
    found = _told(address, lambda files: files.find(address.text))
    home = address.text.partition("://")[2].strip("/") + "/"
    names = (str(name).partition("://")[2] if "://" in str(name) else str(name) for name in found)
    return sorted(name.lstrip("/").removeprefix(home) for name in names if not name.endswith("/"))


def fetch(address: Address, to: Path) -> None:
    """Write the bytes of an address to a file of this machine. *Raises* OSError, also when fewer came than were promised."""
    _told(address, lambda files: files.get_file(address.text, str(to)))


def _told(address: Address, ask: Callable[[Any], T]) -> T:
    """What a store answers, its complaints as OSErrors."""
    files = _filesystem(address)
    try:
        return ask(files)
    except AddressError:
        raise
    except Exception as slip:  # each store has exceptions of its own, of packages that are not imported here
        raise _as_os_error(slip, address) from slip


def _filesystem(address: Address) -> Any:
    if os.environ.get(CLOSED_SETTING) == "closed":
        raise AddressError("an address: no address is opened here; fetch the file and write its path")
    with _LOCK:
        return _opened(SCHEMES[address.scheme], os.getpid())


@lru_cache(maxsize=8)
def _opened(protocol: str, process: int) -> Any:
    """One a process, for all its threads: its connections stay open and are shared."""
    try:
        import fsspec

        # Listings are not kept: a file that was added or replaced a moment ago is seen.
        return fsspec.filesystem(protocol, use_listings_cache=False)
    except ImportError as missing:
        raise AddressError(
            f"an address of {protocol}:// needs packages that are not installed ({missing.name}): run pip install "
            "'injerto[cloud]', or fetch the file and give its path"
        ) from missing


def _as_os_error(slip: BaseException, address: Address) -> OSError:
    status = _status(slip)
    words = _words(slip)
    if isinstance(slip, FileNotFoundError) or status in (404, 410):
        return FileNotFoundError(errno.ENOENT, "no such bucket" if "bucket does not exist" in words else "no such file")
    if "NoCredentials" in type(slip).__name__ or "DefaultCredentials" in type(slip).__name__:
        return PermissionError(errno.EACCES, _NO_CREDENTIALS.get(address.scheme, words))
    if isinstance(slip, PermissionError) or status in (401, 403):
        return PermissionError(errno.EACCES, _CLOSED.get(address.scheme, _CLOSED["https"]))
    if isinstance(slip, OSError) and slip.errno == errno.ENOSPC:
        return OSError(errno.ENOSPC, "no room on the disk for a copy of it: free some, or set TMPDIR to a folder with more")
    busy = status in _BUSY_STATUS or (status is None and _is_passing(slip))
    number = errno.ETIMEDOUT if busy else getattr(slip, "errno", None) or errno.EINVAL
    return OSError(number, f"the store said: {words}")


def _status(slip: BaseException) -> int | None:
    """The number of a web server's answer, as aiohttp and gcsfs (`code`) and botocore (`response`) keep it."""
    for one in (slip, slip.__cause__):
        told = getattr(one, "response", None)
        found = told.get("ResponseMetadata", {}).get("HTTPStatusCode") if isinstance(told, dict) else None
        found = found or getattr(one, "status", None) or getattr(one, "code", None)
        if isinstance(found, int):
            return found
    return None


def _is_passing(slip: BaseException) -> bool:
    """Connections that were lost, were late or were not made."""
    lost = (TimeoutError, ConnectionError, asyncio.IncompleteReadError, asyncio.TimeoutError)
    names = {kind.__name__ for kind in type(slip).__mro__}
    told = {"ClientConnectionError", "ClientPayloadError", "HTTPClientError", "ConnectionError", "FSTimeoutError"}
    return isinstance(slip, lost) or bool(names & told)


def _words(slip: BaseException) -> str:
    return (str(slip).strip().split("\n")[0] or type(slip).__name__)[:200].rstrip(".")
