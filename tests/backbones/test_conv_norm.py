import pytest
import torch

from injerto.backbones.conv_norm import ConvNorm, same_padding


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "expected"),
    [(5, 3, 1, (1, 1)), (4, 3, 2, (0, 1)), (5, 3, 2, (1, 1)), (4, 5, 2, (1, 2)), (4, 1, 1, (0, 0)), (4, 1, 2, (0, 0))],
)
def test_same_padding(size: int, kernel: int, stride: int, expected: tuple[int, int]) -> None:
    assert same_padding(size, kernel, stride) == expected


def test_by_hand() -> None:
    """A kernel of ones over the numbers 1 to 16 at stride 2 sees nine, six, six and four of them."""
    unit = ConvNorm(1, 1, 3, stride=2, activation="none", epsilon=0.0).eval()
    torch.nn.init.ones_(unit.conv.weight)
    picture = torch.arange(1.0, 17.0).reshape(1, 1, 4, 4)
    sums = torch.tensor(
        [[1 + 2 + 3 + 5 + 6 + 7 + 9 + 10 + 11, 3 + 4 + 7 + 8 + 11 + 12], [9 + 10 + 11 + 13 + 14 + 15, 11 + 12 + 15 + 16]]
    )
    assert torch.equal(unit(picture)[0, 0], sums.float())


def test_addition_comes_before_the_activation() -> None:
    unit = ConvNorm(1, 1, 1, activation="relu6", epsilon=0.0).eval()
    torch.nn.init.ones_(unit.conv.weight)
    numbers = torch.tensor([-3.0, 1.0, 5.0]).reshape(1, 1, 1, 3)
    assert unit(numbers, torch.full_like(numbers, 2.0)).flatten().tolist() == [0.0, 3.0, 6.0]
