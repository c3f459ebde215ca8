"""Classes and the sounds that a network names: endings, words written as one, names in several parts, and nothing alike."""

from __future__ import annotations

import pytest

from injerto.backbones.called_alike import called_alike
from injerto.backbones.own_labels import audioset


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("gun_shot", ["Gunshot, gunfire"]),
        ("car_horn", ["Vehicle horn, car horn, honking"]),
        ("air_conditioner", ["Air conditioning"]),
        ("ChirpingBirds", ["Bird", "Chirp, tweet"]),
        ("Frogs", ["Frog"]),
        ("7", []),
        ("", []),
        ("Alytes obstetricans", []),
    ],
)
def test_names_in_audioset(name: str, labels: list[str]) -> None:
    (found,) = called_alike([name], audioset())
    assert [audioset()[place] for place in found] == labels


def test_the_longest_name_wins() -> None:
    assert called_alike(["car horn"], ["Car", "Horn", "Car horn", "Honk, car horn"]) == [[2, 3]]


def test_what_stands_aside_is_not_part_of_a_name() -> None:
    assert called_alike(["engine"], ["Engine (high)", "Jet engine"]) == [[0]]
