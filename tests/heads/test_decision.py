"""Who it is or whether it is new: calibrated on made-up centres on a sphere, sane where little is known."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
import torch
from torch import Tensor

from injerto.heads.decision import Decision

INF = math.inf


def unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))


def world(seed: int, known: int = 40, strangers: int = 25, shots: int = 6, noise: float = 0.9) -> tuple[Tensor, Tensor, Tensor]:
    """Scores (Q,I), truth and groups of queries of known individuals and of strangers."""
    random = np.random.default_rng(seed)
    centres = unit(random.normal(size=(known + strangers, 24)))
    groups = np.repeat(np.arange(known + strangers), shots)
    queries = unit(centres[groups] + noise * random.normal(size=(len(groups), 24)) / np.sqrt(24))
    truth = np.where(groups < known, groups, -1)
    return torch.from_numpy(queries @ centres[:known].T), torch.from_numpy(truth), torch.from_numpy(groups)


@pytest.fixture(scope="module")
def decision() -> Decision:
    return Decision().fit(*world(0))


def test_what_no_query_told_by_hand() -> None:
    """Two names whose scores differ by log(4) / 20: one is four times as likely."""
    found = Decision.plain(torch.tensor([[0.5, 0.5 - math.log(4) / 20, -INF], [-INF, -INF, -INF]]))
    assert found[0].tolist() == pytest.approx([0.8 * 0.8, 0.8 * 0.2, 0, 0.2])
    assert found[1].tolist() == [0, 0, 0, 0.5]
    assert Decision.plain(torch.zeros(2, 0)).tolist() == [[0.5], [0.5]]


def test_calibration_makes_them_more_honest_on_other_animals(decision: Decision) -> None:
    scores, truth, _ = world(4, strangers=40)
    new = (truth < 0).double()
    before, after = (told(scores)[:, -1] for told in (Decision.plain, decision.probabilities))
    assert (after - new).square().mean() < (before - new).square().mean()


def test_new_and_known_are_told_apart_on_other_animals(decision: Decision) -> None:
    scores, truth, _ = world(1)
    new = decision.probabilities(scores)[:, -1] >= 0.5
    recalls = [new[truth < 0].double().mean(), (~new)[truth >= 0].double().mean()]
    assert float(sum(recalls)) / 2 > 0.9


def test_errors_on_other_animals_stay_within_what_was_promised(decision: Decision) -> None:
    scores, truth, _ = world(2, strangers=40)  # as many strangers as known ones, as the decision takes for granted
    probabilities = decision.probabilities(scores)
    said = np.array(decision.decide(probabilities))
    name = probabilities[:, :-1].argmax(dim=1)
    wrong = (name != truth).numpy()
    assert wrong[said == "known"].mean() <= 0.1
    assert (truth.numpy()[said == "new"] >= 0).mean() <= 0.1
    assert (said == "known").mean() > 0.3 and (said == "new").mean() > 0.3
    assert decision.outcome is not None
    assert decision.outcome.said["known"] == pytest.approx((said == "known").mean(), abs=0.08)
    assert decision.outcome.wrong["known"] == pytest.approx(wrong[said == "known"].mean(), abs=0.06)


def test_probabilities_happen_as_often_as_they_say(decision: Decision) -> None:
    scores, truth, _ = world(3, strangers=40)
    new = decision.probabilities(scores)[:, -1]
    for low, high in ((0.0, 0.3), (0.3, 0.7), (0.7, 1.0)):
        within = (new >= low) & (new <= high)
        assert float(new[within].mean()) == pytest.approx(float((truth[within] < 0).double().mean()), abs=0.15)


def test_rows_sum_to_one_and_who_is_not_admitted_has_nothing(decision: Decision) -> None:
    scores, _, _ = world(4)
    scores[:, 3] = -INF
    probabilities = decision.probabilities(scores.float())
    assert probabilities.shape == (len(scores), 41)
    assert torch.allclose(probabilities.sum(dim=1), torch.ones(len(scores), dtype=torch.float64))
    assert float(probabilities[:, 3].abs().max()) == 0


def test_a_higher_best_score_never_makes_a_newcomer_likelier(decision: Decision) -> None:
    scores = torch.full((200, 40), 0.1)
    scores[:, 1] = 0.3
    scores[:, 0] = torch.linspace(0.3, 1.0, 200)
    new = decision.probabilities(scores)[:, -1]
    assert bool((new.diff() <= 0).all()) and float(new[0] - new[-1]) > 0.5


def test_the_slopes_stay_downward_where_strangers_score_higher_by_accident() -> None:
    scores = torch.tensor([[0.2, 0.1], [0.3, 0.1], [0.8, 0.1], [0.9, 0.1]])
    told = Decision().fit(scores, torch.tensor([0, 0, -1, -1]), torch.arange(4))
    new = told.probabilities(torch.tensor([[0.1, 0.0], [0.9, 0.0]]))[:, -1]
    assert float(new[1]) <= float(new[0]) + 1e-12


def test_another_share_shifts_the_log_odds_and_chooses_limits_anew(decision: Decision) -> None:
    scores, _, _ = world(5)
    rare = decision.with_share(0.05)
    before, after = decision.probabilities(scores)[:, -1], rare.probabilities(scores)[:, -1]
    assert torch.allclose(after.logit(), before.logit() + math.log(0.05 / 0.95))
    assert rare.outcome is not None and decision.outcome is not None
    assert rare.outcome.said["known"] > decision.outcome.said["known"]
    assert "as if 5% were new" in rare.words and "as if 50% were new" in decision.words
    assert torch.allclose(rare.with_share(0.5).probabilities(scores)[:, -1], before)


def test_without_strangers_it_says_that_it_cannot_tell_them() -> None:
    scores, truth, groups = world(6, strangers=0)
    told = Decision().fit(scores, truth, groups)
    probabilities = told.probabilities(world(7)[0])
    assert not told.can_tell_new
    assert float(probabilities[:, -1].max()) == 0
    assert "new" not in told.decide(probabilities)
    assert told.words.startswith("It cannot tell new individuals, as no individual was held out whole")
    assert 'and "cannot tell" of' in told.words and '"new" of' not in told.words


@pytest.mark.parametrize(("known", "strangers"), [(0, 0), (0, 3), (1, 0), (1, 1), (2, 1), (1, 2), (3, 3)])
def test_few_or_no_queries_give_something_sane(known: int, strangers: int) -> None:
    scores, truth, groups = world(8)
    rows = torch.cat([torch.arange(6 * known, dtype=torch.int64)[::6], 40 * 6 + torch.arange(6 * strangers)[::6]])
    told = Decision().fit(scores[rows], truth[rows], groups[rows])
    probabilities = told.probabilities(scores)
    assert torch.allclose(probabilities.sum(dim=1), torch.ones(len(scores), dtype=torch.float64))
    assert told.can_tell_new == (known > 0 and strangers > 0)
    assert (told.limits.known_from, told.limits.new_from, told.limits.checked) == (0.9, 0.9, False)
    right = probabilities[:, :-1].argmax(dim=1) == truth
    assert float(right[truth >= 0].double().mean()) > 0.8
    assert 5 < told.resemblance.scale < 80
    assert "from a probability of 90% on" in told.words


def test_where_nobody_is_admitted_nothing_is_said(decision: Decision) -> None:
    nothing = torch.full((1, 40), -INF)
    for share in (0.05, 0.5, 0.95):
        told = decision.with_share(share)
        probabilities = told.probabilities(nothing)
        assert float(probabilities[0, -1]) == pytest.approx(min(share, 0.5))
        assert float(probabilities[0, :-1].sum()) == 0
        assert told.decide(probabilities) == ["cannot tell"]
    assert decision.decide(decision.probabilities(torch.empty(2, 0))) == ["cannot tell"] * 2
    assert decision.probabilities(torch.empty(0, 40)).shape == (0, 41)


def test_a_gallery_of_one_is_judged_by_its_score(decision: Decision) -> None:
    new = decision.probabilities(torch.tensor([[0.95], [0.0]]))[:, -1]
    assert float(new[0]) < float(new[1])


def test_limits_cut_where_they_say(decision: Decision) -> None:
    told = Decision().restore(decision.state())
    told.limits = type(told.limits)(0.7, 0.8, checked=True)
    rows = torch.tensor([[0.7, 0.1, 0.2], [0.69, 0.01, 0.3], [0.1, 0.1, 0.8], [0.2, 0.01, 0.79]])
    assert told.decide(rows) == ["known", "cannot tell", "new", "cannot tell"]
    told.limits = type(told.limits)(INF, 0.5, checked=True)
    assert told.decide(torch.tensor([[1.0, 0.0], [0.5, 0.5]])) == ["cannot tell", "cannot tell"]


def test_queries_without_their_own_individual_teach_nothing(decision: Decision) -> None:
    scores, truth, groups = world(0)
    lost = scores[:12].clone()
    lost[:6, int(truth[0])] = -INF
    lost[6:] = -INF
    more = Decision().fit(torch.cat([scores, lost]), torch.cat([truth, truth[:12]]), torch.cat([groups, groups[:12]]))
    assert more.queries == decision.queries == {"known": 240, "new": 150}
    assert more.individuals == {"known": 40, "new": 25}
    assert more.resemblance == decision.resemblance


def test_state_is_json_and_brings_all_back(decision: Decision) -> None:
    scores, _, _ = world(9)
    again = Decision().restore(json.loads(json.dumps(decision.state(), allow_nan=False)))
    assert torch.equal(again.probabilities(scores), decision.probabilities(scores))
    assert again.words == decision.words
    assert again.state() == decision.state()
    empty = Decision()
    assert Decision().restore(json.loads(json.dumps(empty.state(), allow_nan=False))).words == empty.words


def test_photos_of_a_sighting_have_the_mean_of_those_that_admit_an_individual() -> None:
    scores = torch.tensor([[0.2, -INF, -INF], [0.6, 0.5, -INF]])
    assert torch.equal(Decision.together(scores), torch.tensor([0.4, 0.5, -INF]))
    assert torch.equal(Decision.together(scores[:1]), scores[0])


def test_several_photos_are_told_better_than_one(decision: Decision) -> None:
    scores, truth, groups = world(10)
    new = decision.probabilities(scores)[:, -1] >= 0.5
    one = (new == (truth < 0)).double().mean()
    joined = torch.stack([Decision.together(scores[groups == group]) for group in groups.unique()])
    several = (decision.probabilities(joined)[:, -1] >= 0.5) == (torch.arange(len(joined)) >= 40)
    assert float(several.double().mean()) > float(one)


def test_what_cannot_be_fitted_is_refused() -> None:
    scores, truth, groups = world(0)
    with pytest.raises(ValueError, match="390 queries, 389 true individuals and 390 groups"):
        Decision().fit(scores, truth[1:], groups)
    with pytest.raises(ValueError, match="must be -1, or the number of one of the 40 columns"):
        Decision().fit(scores, truth + 1, groups)
    with pytest.raises(ValueError, match=r"max_error is 0; it must lie between 0 and 1"):
        Decision().fit(scores, truth, groups, max_error=0)
    with pytest.raises(ValueError, match=r"new_share is 1; it must lie between 0 and 1"):
        Decision().fit(scores, truth, groups, new_share=1)
    with pytest.raises(ValueError, match=r"share of new individuals is 0.0; it must lie"):
        Decision().with_share(0.0)
    with pytest.raises(ValueError, match="not numbers"):
        Decision().probabilities(scores * math.nan)
    with pytest.raises(ValueError, match=r"have the shape \(40,\)"):
        Decision.together(scores[0])
