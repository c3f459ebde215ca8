"""What is worked out once for a network that changes no more, and anew for any other."""

from torch import nn

from injerto.backbones.settled import once, settle


def test_only_of_settled_networks_anything_is_kept():
    calls: list[str] = []

    def work() -> int:
        calls.append("")
        return len(calls)

    settled, other = nn.Linear(2, 2), nn.Linear(2, 2)
    settle(settled)
    assert [once(other, "copy", work), once(other, "copy", work)] == [1, 2]
    assert [once(settled, "copy", work), once(settled, "copy", work)] == [3, 3]
    assert once(settled, "another", work) == 4
    settle(settled)
    assert once(settled, "copy", work) == 3
