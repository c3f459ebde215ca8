"""A mistake that travelled is the one that was made."""

from __future__ import annotations

import threading

import pytest

from injerto.errors import InjertoError, MediaError, OutputError, ScaleError, SchemaError
from injerto.scale.slip import packed, unpacked


@pytest.mark.parametrize(
    "slip",
    [
        SchemaError(["no target", "no input"]),
        MediaError("no photo", file="a.png", row=3),
        OutputError("no room"),
        OSError(28, "full"),
    ],
)
def test_kind_message_and_fields(slip: Exception) -> None:
    found = unpacked(packed(slip))
    assert type(found) is type(slip)
    assert str(found) == str(slip)
    assert vars(found) == vars(slip)
    assert not isinstance(slip, InjertoError) or not hasattr(found, "__notes__")


def test_what_nobody_meant_takes_its_traceback_along() -> None:
    try:
        {}["nest"]
    except KeyError as slip:
        found = unpacked(packed(slip))
    assert isinstance(found, KeyError)
    assert found.args == ("nest",)
    assert "in test_what_nobody_meant_takes_its_traceback_along" in found.__notes__[0]


def test_what_cannot_travel_is_told() -> None:
    found = unpacked(packed(ValueError(threading.Lock())))
    assert isinstance(found, ScaleError)
    assert "The first process could not go on: ValueError(<unlocked" in str(found)
