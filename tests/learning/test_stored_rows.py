"""Rows on disk: each once, well mixed, and the same whether writing was killed or not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from injerto.errors import OutputError
from injerto.examples import Examples
from injerto.heads.head import Labels
from injerto.learning import stored_rows
from injerto.learning.source import MemorySource
from injerto.learning.stored_rows import Encoded, StoredRows, orders
from injerto.learning.stored_source import StoredSource
from injerto.table.ledger import Ledger


@pytest.fixture(autouse=True)
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_rows, "PART_ROWS", 100)


def piece(first: int, rows: int) -> Encoded:
    """Rows that say which they are, in every block and label."""
    number = torch.arange(first, first + rows)
    scalars = {"category": number[:, None].to(torch.int32).repeat(1, 3), "number": number[:, None].float()}
    return Encoded(
        scalars, {"late": Labels(number % 2, number % 5 > 0), "shares": Labels(number[:, None].float(), number >= 0)}
    )


def stored(folder: Path, sizes: list[int], start: int = 0) -> StoredRows:
    rows = StoredRows(folder, sum(sizes))
    firsts = np.concatenate([[0], np.cumsum(sizes)])
    for place in range(start, len(sizes)):
        rows.write(piece(int(firsts[place]), sizes[place]), {"seen": int(firsts[place + 1])}, seed=5)
    rows.finish()
    return rows


def test_every_row_is_stored_once_with_all_that_is_known_of_it(tmp_path: Path) -> None:
    rows = stored(tmp_path, [310, 250, 77, 3])
    assert rows.rows == 640 and rows.parts == 7 and rows.pieces == 4 and rows.done and rows.facts == {"seen": 640}
    seen = []
    for part in range(rows.parts):
        batch, labels = rows.read(part, seed=1)
        number = batch.scalars["number"][:, 0].long()
        assert (batch.scalars["category"] == number[:, None]).all() and batch.scalars["category"].dtype == torch.int32
        assert (labels["late"].value == number % 2).all() and (labels["late"].known == (number % 5 > 0)).all()
        assert labels["shares"].value.shape == (len(number), 1)
        assert rows.part_rows(part) == len(number) in (91, 92)
        seen += number.tolist()
    assert sorted(seen) == list(range(640))


def test_a_part_is_a_draw_of_all_rows_and_shuffled_anew_each_time(tmp_path: Path) -> None:
    rows = stored(tmp_path, [500, 500])
    numbers = [rows.read(part, seed=1)[0].scalars["number"][:, 0].numpy() for part in range(rows.parts)]
    for of_part in numbers:
        assert abs(of_part.mean() - 499.5) < 4 * 289 / np.sqrt(len(of_part))
        assert (np.diff(of_part) < 0).any()
    again, other = (rows.read(0, seed=seed)[0].scalars["number"][:, 0].numpy() for seed in (1, 2))
    assert (again == numbers[0]).all() and sorted(other) == sorted(again) and (other != again).any()


def test_writing_that_was_killed_in_a_piece_goes_on_with_the_same_rows(tmp_path: Path) -> None:
    whole = stored(tmp_path / "whole", [310, 250, 77])
    half = StoredRows(tmp_path / "half", 637)
    half.write(piece(0, 310), {"seen": 310}, seed=5)
    for part in range(half.parts):  # the next piece, cut off before the journal vouched for it
        with (tmp_path / "half" / f"part{part:03}.rows").open("ab") as file:
            file.write(b"half a record")
    again = StoredRows(tmp_path / "half", 637)
    assert again.pieces == 1 and again.rows == 310 and not again.done
    again = stored(tmp_path / "half", [310, 250, 77], start=1)
    for part in range(whole.parts):
        name = f"part{part:03}.rows"
        assert (tmp_path / "whole" / name).read_bytes() == (tmp_path / "half" / name).read_bytes()
    assert again.rows == whole.rows and again.done


def test_a_full_disk_is_told_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = StoredRows(tmp_path / "rows", 300)
    rows.write(piece(0, 100), {}, seed=0)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(StoredRows, "_size", full)
    with pytest.raises(OutputError, match=r"No space left on device. 100 rows take .* it goes on from here"):
        rows.write(piece(100, 100), {}, seed=0)
    monkeypatch.undo()
    assert StoredRows(tmp_path / "rows", 300).rows == 100


def test_rounds_cover_every_part_once_a_pass_in_another_order() -> None:
    for first in (0, 4):
        passed = [list(orders(11, 4, 7, number)) for number in range(first, first + 4)]
        assert sorted(part for one in passed for part in one) == list(range(11)) and {len(one) for one in passed} == {2, 3}
    assert [list(orders(11, 4, 7, number)) for number in range(4)] != [list(orders(11, 4, 7, number)) for number in range(4, 8)]


@pytest.mark.parametrize("batch_rows", [1, 7, 64, 91, 1000])
def test_a_pass_gives_every_row_once_in_full_batches(tmp_path: Path, batch_rows: int) -> None:
    rows = stored(tmp_path, [310, 250, 77])
    judges = MemorySource(Examples({}, {}, np.zeros(0, dtype=bool), Ledger()))
    source = StoredSource(rows, judges, rounds=3)
    seen = []
    for number in range(3):
        batches = list(source.epoch(torch.empty(0), batch_rows, seed=2, number=number))
        assert all(len(labels["late"].known) == batch_rows for _, labels in batches[:-1])
        assert len(batches) <= source.steps(torch.empty(0), batch_rows)
        for batch, labels in batches:
            number_of = batch.scalars["number"][:, 0].long()
            assert (labels["late"].value == number_of % 2).all()
            seen += number_of.tolist()
    assert sorted(seen) == list(range(637))
    assert seen != sorted(seen)
