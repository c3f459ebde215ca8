"""The decision of a training run: what it is fitted on, by vectors in the plane."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import torch

from injerto.heads.individual import IndividualHead
from injerto.learning.settle import decision_from, strangers_test
from injerto.schema.schema import Input, Schema, Split, Target
from injerto.table.table import Table
from made_gallery import at_angles, plane


def asked(names: list[str | None]) -> Table:
    return Table.of(pl.DataFrame({"photo": [f"{row}.png" for row in range(len(names))], "who": names}), folder=Path("nowhere"))


def head() -> IndividualHead:
    found = IndividualHead("who", Target(kind="individual", photo="photo"))
    found.gallery = plane(["Luna", "Sol", "Solo"], [0, 90, 45])
    return found


def test_known_and_new_are_counted_and_rows_without_a_name_are_not() -> None:
    found = decision_from(head(), asked(["Luna", "Sol", "Mar", None]), at_angles(5, 80, 200, 0), both_ways=False)
    assert found.queries == {"known": 2, "new": 1}
    assert found.individuals == {"known": 2, "new": 1}


def test_both_ways_everybody_is_a_newcomer_as_well() -> None:
    """The second time each is asked for without its own photos in the gallery."""
    found = decision_from(head(), asked(["Luna", "Sol"]), at_angles(5, 80), both_ways=True)
    assert found.queries == {"known": 2, "new": 2}
    assert found.can_tell_new


def test_without_names_nothing_is_fitted() -> None:
    found = decision_from(head(), asked([None, None]), at_angles(5, 80), both_ways=False)
    assert found.queries == {"known": 0, "new": 0}
    assert not found.can_tell_new
    none = decision_from(head(), asked(["Luna"]).take(torch.empty(0).long().numpy()), torch.empty(0, 2), both_ways=True)
    assert none.queries == {"known": 0, "new": 0}


def test_only_a_group_of_the_individual_itself_makes_strangers() -> None:
    schema = Schema(inputs={"photo": Input(kind="image")}, targets={"who": Target(kind="individual", photo="photo")})
    assert not strangers_test(schema)
    assert strangers_test(schema.model_copy(update={"split": Split(group="who")}))
    assert not strangers_test(schema.model_copy(update={"split": Split(group="site")}))
