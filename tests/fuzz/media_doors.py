"""A file through every door by which Injerto reads photos and sounds: each decodes it, or says what is wrong with it.

As a program it reads names of files from its input and answers each with a line of JSON: what came of the file, the seconds
of a processor, and the most memory meanwhile. It is the process that may die of a file; `media_watch` looks on.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import resource
import sys
import time
import traceback
from pathlib import Path

import numpy as np

from injerto.errors import MediaError
from injerto.gallery.thumbnail import thumbnail
from injerto.table.clip_print import RATE_HZ, clip_print
from injerto.table.near_duplicates import photo_hash
from injerto.table.oddities import hear, look
from injerto.table.photo_time import photo_time
from injerto.table.picture_size import picture_size
from injerto.table.pixels import read_pixels
from injerto.table.recording import Recording, blocks
from injerto.table.samples import read_samples, sound_duration
from injerto.web.limits import Limits
from injerto.web.uploads import require_picture, require_sound

MIB = 1024**2


def through_all(file: Path) -> str:
    """`photo` or `sound` for a file that was decoded, else `refused`. *Raises* what no door may raise."""
    photo, sound = photo_doors(file), sound_doors(file)
    return "photo" if photo else "sound" if sound else "refused"


def photo_doors(file: Path) -> bool:
    """Whether the file came through as a photo."""
    content = file.read_bytes()
    photo_time(file.name, file.parent)
    _allowed(lambda: picture_size(file.name, file.parent, row=1))
    _allowed(lambda: look(file.name, file.parent, row=1))
    _allowed(lambda: require_picture(content, Limits()))
    _allowed(lambda: read_pixels({"bytes": content, "path": None}, file.parent, shortest=24))
    pixels = _allowed(lambda: read_pixels(file.name, file.parent, row=1))
    if pixels is None:
        return False
    assert pixels.ndim == 3 and pixels.shape[2] == 3 and pixels.dtype == np.uint8, (pixels.shape, pixels.dtype)
    photo_hash(pixels)
    thumbnail(pixels)
    return True


def sound_doors(file: Path) -> bool:
    """Whether the file came through as a sound."""
    content = file.read_bytes()
    _allowed(lambda: sound_duration(file.name, file.parent, row=1))
    _allowed(lambda: hear(file.name, file.parent, row=1))
    _allowed(lambda: require_sound(content, Limits()))
    _allowed(lambda: read_samples({"path": file.name, "start_s": 0.01, "end_s": 0.05}, file.parent, rate_hz=RATE_HZ))
    _allowed(lambda: Recording.open(file))
    _allowed(lambda: [block.start_s for block in blocks(file, rate_hz=RATE_HZ, block_seconds=1.0, overlap_seconds=0.25)])
    samples = _allowed(lambda: read_samples({"bytes": content, "path": None}, file.parent, rate_hz=RATE_HZ, row=1))
    if samples is None:
        return False
    assert samples.ndim == 1 and samples.dtype == np.float32 and np.isfinite(samples).all(), samples
    clip_print(samples)
    return True


def _allowed(door):  # type: ignore[no-untyped-def]
    """What a door gives, or None where it says in its own words why not."""
    try:
        return door()
    except MediaError as error:
        assert error.reason, "an error without a reason"
        return None


def _forget_peak() -> None:
    """Linux counts the most memory anew from here; elsewhere it is that of the whole life, which only errs to the safe side."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak_bytes() -> int:
    try:
        facts = Path("/proc/self/status").read_text(encoding="ascii")
        return int(facts.split("VmHWM:")[1].split()[0]) * 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main(room_mib: int) -> None:
    """Answer each name on the input with a line; of memory, no more than so many MiB above those of an idle process."""
    faulthandler.enable()
    idle = _peak_bytes()
    used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + room_mib * MIB, used + room_mib * MIB))
    answers = sys.stdout
    sys.stdout = sys.stderr  # what a door prints is noise, not an answer
    for line in sys.stdin:
        _forget_peak()
        started = time.process_time()
        try:
            told, wrong = through_all(Path(line.rstrip("\n"))), ""
        except Exception:  # the finding itself
            told, wrong = "raised", traceback.format_exc()
        facts = {"told": told, "wrong": wrong, "seconds": time.process_time() - started, "grown": max(0, _peak_bytes() - idle)}
        print(json.dumps(facts), file=answers, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
