import torch

from injerto.embedders.familiarity import CLOSEST, LEAST, Familiarity, strangeness


def cloud(count: int, axis: int, seed: int) -> torch.Tensor:
    """Vectors around one axis of eight."""
    generator = torch.Generator().manual_seed(seed)
    return torch.eye(8)[axis] + 0.15 * torch.randn(count, 8, generator=generator)


def fitted() -> Familiarity:
    vectors = torch.cat([cloud(60, 0, 0), cloud(60, 1, 1)])
    familiarity = Familiarity(8)
    familiarity.fit(vectors, torch.arange(120) % 5, noise=torch.eye(8)[7:])
    return familiarity


def test_what_is_like_training_is_trusted() -> None:
    trust = fitted()(torch.cat([cloud(100, 0, 2), cloud(100, 1, 3)]))
    assert (trust > 0.99).float().mean() > 0.85
    assert trust.min() >= LEAST


def test_what_was_never_heard_is_not() -> None:
    familiarity = fitted()
    assert familiarity(cloud(100, 4, 4)).max() < 0.5
    assert familiarity(torch.eye(8)[7:]).item() == torch.tensor(LEAST).item()  # noise itself


def test_near_noise_is_stranger_than_as_far_from_it() -> None:
    """Two vectors as near to training rows, one of them on the way to noise."""
    familiarity = fitted()
    towards, away = torch.eye(8)[0] + 0.6 * torch.eye(8)[7], torch.eye(8)[0] + 0.6 * torch.eye(8)[5]
    trust = familiarity(torch.stack([towards, away]))
    assert trust[0] < trust[1]


def test_strangeness_by_hand() -> None:
    """One training direction and noise at right angles; a query at 60 degrees from the one and 30 from the other."""
    heard, noise = torch.tensor([[1.0, 0.0]]), torch.tensor([[0.0, 1.0]])
    query = torch.tensor([[0.5, 3**0.5 / 2]])
    expected = 0.5 / (1 - 3**0.5 / 2 + CLOSEST)
    torch.testing.assert_close(strangeness(query, heard, noise), torch.tensor([expected]))


def test_before_it_is_fitted_everything_is_trusted() -> None:
    assert Familiarity(8)(cloud(3, 0, 0)).tolist() == [1, 1, 1]


def test_one_group_alone_says_nothing() -> None:
    familiarity = Familiarity(8)
    familiarity.fit(cloud(20, 0, 0), torch.zeros(20), noise=torch.eye(8)[7:])
    assert familiarity(cloud(3, 4, 1)).tolist() == [1, 1, 1]
