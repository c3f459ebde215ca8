import torch

from injerto.heads.circles import CLOSE_UNIT, Circles


def drawn(rows: int, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Errors whose size follows how unsure each is, twice as much for the second point."""
    generator = torch.Generator().manual_seed(seed)
    unsure = 0.005 + 0.02 * torch.rand(rows, 2, generator=generator, dtype=torch.float64)
    errors = unsure * torch.tensor([1.0, 2.0]) * torch.randn(rows, 2, generator=generator, dtype=torch.float64).abs()
    return errors, unsure


def test_circles_hold_nine_of_ten_of_each_point() -> None:
    circles = Circles(2)
    errors, unsure = drawn(2000)
    circles.fit(errors, unsure, torch.ones(2000, 2, dtype=torch.bool))
    errors, unsure = drawn(4000, seed=1)
    inside = (errors <= circles.radius(unsure)).double().mean(dim=0)
    torch.testing.assert_close(inside, torch.full((2,), 0.9, dtype=torch.float64), atol=0.02, rtol=0)


def test_confidence_is_how_often_answers_are_close() -> None:
    circles = Circles(2)
    errors, unsure = drawn(4000)
    circles.fit(errors, unsure, torch.ones(4000, 2, dtype=torch.bool))
    errors, unsure = drawn(4000, seed=1)
    sure = circles.confidence(unsure)
    assert float(sure.max()) < 1
    for low, high in ((0.5, 0.8), (0.8, 0.95)):
        some = (sure >= low) & (sure < high)
        close = (errors[some] <= CLOSE_UNIT).double().mean()
        torch.testing.assert_close(close, sure[some].mean(), atol=0.05, rtol=0)


def test_a_point_known_in_few_rows_borrows_from_the_others() -> None:
    circles = Circles(2)
    errors, unsure = torch.ones(1000, 2, dtype=torch.float64), torch.ones(1000, 2, dtype=torch.float64)
    errors[0, 1] = 100.0
    known = torch.ones(1000, 2, dtype=torch.bool)
    known[1:, 1] = False
    circles.fit(errors, unsure, known)
    assert float(circles.factors[0]) == 1.0
    torch.testing.assert_close(float(circles.factors[1]), (1 * 100 + 100 * 1) / 101)


def test_without_rows_there_is_no_radius() -> None:
    circles = Circles(1)
    circles.fit(torch.ones(2, 1), torch.ones(2, 1), torch.zeros(2, 1, dtype=torch.bool))
    assert circles.radius(torch.ones(2, 1)).isnan().all()
