"""The command line as the shell calls it, in this process and on a wide terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest

from injerto.cli.app import run


class Said(NamedTuple):
    """How a call ended and what it said."""

    code: int
    out: str
    err: str


Call = Callable[..., Said]


def caller(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *verb: str) -> Call:
    """What calls `injerto VERB ...` and reads what it says."""

    def said(*arguments: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["injerto", *verb, *map(str, arguments)])
        monkeypatch.setenv("COLUMNS", "200")
        capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            run()
        read = capsys.readouterr()
        assert "Traceback" not in read.err
        return Said(int(stop.value.code or 0), read.out, read.err)

    return said
