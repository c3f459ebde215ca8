import torch

from injerto.heads import HEADS
from injerto.heads.head import Labels, Mixed
from injerto.learning.loop import loss_of
from injerto.learning.mixing import mixed_up
from injerto.schema.schema import Target


def test_mixed_rows_are_sums_of_neighbours() -> None:
    raw = {"clip": torch.eye(3)}
    labels = {"sound": Labels(torch.tensor([0, 1, 2]), torch.tensor([True, True, False]))}
    seen = set()
    for seed in range(40):
        laid, told = mixed_up(raw, labels, torch.Generator().manual_seed(seed))
        mixed = told["sound"].mixed
        seen.add(mixed is not None)
        if mixed is None:
            assert torch.equal(laid["clip"], raw["clip"])
            continue
        expected = mixed.share * torch.eye(3) + (1 - mixed.share) * torch.eye(3).roll(1, dims=0)
        torch.testing.assert_close(laid["clip"], expected)
        assert mixed.labels.value.tolist() == [2, 0, 1]
        assert mixed.labels.known.tolist() == [False, True, True]
        assert 0 <= mixed.share <= 1
    assert seen == {True, False}


def test_the_loss_is_shared_out() -> None:
    """Outputs that say 'a' for certain: right by the share of 'a', wrong by the rest."""
    head = HEADS["class"]("sound", Target(kind="class"))
    output = torch.tensor([[[2.0, -1.0]]])
    known = torch.tensor([True])
    one, other = Labels(torch.tensor([0]), known), Labels(torch.tensor([1]), known)
    from_both = loss_of(head, output, Labels(one.value, known, mixed=None))
    against = loss_of(head, output, other)
    mixed = loss_of(head, output, Labels(one.value, known, Mixed(other, 0.7)))
    torch.testing.assert_close(mixed, 0.7 * from_both + 0.3 * against)
