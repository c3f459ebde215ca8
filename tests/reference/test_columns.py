"""What is kept of a column: strangeness by hand for every kind, the contract for the whole registry."""

from __future__ import annotations

import datetime as dt
import math

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from columns import column
from injerto.features import FEATURES
from injerto.features.vocabulary import MISSING, UNKNOWN
from injerto.reference import REFERENCES
from injerto.reference.column import ColumnReference
from injerto.reference.date import DateReference
from injerto.reference.levels import LevelsReference
from injerto.reference.number import NumberReference
from injerto.reference.photo import PhotoReference
from injerto.reference.sound import SoundReference
from injerto.schema.schema import Input, InputKind

ROWS = 60


def cells_of(kind: InputKind, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Ordinary cells (60,...) of a kind, and two strange ones."""
    if kind in ("image", "sound"):
        middle = functional.normalize(torch.randn(16, generator=generator), dim=0)
        return middle + 0.3 * torch.randn(ROWS, 16, generator=generator), -middle.repeat(2, 1)
    if kind == "number":
        return torch.randn(ROWS, generator=generator), torch.tensor([8.0, -9.0])
    if kind == "date":
        return torch.randint(0, 300, (ROWS,), generator=generator).double(), torch.tensor([900.0, -400.0]).double()
    ids = torch.randint(2, 5, (ROWS, 2), generator=generator).int()
    return (
        (ids, torch.tensor([[UNKNOWN, 3], [2, UNKNOWN]]).int()) if kind == "categories" else (ids[:, 0], torch.zeros(2).int())
    )


@pytest.fixture(params=list(REFERENCES))
def kind(request: pytest.FixtureRequest) -> InputKind:
    return request.param  # type: ignore[no-any-return]


def fitted(kind: InputKind, cells: Tensor, units: Tensor | None = None) -> ColumnReference:
    units = torch.arange(len(cells)) if units is None else units
    return REFERENCES[kind]().fit(cells, units, torch.arange(len(cells)))


def empty_of(kind: InputKind, cells: Tensor) -> Tensor:
    if kind in ("category", "categories"):
        row = torch.full_like(cells[:1], -1)
        row.view(-1)[0] = MISSING
        return row
    return torch.full_like(cells[:1], torch.nan)


def test_every_kind_of_feature_is_kept() -> None:
    assert REFERENCES.keys() == FEATURES.keys()


def test_strange_cells_are_told_from_ordinary_ones(kind: InputKind) -> None:
    cells, strange = cells_of(kind, torch.Generator().manual_seed(1))
    one = fitted(kind, cells)
    assert one.share(strange).tolist() == pytest.approx([1 / (ROWS + 1)] * 2)
    assert (one.surprise(strange) > one.own_surprise.max()).all()
    more, _ = cells_of(kind, torch.Generator().manual_seed(1))
    assert (one.share(more) > 0.05).double().mean() > 0.8


def test_what_is_restored_says_the_same(kind: InputKind) -> None:
    cells, strange = cells_of(kind, torch.Generator().manual_seed(2))
    one = fitted(kind, cells)
    again = REFERENCES[kind]().restore(one.tensors, never_empty=one.never_empty)
    for asked in (cells, strange, empty_of(kind, cells)):
        assert torch.equal(one.share(asked).nan_to_num(-1), again.share(asked).nan_to_num(-1))
        assert torch.equal(one.surprise(asked), again.surprise(asked))


def test_an_empty_cell_is_strange_where_none_was(kind: InputKind) -> None:
    cells, _ = cells_of(kind, torch.Generator().manual_seed(3))
    nothing = empty_of(kind, cells)
    assert fitted(kind, cells).share(nothing).tolist() == [1 / (ROWS + 1)]
    some = torch.cat([cells, nothing])
    one = fitted(kind, some)
    assert one.share(nothing).isnan().all()
    assert one.surprise(nothing).tolist() == [0.0]
    assert one.own_surprise[-1] == 0


def test_of_few_groups_nothing_is_strange(kind: InputKind) -> None:
    cells, strange = cells_of(kind, torch.Generator().manual_seed(4))
    one = fitted(kind, cells, torch.arange(len(cells)) % 4)
    assert one.share(strange).tolist() == [1.0, 1.0]
    assert one.surprise(strange).tolist() == [0.0, 0.0]


def test_numbers_by_hand() -> None:
    one = NumberReference().fit(torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0]), torch.arange(5), torch.arange(5))
    # Judged by the other four: none below 1 (a step of 1 beyond 2), one below 2, two on either side of 3.
    expected = [math.log(5) + math.log(2), math.log(5 / 2), math.log(5 / 3), math.log(5 / 2), math.log(5) + math.log(2)]
    assert one.usual.scores.tolist() == pytest.approx(sorted(expected))
    inside, outside = one.strangeness(torch.tensor([3.0, 7.0])).tolist()
    assert inside == pytest.approx(math.log(6 / 4))
    assert outside == pytest.approx(math.log(6) + math.log(3))


def test_ten_numbers_of_one_animal_do_not_vouch_for_each_other() -> None:
    values = torch.cat([torch.arange(20).float(), torch.full((10,), 500.0)])
    units = torch.cat([torch.arange(20), torch.full((10,), 20)])
    alone = fitted("number", values)
    together = fitted("number", values, units)
    assert float(alone.own_surprise[-1]) < float(together.own_surprise[-1])
    # To the other twenty its ten rows are farther out than a new one that follows it; among themselves they are ordinary.
    assert float(alone.share(torch.tensor([600.0]))) == pytest.approx(1 / 31)
    assert float(together.share(torch.tensor([600.0]))) == pytest.approx(11 / 31)


def test_levels_by_hand() -> None:
    ids = torch.tensor([2, 2, 2, 2, 3, 3, UNKNOWN]).int()
    one = LevelsReference().fit(ids, torch.arange(7), torch.arange(7))
    assert one.counts.tolist() == [0, 0, 4, 2]
    # The level of a row is seen 3 times elsewhere, or once, or never.
    assert one.strangeness(torch.tensor([2, 3, UNKNOWN]).int()).tolist() == pytest.approx(
        [-math.log(5 / 7), -math.log(3 / 7), -math.log(1 / 7)]
    )
    assert sorted(one.usual.scores.tolist())[-1] == pytest.approx(-math.log(1 / 7))
    assert float(one.share(torch.tensor([UNKNOWN]).int())) == pytest.approx(2 / 8)


def test_a_level_of_one_group_is_as_good_as_new_to_the_others() -> None:
    ids = torch.tensor([2] * 10 + [3] * 5).int()
    units = torch.tensor([*range(10), *[10] * 5])
    one = LevelsReference().fit(ids, units, torch.arange(15))
    assert one.usual.scores[-5:].tolist() == pytest.approx([-math.log(1 / 16)] * 5)


def test_of_several_levels_the_rarest_counts() -> None:
    ids = torch.tensor([[2, 3], [2, -1], [2, -1], [2, 3], [2, -1], [2, 4]]).int()
    one = LevelsReference().fit(ids, torch.arange(6), torch.arange(6))
    assert one.strangeness(torch.tensor([[2, 4], [2, -1]]).int()).tolist() == pytest.approx(
        [-math.log(2 / 10), -math.log(7 / 10)]
    )


def test_dates_by_hand() -> None:
    feature = FEATURES["date"]("seen", Input(kind="date"))
    days = [dt.date(2024, 1, 1 + day) for day in range(10)]
    cells = DateReference.read(feature, column(days, name="seen"))
    assert (cells - cells[0]).tolist() == list(range(10))
    one = DateReference().fit(cells, torch.arange(10), torch.arange(10))
    assert one.usual.scores.tolist() == [0.0] * 8 + [1.0, 1.0]  # the first and the last lie a day beyond the others
    assert one.strangeness(cells[:1] - 3).tolist() == [3.0]
    assert one.strangeness(cells[4:5]).tolist() == [0.0]
    assert not one.tells_of_rows


def test_photos_by_hand() -> None:
    seen = functional.normalize(torch.eye(8)[:6] + 1)
    one = PhotoReference().fit(seen, torch.arange(6), torch.arange(6))
    likeness = float(seen[0] @ seen[1])
    assert one.usual.scores.tolist() == pytest.approx([1 - likeness] * 6, abs=1e-3)
    assert float(one.strangeness(3 * seen[:1])) == pytest.approx(1 - (1 + 4 * likeness) / 5, abs=1e-3)


def test_sounds_are_held_against_noise() -> None:
    seen = functional.normalize(torch.eye(8)[:6] + 1)
    noise = torch.eye(8)[7:]
    units, kept = torch.arange(6), torch.arange(6)
    one = SoundReference().fit(seen, units, kept, noise)
    plain = PhotoReference().fit(seen, units, kept)
    near = functional.normalize(seen[:1] + noise)
    ratio = one.strangeness(near) / plain.strangeness(near)
    assert float(ratio) == pytest.approx(1 / (1 - float(near @ noise.T) + 1e-3), rel=1e-2)
    assert torch.equal(SoundReference().fit(seen, units, kept).strangeness(near), plain.strangeness(near))
