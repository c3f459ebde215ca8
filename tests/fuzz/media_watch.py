"""Looks on while a process reads files that may kill it: a crash, a hang, an error of no kind we promise, noise, memory."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

MOST_SECONDS = 5.0
"""Of a processor, for all doors together. Clocks on the wall would blame a file for what else the machine does."""
_LONGEST_WAIT = 60.0
"""On the wall: what waits for ever takes no processor."""
MOST_MIB = 1024
"""Of memory, what a file may add to an idle process."""
ROOM_MIB = 2048
"""Of addresses, what a process may ask for: more is refused by the system, as on a small machine."""
_PYTHON_SPOKE = re.compile(r"Traceback|Exception ignored|Warning: .*\n  |File \"")
_DOORS = Path(__file__).with_name("media_doors.py")


@dataclass(frozen=True)
class Outcome:
    """What came of a file: `photo`, `sound` or `refused`, or else what went wrong, with a word more."""

    told: str
    wrong: str
    seconds: float
    grown_mib: float
    spoke: bool = False
    """Whether a decoder wrote to the error stream: mpg123 and libtiff do so of damage, and cannot be told not to."""

    @property
    def fine(self) -> bool:
        """Whether it is one of the outcomes that are allowed."""
        return not self.wrong


class Watched:
    """A process that reads files, started anew after each that it dies of."""

    def __init__(self, folder: Path) -> None:
        self.noise = (folder / "noise.txt").open("w+b")
        self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop()
        self.noise.close()

    def read(self, file: Path) -> Outcome:
        """Have it read a file, and see what comes of it."""
        self.noise.seek(0)
        self.noise.truncate()
        self.process.stdin.write(f"{file}\n".encode())
        self.process.stdin.flush()
        if not self._answers():
            self._stop()
            self._start()
            return Outcome("hung", f"no answer within {MOST_SECONDS:g} s", MOST_SECONDS, 0.0)
        line = self.process.stdout.readline()
        said = self._said()
        if not line:
            self.process.communicate()
            code = self.process.returncode
            self._start()
            name = signal.Signals(-code).name if code < 0 else f"exit {code}"
            return Outcome("died", f"{name}\n{said}", 0.0, 0.0)
        facts = json.loads(line)
        grown = facts["grown"] / 1024**2
        wrong = facts["wrong"] or (f"printed: {said}" if _PYTHON_SPOKE.search(said) else "")
        if not wrong and grown > MOST_MIB:
            wrong = f"{grown:,.0f} MiB more than an idle process"
        return Outcome(facts["told"], wrong, facts["seconds"], grown, spoke=bool(said))

    def _answers(self) -> bool:
        """Wait for an answer, as long as a file may take."""
        began, spent = time.monotonic(), self._spent()
        while not select.select([self.process.stdout], [], [], 0.25)[0]:
            if self._spent() - spent > MOST_SECONDS or time.monotonic() - began > _LONGEST_WAIT:
                return False
        return True

    def _spent(self) -> float:
        """Seconds of a processor that the process has had."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _said(self) -> str:
        self.noise.seek(0)
        return self.noise.read().decode("utf-8", errors="replace")

    def _start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", str(_DOORS), str(ROOM_MIB)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.noise,
            env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )

    def _stop(self) -> None:
        self.process.kill()
        self.process.communicate()


def watched(files: Iterator[tuple[str, bytes]], folder: Path) -> Iterator[tuple[str, bytes, Outcome]]:
    """Each of the files, told by names, with what came of it."""
    with Watched(folder) as process:
        for name, content in files:
            file = folder / name
            file.write_bytes(content)
            yield name, content, process.read(file)
            file.unlink()
