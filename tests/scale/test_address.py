"""What `--on` means."""

from __future__ import annotations

import pytest

from injerto.errors import ScaleError
from injerto.scale.address import Address, address_of


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("ray", Address()),
        ("ray://auto", Address(running=True)),
        ("ray://10.0.0.5:6379", Address("10.0.0.5", 6379, running=True)),
        ("ray://head.lab.org:6380", Address("head.lab.org", 6380, running=True)),
        ("ray://[fd00::1]:6379", Address("[fd00::1]", 6379, running=True)),
    ],
)
def test_addresses(text: str, meant: Address) -> None:
    assert address_of(text) == meant


@pytest.mark.parametrize(
    "text", ["", "dask", "ray:", "ray://", "ray://head", "ray://head:0", "ray://head:70000", "ray://a b:1"]
)
def test_others_are_refused(text: str) -> None:
    with pytest.raises(ScaleError, match=r"names no cluster. Give 'ray' for .* such as ray://10.0.0.5:6379"):
        address_of(text)
