"""Files from the browser: streamed to a folder of their own, each and all together within limits."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import ClientDisconnect, Request

from injerto.errors import OutputError
from injerto.web.problems import Problem
from injerto.web.studio.paths import below, safe_path


@dataclass(frozen=True)
class Sizes:
    """What may be sent."""

    file_bytes: int = 4 * 1024**3
    all_bytes: int = 32 * 1024**3
    """Of one upload."""
    files: int = 200_000

    @classmethod
    def of_megabytes(cls, file_megabytes: float) -> Sizes:
        """With files of at most so many megabytes (1e6 bytes)."""
        return cls(file_bytes=round(file_megabytes * 1e6))


@dataclass
class Upload:
    """What has come so far. A file that comes again replaces itself, and is counted again."""

    folder: Path
    taken: int = 0
    files: int = 0


class Uploads:
    """All uploads of this run, by names that are made up here. Used from the event loop alone."""

    def __init__(self, root: Path, sizes: Sizes) -> None:
        self.root, self.sizes = root, sizes
        self.known: dict[str, Upload] = {}

    def begin(self) -> str:
        """A new, empty upload."""
        name = secrets.token_hex(6)
        folder = self.root / name
        folder.mkdir(parents=True)
        self.known[name] = Upload(folder)
        return name

    def of(self, name: str) -> Upload:
        """*Raises* Problem (404)."""
        if name not in self.known:
            folder = self.root / name
            if not (name.isalnum() and folder.is_dir()):  # one of an earlier run may be looked at again
                raise Problem(404, "There is no such upload. Drop the files again.")
            files = [path for path in folder.rglob("*") if path.is_file()]
            self.known[name] = Upload(folder, sum(path.stat().st_size for path in files), len(files))
        return self.known[name]

    async def take(self, name: str, path: str, request: Request) -> int:
        """Write the body of `request` to the file `path` of an upload; its bytes.

        *Raises* Problem: 413 for too much, 422 for a path that is none; OutputError when the disk is full.
        """
        upload, inner = self.of(name), safe_path(path)
        if upload.files >= self.sizes.files:
            raise Problem(
                413, f"There are more than {self.sizes.files:,} files. Start the studio with --folder to use them in place."
            )
        place = upload.folder / inner
        partial = place.with_name(f".{secrets.token_hex(6)}.part")
        length = 0
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            if place.is_dir():
                raise Problem(422, f"The file '{path}' is not taken: a folder of that name has come.")
            with partial.open("wb") as file:
                async for part in request.stream():
                    length += len(part)
                    self._require_room(path, length, upload.taken + length)
                    file.write(part)
            os.replace(partial, place)
        except ClientDisconnect as gone:
            raise Problem(400, "The connection was closed before the whole file had come.") from gone
        except OSError as slip:
            raise OutputError(f"The file '{path}' cannot be written to {upload.folder}: {slip.strerror or slip}.") from slip
        finally:
            partial.unlink(missing_ok=True)
        below(upload.folder, path)
        upload.taken += length
        upload.files += 1
        return length

    def _require_room(self, path: str, length: int, total: int) -> None:
        if length > self.sizes.file_bytes:
            raise _too_large(f"The file '{path}' has more than {self.sizes.file_bytes:,} bytes.")
        if total > self.sizes.all_bytes:
            raise _too_large(f"The files have more than {self.sizes.all_bytes:,} bytes together.")


def _too_large(what: str) -> Problem:
    advice = "Start the studio with a larger --max-mb, or with --folder to use files where they lie."
    return Problem(413, f"{what} {advice}", headers={"Connection": "close"})
