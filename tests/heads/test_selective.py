"""From how sure on answers are given: by hand, and on draws: so few of them are wrong as was promised."""

import math

import pytest
import torch

from injerto.heads.selective import least_sure


def test_by_hand() -> None:
    sure = torch.tensor([0.5, 0.9, 0.8, 0.7, 0.6])
    wrong = torch.tensor([True, False, False, False, True])
    # from the surest on, (wrong + 1) / (answered + 1): 1/2, 1/3, 1/4, 2/5, 3/6; with a standard deviation more:
    # 1/2, 1/3, 1/4, (0.25 + 0.125 + 0.25) / 1.25 = 0.5, (0.4 + 0.1 + 0.2408) / 1.2 = 0.617
    assert least_sure(sure, wrong, 0.25) == pytest.approx(0.7)
    assert least_sure(sure, wrong, 0.49) == pytest.approx(0.7)
    assert least_sure(sure, wrong, 0.5) == pytest.approx(0.6)
    assert least_sure(sure, wrong, 0.62) == 0.0
    assert least_sure(sure, wrong, 0.2) == math.inf


def test_the_least_sure_limit_holds_even_behind_one_that_does_not() -> None:
    sure = torch.linspace(0.99, 0.5, 40)
    wrong = torch.zeros(40, dtype=torch.bool)
    wrong[0] = True  # the surest of all: 1 at first, 0.064 at the end, with a standard deviation more
    assert least_sure(sure, wrong, 0.07) == 0.0
    assert least_sure(sure, wrong, 0.06) == math.inf


def test_the_equally_sure_are_answered_together() -> None:
    sure = torch.tensor([0.9] * 20 + [0.8] * 2)
    wrong = torch.tensor([False] * 20 + [False, True])
    assert least_sure(sure, wrong, 0.05) == pytest.approx(0.9)
    assert least_sure(sure[:21], wrong[:21], 0.05) == 0.0


def draw(rows: int, generator: torch.Generator, round_to: int | None) -> tuple[torch.Tensor, torch.Tensor]:
    """Overconfident answers: right in 1 - (1 - sure)^0.7 of cases."""
    sure = torch.rand(rows, generator=generator, dtype=torch.float64).sqrt()
    wrong = torch.rand(rows, generator=generator, dtype=torch.float64) < (1 - sure) ** 0.7
    return (sure if round_to is None else (sure * round_to).round() / round_to), wrong


@pytest.mark.parametrize(("rows", "round_to"), [(40, None), (300, None), (300, 20), (2000, None)])
def test_wrong_answers_are_as_rare_as_promised(rows: int, round_to: int | None) -> None:
    """The promise of the module: (share of new rows answered wrongly) / ((answered + 1) / (rows + 1)) is at most 0.1 on
    average, over draws of held-out and new rows of one kind. A draw's ratio has a spread, and the mean of all a standard error.
    """
    generator, ratios, wrongs, told = torch.Generator().manual_seed(rows), [], 0, 0
    for _ in range(1500):
        sure, wrong = draw(rows + 200, generator, round_to)
        start = least_sure(sure[:rows], wrong[:rows], 0.1)
        answered = int((sure[:rows] >= start).sum())
        given = sure[rows:] >= start
        ratios.append(float((given & wrong[rows:]).double().mean()) / ((answered + 1) / (rows + 1)))
        wrongs, told = wrongs + int((given & wrong[rows:]).sum()), told + int(given.sum())
    found = torch.tensor(ratios)
    assert float(found.mean()) <= 0.1 + 3 * float(found.std()) / math.sqrt(len(found))
    if rows >= 300:  # and it is no idle promise
        assert 0.06 <= wrongs / told <= 0.105


@pytest.mark.parametrize("alone", [0.0, 0.5])
def test_recordings_whose_clips_go_wrong_together(alone: float) -> None:
    """100 recordings of 1 to 10 clips that are wrong together, but for a share of clips that go their own way: the promise
    holds by recordings. By rows it does not where all of a recording are wrong.
    """
    generator, ratios = torch.Generator().manual_seed(3), {"rows": [], "groups": []}
    for _ in range(400):
        sizes = torch.randint(1, 11, (200,), generator=generator)
        unit = torch.arange(200).repeat_interleave(sizes)
        sure, wrong = (values[unit] for values in draw(200, generator, None))
        own_way = torch.rand(len(unit), generator=generator) < alone
        wrong = torch.where(own_way, torch.rand(len(unit), generator=generator) < (1 - sure) ** 0.7, wrong)
        own = unit < 100
        for name, together in {"rows": None, "groups": unit[own]}.items():
            start = least_sure(sure[own], wrong[own], 0.1, together)
            promised = float((sure[own] >= start).double().mean().clamp_min(1e-3))
            ratios[name].append(float(((sure[~own] >= start) & wrong[~own]).double().mean()) / promised)
    means = {name: sum(found) / len(found) for name, found in ratios.items()}
    assert 0.02 < means["groups"] <= 0.1  # and it is no idle promise
    assert (means["rows"] > 0.1) == (alone == 0)


def test_one_more_recording_all_wrong_must_do_no_harm() -> None:
    sure, wrong = torch.linspace(0.99, 0.5, 100), torch.zeros(100, dtype=torch.bool)
    wrong[-1] = True  # one row of the last recording: nothing says that recordings are wrong together
    assert least_sure(sure, wrong, 0.1, torch.arange(100) // 10) == 0.0  # 1 of 10 + 1 recordings
    assert least_sure(sure, wrong, 0.1, torch.arange(100) // 13) == math.inf  # 1 of 8 + 1
