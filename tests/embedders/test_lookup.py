"""The lookup matrix: shared rows, planted rows, widths side by side, and long matrices that learn by rows."""

from __future__ import annotations

from copy import deepcopy

import pytest
import torch

from columns import column
from injerto.embedders import lookup as lookups
from injerto.embedders.category import CategoryEmbedder
from injerto.embedders.lookup import TRUST_ROWS, Lookup
from injerto.features.category import CategoryFeature
from injerto.features.vocabulary import MISSING, UNKNOWN
from injerto.learning.adam import AdamW
from injerto.learning.multipliers import Group
from injerto.schema.schema import Input


def feature(name: str, levels: list[str], **options: object) -> CategoryFeature:
    return CategoryFeature(name, Input(kind="category", min_count=1, **options)).fit(column(levels))  # type: ignore[arg-type]


def test_columns_of_one_vocabulary_share_their_rows() -> None:
    home, away = (feature(name, ["a", "b"], vocabulary="team", width=4) for name in ("home", "away"))
    made = Lookup([home, feature("city", ["x"], width=4), away])
    torch.nn.init.normal_(made.offset)
    assert made.offset.shape == (4 + 3, 4)
    assert made.unknown.shape == (2, 4)
    assert torch.equal(made.matrix("home"), made.matrix("away"))
    rows = made(torch.tensor([[2, 2, 3], [0, 0, 0]], dtype=torch.int32))
    assert torch.allclose(rows[:, 0], made.matrix("home")[[2, 0]])
    assert torch.allclose(rows[:, 1], made.matrix("city")[[2, 0]])
    assert torch.allclose(rows[:, 2], made.matrix("home")[[3, 0]])
    rows.sum().backward()
    assert made.unknown.grad is not None
    assert made.unknown.grad[:, 0].tolist() == [4.0, 2.0]  # home's and away's UNKNOWN is one


def test_widths_side_by_side() -> None:
    narrow, wide, also = feature("a", ["x", "y"]), feature("b", ["x", "y"], width=5), feature("c", ["z"])
    made = CategoryEmbedder([narrow, wide, also]).eval()
    for table in made.tables:
        torch.nn.init.normal_(table.offset)
    out = made(torch.tensor([[2, 3, 2]], dtype=torch.int32))
    assert made.width == out.shape[1] == 2 + 5 + 2
    expected = torch.cat([made.matrix("a")[2], made.matrix("c")[2], made.matrix("b")[3]])  # columns of one width side by side
    assert torch.allclose(out[0], expected)


@pytest.mark.parametrize("near", [True, False])
def test_what_is_kept_for_answering_follows_every_change(monkeypatch: pytest.MonkeyPatch, near: bool) -> None:
    monkeypatch.setattr(lookups, "NEAR_VALUES", 2**18 if near else 0)
    made = Lookup([feature("a", ["x", "y"], width=3), feature("b", ["x"], width=3)])
    ids = torch.tensor([[2, 1], [3, 2], [0, 0]], dtype=torch.int32)

    def agree() -> bool:
        with torch.inference_mode():
            quick = made(ids)
        return torch.allclose(quick, made(ids).detach(), atol=1e-6)

    assert agree()
    with torch.no_grad():
        made.offset.normal_()
    assert agree()
    optimizer = AdamW([Group("all", 1.0, list(made.parameters()))], 0.1, 0.0)
    made(ids).sum().backward()
    optimizer.step(1.0)  # torch's fused step leaves no trace of its own
    assert agree()
    fused = torch.optim.Adam(made.parameters(), lr=0.1, fused=True)
    made.train()
    made(ids).sum().backward()
    fused.step()
    made.eval()
    assert agree()
    state = {name: torch.randn_like(value) for name, value in made.state_dict().items()}
    made.load_state_dict(state)
    assert agree()
    made.offset = torch.nn.Parameter(torch.randn_like(made.offset))
    assert agree()
    made.plant("a", torch.randn(4, 3), torch.tensor([False, False, True, True]))
    assert agree()
    copied = deepcopy(made)
    with torch.no_grad():
        copied.unknown.zero_()
        assert not torch.equal(copied(ids), made(ids))


@torch.no_grad()
def test_what_is_kept_may_be_taken_away_by_another_thread_at_any_moment() -> None:
    """A model that several threads ask for the first time at once goes into its answering mode in each of them."""
    made = Lookup([feature("a", ["x", "y"], width=3)]).eval()
    ids = torch.tensor([[2], [3]])
    expected = made(ids)

    class Looked(tuple):
        def __ne__(self, other: object) -> bool:
            made.eval()  # between the look at what is kept and its use
            return tuple.__ne__(self, other)  # type: ignore[return-value]

    assert made._made is not None
    made._made = Looked(made._made[0]), made._made[1]
    assert torch.equal(made(ids), expected)


def test_a_lookup_made_in_inference_mode_answers() -> None:
    with torch.inference_mode():  # its tensors do not tell when they are written to
        made = Lookup([feature("a", ["x", "y"], width=3)]).eval()
        ids = torch.tensor([[2], [0]], dtype=torch.int32)
        assert torch.allclose(made(ids)[:, 0], made.matrix("a")[[2, 0]])
        made.offset.fill_(1.0)
        assert torch.allclose(made(ids)[:, 0], made.matrix("a")[[2, 0]])


@pytest.mark.parametrize("near", [True, False])
def test_an_id_beyond_the_matrix_is_no_row(monkeypatch: pytest.MonkeyPatch, near: bool) -> None:
    monkeypatch.setattr(lookups, "NEAR_VALUES", 2**18 if near else 0)
    made = Lookup([feature("a", ["x", "y"])])
    with torch.inference_mode(), pytest.raises((IndexError, RuntimeError)):
        made(torch.tensor([[4]], dtype=torch.int32))


def test_a_long_matrix_has_the_same_gradient_by_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    levels = [letter for letter in "abcdefgh" for _ in range(ord(letter) - 96)]
    torch.manual_seed(0)
    whole = Lookup([feature("a", levels)])
    monkeypatch.setattr(lookups, "LONG_ROWS", 5)
    torch.manual_seed(0)
    long = Lookup([feature("a", levels)])
    assert long.long and not whole.long
    ids = torch.tensor([[2], [9], [2], [0], [1]], dtype=torch.int32)
    weight = torch.randn(5, 1, 8)
    for made in (whole, long):
        (made(ids) * weight).sum().backward()
    assert long.offset.grad is not None and whole.offset.grad is not None
    assert long.offset.grad.is_sparse
    assert torch.allclose(long.offset.grad.to_dense(), whole.offset.grad)
    assert torch.equal(long.unknown.grad, whole.unknown.grad)  # type: ignore[arg-type]


def test_planted_rows_are_as_they_were_however_rare_the_level() -> None:
    made = Lookup([feature("a", ["x", "y", "y"], plant="somewhere", plant_multiplier=0.3, width=2)])
    assert made.planted and made.multiplier == 0.3
    rows = torch.tensor([[1.0, 1.0], [0.0, 0.0], [5.0, 6.0], [0.0, 0.0]])
    made.plant("a", rows, torch.tensor([True, False, True, False]))
    matrix = made.matrix("a")
    assert matrix[UNKNOWN].tolist() == [1.0, 1.0]
    assert matrix[MISSING].tolist() == matrix[3].tolist() == [1.0, 1.0]  # not found: starts as UNKNOWN
    assert matrix[2].tolist() == [5.0, 6.0]
    assert made.trust.flatten().tolist() == pytest.approx([0.0, 0.0, 1.0, 1 / (1 + TRUST_ROWS)])
