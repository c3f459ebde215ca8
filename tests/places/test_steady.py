"""What fails in passing is tried again; what fails for good is told, and costs no more tries than it must."""

from __future__ import annotations

import errno
import gzip
import io
import os
from collections.abc import Iterator
from pathlib import Path

import fsspec
import numpy as np
import polars as pl
import pytest
from fsspec.implementations.memory import MemoryFileSystem

import injerto
from injerto.errors import MediaError, TableError
from injerto.places import address, opened, steady, stores
from injerto.places.spool import Spool
from injerto.table.media import media_bytes, read_samples
from made_ears import clips, recording, write
from made_long import flights, small_pieces
from made_long import write as write_table


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steady, "PAUSES_S", (0.0, 0.0))


class Slips:
    """One call in `every` fails, drawn by a seed; never more than `most` in a row."""

    def __init__(self, every: int, seed: int = 0, most: int = 2) -> None:
        self.draws, self.every, self.most = np.random.default_rng(seed), every, most
        self.count = self.row = 0

    def maybe(self) -> None:
        if self.row < self.most and self.draws.integers(self.every) == 0:
            self.count, self.row = self.count + 1, self.row + 1
            raise OSError(errno.EIO, "Input/output error")
        self.row = 0


class FlakyFile(io.FileIO):
    """A file of a network drive."""

    slips: Slips

    def readinto(self, room: object, /) -> int:
        self.slips.maybe()
        return super().readinto(room)  # type: ignore[arg-type]

    def readall(self) -> bytes:
        self.slips.maybe()
        return super().readall()


def drive(monkeypatch: pytest.MonkeyPatch, every: int, seed: int = 0) -> Slips:
    """From now on one read in `every` of this machine's files fails."""
    FlakyFile.slips = Slips(every, seed)

    def flaky(path: Path) -> io.FileIO:
        FlakyFile.slips.maybe()
        return FlakyFile(path, "rb")

    monkeypatch.setattr(opened, "open_raw", flaky)
    return FlakyFile.slips


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[fsspec.AbstractFileSystem]:
    """A store in memory, under memory://."""
    monkeypatch.setitem(address.SCHEMES, "memory", "memory")
    files = stores._opened("memory", os.getpid())
    yield files
    MemoryFileSystem.store.clear()


def test_three_tries_and_no_more() -> None:
    tried: list[int] = []

    def read(fails: int, slip: OSError) -> int:
        tried.append(1)
        if len(tried) <= fails:
            raise slip
        return 7

    assert steady.steadily(lambda: read(2, OSError(errno.ESTALE, "stale"))) == 7
    assert len(tried) == 3
    tried.clear()
    with pytest.raises(OSError, match="stale"):
        steady.steadily(lambda: read(9, OSError(errno.ESTALE, "stale")))
    assert len(tried) == 3
    tried.clear()
    with pytest.raises(PermissionError):
        steady.steadily(lambda: read(9, PermissionError(errno.EACCES, "no")))
    assert len(tried) == 1, "what will not change is not tried again"


def test_a_drive_that_loses_one_read_in_a_hundred_gives_the_same_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clips(tmp_path, each=40).write_csv(tmp_path / "clips.csv")

    def heard() -> tuple[list[np.ndarray], injerto.CheckReport]:
        table = injerto.Table.read(tmp_path / "clips.csv")
        report = injerto.check(injerto.declare(table, injerto.Wishes(targets=["label"])), table)
        column = table.column("file")
        return [read_samples(column.cell(row), column.folder, rate_hz=8000) for row in range(len(table))], report

    calm, told = heard()
    slips = drive(monkeypatch, 100, seed=3)
    shaken, told_then = heard()
    assert slips.count >= 3, "the drive was shaky indeed"
    assert len(told.ledger) == len(told_then.ledger) == 0
    assert told.to_json() == told_then.to_json()
    assert all(np.array_equal(one, other) for one, other in zip(calm, shaken, strict=True))


def test_a_store_that_loses_one_request_in_ten_gives_the_same_bytes(
    memory: fsspec.AbstractFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(60):
        memory.pipe(f"/birds/{number}.bin", bytes([number]) * 1000)
    slips = Slips(10, seed=1)
    fetch = memory.get_file
    monkeypatch.setattr(memory, "get_file", lambda *given: (slips.maybe(), fetch(*given)))
    folder = address.Address("memory://birds")
    assert [media_bytes(f"{number}.bin", folder) for number in range(60)] == [bytes([number]) * 1000 for number in range(60)]
    assert slips.count >= 3


def test_what_fails_for_good_has_its_reason_in_the_ledger_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clips(tmp_path).write_csv(tmp_path / "clips.csv")
    calm = opened.open_raw

    class Broken(io.FileIO):
        def readinto(self, room: object, /) -> int:
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(opened, "open_raw", lambda path: Broken(path, "rb") if path.name == "low03.wav" else calm(path))
    table = injerto.Table.read(tmp_path / "clips.csv")
    report = injerto.check(injerto.declare(table, injerto.Wishes(targets=["label"])), table)
    assert [(one.file, one.reason) for one in report.ledger] == [("low03.wav", "cannot be read: Input/output error")]


def test_a_sound_whose_drive_fails_half_way_is_not_called_truncated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a.wav", recording(120.0, []))

    class Half(io.FileIO):
        def readinto(self, room: object, /) -> int:
            if self.tell() > 400_000:
                raise OSError(errno.ESTALE, "Stale file handle")
            return super().readinto(room)  # type: ignore[arg-type]

    monkeypatch.setattr(opened, "open_raw", lambda path: Half(path, "rb"))
    with pytest.raises(MediaError, match=r"a\.wav: cannot be read: Stale file handle"):
        read_samples("a.wav", tmp_path, rate_hz=8000)


def test_fewer_bytes_than_promised_are_fetched_again(
    memory: fsspec.AbstractFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory.pipe("/birds/a.bin", b"0123456789")
    short = [b"012", b"0123456789"]
    monkeypatch.setattr(memory, "get_file", lambda _, to: Path(to).write_bytes(short.pop(0)))
    assert Spool().local(address.Address("memory://birds/a.bin")).read_bytes() == b"0123456789"
    short[:] = [b"0", b"01", b"012"]
    with pytest.raises(OSError, match="only 3 of 10 bytes came"):
        Spool().local(address.Address("memory://birds/a.bin"))


def test_a_full_disk_and_a_wrong_setting_are_told(memory: fsspec.AbstractFileSystem, monkeypatch: pytest.MonkeyPatch) -> None:
    memory.pipe("/birds/a.bin", b"0123456789")
    monkeypatch.setenv("INJERTO_SPOOL_GB", "much")
    with pytest.raises(address.AddressError, match="INJERTO_SPOOL_GB is 'much': give a number of gigabytes, such as 20"):
        Spool().local(address.Address("memory://birds/a.bin"))
    full = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(memory, "get_file", lambda *_: (_ for _ in ()).throw(full))
    with pytest.raises(OSError, match="no room on the disk for a copy of it: free some, or set TMPDIR"):
        Spool().local(address.Address("memory://birds/a.bin"))


@pytest.mark.parametrize("status", [503, 429, 500])
def test_a_busy_store_is_asked_again_and_a_closed_one_is_not(
    memory: fsspec.AbstractFileSystem, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    class Answer(Exception):
        def __init__(self, status: int) -> None:
            super().__init__(f"HTTP {status}")
            self.status = status

    memory.pipe("/birds/a.bin", b"0123456789")
    fetch, slips = memory.get_file, [Answer(status), Answer(status)]

    def busy(*given: object) -> None:
        if slips:
            raise slips.pop()
        fetch(*given)

    monkeypatch.setattr(memory, "get_file", busy)
    assert Spool().local(address.Address("memory://birds/a.bin")).read_bytes() == b"0123456789"
    slips[:] = [Answer(403)] * 2
    with pytest.raises(PermissionError, match="the server refuses to show it"):
        Spool().local(address.Address("memory://birds/a.bin"))
    assert len(slips) == 1


@pytest.mark.parametrize("error", [OSError("Input/output error (os error 5)"), OSError(errno.ESTALE, "Stale file handle")])
def test_a_long_table_whose_reads_slip_goes_on_behind_the_last_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    small_pieces(monkeypatch)
    path = write_table(flights(5300), tmp_path / "flights.parquet")
    calm = injerto.LongTable.read(path, sample_rows=500)
    whole, real, slips = pl.concat([piece.frame for piece in calm.pieces()]), pl.LazyFrame.collect_batches, Slips(3, seed=2)

    def shaky(frame: pl.LazyFrame, **options: int) -> Iterator[pl.DataFrame]:
        for part in real(frame, **options):  # type: ignore[arg-type]
            try:
                slips.maybe()
            except OSError:
                raise error from None
            yield part

    monkeypatch.setattr(pl.LazyFrame, "collect_batches", shaky)
    shaken = injerto.LongTable.read(path, sample_rows=500)
    assert shaken.sample.frame.equals(calm.sample.frame)
    assert pl.concat([piece.frame for piece in shaken.pieces()]).equals(whole)
    assert slips.count >= 3
    slips.most, slips.every, tries = 10**6, 1, list[int]()
    real_collect = pl.LazyFrame.collect

    def broken(frame: pl.LazyFrame, **options: object) -> object:
        if len(frame.collect_schema()) > 1:
            return real_collect(frame)
        tries.append(1)
        raise error

    monkeypatch.setattr(pl.LazyFrame, "collect", broken)
    with pytest.raises(TableError, match=r"flights\.parquet cannot be read: .*(Input/output error|Stale file handle)"):
        list(shaken.pieces())
    assert len(tries) == 3, "three tries and no more"


@pytest.mark.parametrize("suffix", [".csv", ".csv.gz"])
def test_a_long_text_on_a_drive_that_loses_reads_is_the_same_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    small_pieces(monkeypatch)
    monkeypatch.setattr(opened, "BUFFER_BYTES", 1000)
    text, path = flights(5300).write_csv().encode(), tmp_path / f"flights{suffix}"
    path.write_bytes(gzip.compress(text) if suffix.endswith(".gz") else text)
    calm = pl.concat([piece.frame for piece in injerto.LongTable.read(path).pieces()])
    slips = drive(monkeypatch, 10, seed=3)
    assert pl.concat([piece.frame for piece in injerto.LongTable.read(path).pieces()]).equals(calm)
    assert slips.count >= 3


def test_what_says_another_number_is_not_tried_again() -> None:
    assert steady.passing(OSError("Stale file handle (os error 116): /birds.parquet"))
    assert not steady.passing(OSError("No such file or directory (os error 2): /birds.parquet"))
    assert not steady.passing(OSError("a bit is wrong"))
