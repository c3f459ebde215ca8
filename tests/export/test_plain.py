import polars as pl
import torch

from injerto.embedders.repeats import Repeats
from injerto.export.plain import PlainRepeats, plain
from injerto.features.number import NumberFeature
from injerto.schema.schema import Input
from injerto.table.table import Table


def column(values):
    return Table.of(pl.DataFrame({"x": values})).column("x")


def test_numbers_that_repeat_have_the_same_offsets():
    often = NumberFeature("x", Input(kind="number")).fit(column([0.0, 0.0, 5.0, 5.0, 1.5] * 40))
    never = NumberFeature("y", Input(kind="number")).fit(column([place / 7 for place in range(200)]))
    assert (len(often.repeats_), len(never.repeats_)) == (3, 0)
    repeats = Repeats([often, never], 4).eval()
    torch.nn.init.normal_(repeats.offset)
    asked = column([0.0, 5.0, 3.0, 1.5, None, 99.0])
    values = torch.stack([often.encode(asked), never.encode(asked)])
    copied = plain(torch.nn.Sequential(repeats))
    assert isinstance(copied[0], PlainRepeats)
    with torch.no_grad():
        assert torch.equal(copied(values), repeats(values))
        assert copied(values)[0, 0].abs().sum() > 0
        assert copied(values)[2].abs().sum() == 0


def test_none_that_repeats_has_no_offset():
    never = NumberFeature("y", Input(kind="number")).fit(column([place / 7 for place in range(200)]))
    repeats = Repeats([never], 4).eval()
    values = never.encode(column([0.0, 1.0]))[None]
    assert torch.equal(PlainRepeats(repeats)(values), repeats(values))
