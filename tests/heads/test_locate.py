import pytest
import torch

from injerto.heads.locate import LOCATORS, HeatmapLocator, RegressionLocator, SimccLocator, centres, expected


def test_centres_by_hand() -> None:
    torch.testing.assert_close(centres(4, 0.0), torch.tensor([0.125, 0.375, 0.625, 0.875]))
    # half a photo more on every side
    torch.testing.assert_close(centres(4, 0.5), torch.tensor([-0.25, 0.25, 0.75, 1.25]))


def test_the_expectation_by_hand() -> None:
    # 3/4 on the bin at 0.125 and 1/4 on the one at 0.625, in x; all on 0.875 in y
    x = torch.tensor([0.75, 0.0, 0.25, 0.0]).clamp_min(1e-30).log()
    y = torch.tensor([0.0, 0.0, 0.0, 1.0]).clamp_min(1e-30).log()
    place, spread = expected(torch.stack([x, y])[None, None], 0.0)
    torch.testing.assert_close(place, torch.tensor([[[0.25, 0.875]]]))
    # variance of x: 0.75 * 0.125^2 + 0.25 * 0.375^2
    torch.testing.assert_close(spread, torch.tensor([[(0.75 * 0.125**2 + 0.25 * 0.375**2) ** 0.5]]))


@pytest.mark.parametrize("kind", sorted(LOCATORS))
def test_every_locator_gives_bins_of_x_and_y(kind: str) -> None:
    head = LOCATORS[kind](8, 3)  # type: ignore[index]
    for side in (4, 6):  # the same weights on any size of map
        logits = head(torch.randn(2, 8, side, side))
        bins = {"heatmap": side, "simcc": 2 * side, "regression": 1}[kind]
        assert logits.shape == (2, 3, 2, bins)


def test_a_bright_place_is_found_by_its_column_and_row() -> None:
    places = torch.zeros(1, 1, 4, 4)
    places[0, 0, 2, 1] = 50.0  # row 2, column 1
    heat = HeatmapLocator(1, 1)
    torch.nn.init.ones_(heat.convolve.weight)
    place, _ = expected(heat(places), 0.0)
    torch.testing.assert_close(place, torch.tensor([[[0.375, 0.625]]]))
    votes = SimccLocator(1, 1)
    torch.nn.init.zeros_(votes.convolve.bias)  # type: ignore[arg-type]
    votes.convolve.weight.data[:, 0, 0, 0] = torch.tensor([1.0, 0.0, 0.0, 1.0])  # first half of the column, second of the row
    place, _ = expected(votes(places), 0.0)
    torch.testing.assert_close(place, torch.tensor([[[0.3125, 0.6875]]]))


@pytest.mark.parametrize("kind", sorted(LOCATORS))
def test_what_is_answered_is_what_the_loss_was_told(kind: str) -> None:
    """The loss reckons in shares of what the bins cover, answers in shares of the photo: one and the same place."""
    reach = 0.25
    logits = LOCATORS[kind](8, 3)(torch.randn(2, 8, 4, 4))  # type: ignore[index]
    told, _ = expected(logits, 0.0)
    answered, _ = expected(logits, reach)
    torch.testing.assert_close((answered + reach) / (1 + 2 * reach), told)


def test_a_plain_regression_starts_in_the_middle_and_knows_nothing_of_its_spread() -> None:
    head = RegressionLocator(4, 2)
    torch.nn.init.zeros_(head.convolve.weight)
    torch.nn.init.zeros_(head.convolve.bias)  # type: ignore[arg-type]
    place, spread = expected(head(torch.randn(3, 4, 5, 5)), 0.1)
    torch.testing.assert_close(place, torch.full((3, 2, 2), 0.5))
    torch.testing.assert_close(spread, torch.ones(3, 2))
