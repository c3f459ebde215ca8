"""Multipliers are refused before any work is done."""

from __future__ import annotations

import math

import pytest

from injerto.errors import SchemaError
from injerto.schema.check import check
from injerto.schema.schema import Input, Schema, Target, Training
from injerto.table.table import Table

TABLE = Table.of({"y": ["ant", "bee"] * 30, "mass": [(row * 37 % 59) / 7 for row in range(60)]})


def raise_errors(**multipliers: float) -> None:
    targets, inputs = {"y": Target(kind="class")}, {"mass": Input(kind="number")}
    check(Schema(targets=targets, inputs=inputs, training=Training(multipliers=multipliers)), TABLE).raise_errors()


def test_a_group_that_is_none_gets_the_nearest() -> None:
    with pytest.raises(
        SchemaError, match=r"'backbon' in training.multipliers .* Did you mean 'backbone'\? The groups: backbone"
    ):
        raise_errors(backbon=0.1)
    with pytest.raises(SchemaError, match=r"'backbone/0' in training.multipliers .* Did you mean 'backbone'"):
        raise_errors(**{"backbone/0": 0.1})


@pytest.mark.parametrize("value", [-0.5, math.nan, math.inf])
def test_a_multiplier_that_is_no_rate(value: float) -> None:
    with pytest.raises(SchemaError, match=rf"training.multipliers: 'head' is {value:g}. Give 0"):
        raise_errors(head=value)


def test_groups_that_are_there() -> None:
    raise_errors(backbone=0, embedders=0.5, body=1, head=2)
