"""Near-duplicates among very many sounds: copies are found as among few, and no more is kept or compared than is allowed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from injerto.table import kept_landmarks, landmark_votes
from injerto.table.clip_print import ClipPrint
from injerto.table.kept_landmarks import KeptLandmarks
from injerto.table.landmark_votes import LIKEST, ballot
from injerto.table.many_clips import ManyClips, many_clip_pairs
from injerto.table.near_clips import laid_over, near_clip_pairs
from injerto.table.peak_triples import peak_triples

OWN, COPIES = 120, 40
LENGTH, PEAKS, BANDS = 150, 150, 37


def clip(seed: int) -> ClipPrint:
    """Peaks and details drawn."""
    random = np.random.default_rng(seed)
    return in_order(
        random.integers(0, LENGTH, PEAKS),
        random.integers(0, 501, PEAKS),
        random.normal(size=(LENGTH, BANDS)).astype(np.float16),
    )


def in_order(frames: np.ndarray, bins: np.ndarray, detail: np.ndarray) -> ClipPrint:
    order = np.lexsort((bins, frames))
    return ClipPrint(frames[order].astype(np.int32), bins[order].astype(np.int32), detail)


def copy(one: ClipPrint, seed: int) -> ClipPrint:
    """Three frames later, without a fifth of the peaks, with grain."""
    random = np.random.default_rng(seed)
    kept = random.random(len(one.frames)) > 0.2
    detail = np.roll(one.detail, 3, axis=0) + random.normal(0, 0.3, one.detail.shape)
    return in_order(one.frames[kept] + 3, one.bins[kept], detail.astype(np.float16))


def clips() -> list[ClipPrint | None]:
    own = [clip(seed) for seed in range(OWN)]
    return [*own, None, *(copy(own[place], OWN + place) for place in range(COPIES))]


def told(found: tuple[np.ndarray, np.ndarray, np.ndarray]) -> set[tuple[int, int]]:
    return set(zip(found[0].tolist(), found[1].tolist(), strict=True))


def test_the_pairs_are_those_of_few_sounds() -> None:
    few, many = near_clip_pairs(clips()), many_clip_pairs(clips())
    assert told(few) == told(many) == {(place, OWN + 1 + place) for place in range(COPIES)}
    like = dict(zip(few[0].tolist(), few[2].tolist(), strict=True))
    assert [like[place] for place in many[0].tolist()] == pytest.approx(many[2].tolist())


def test_a_small_share_of_landmarks_finds_the_copies_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_landmarks, "_AT_ONCE", 1000)
    monkeypatch.setattr(kept_landmarks, "MOST", 1000)
    assert len(told(many_clip_pairs(clips()))) >= 0.95 * COPIES


def test_the_same_sounds_give_the_same_pairs_wherever_they_lie(tmp_path: Path) -> None:
    one, other = many_clip_pairs(clips()), many_clip_pairs(clips(), folder=tmp_path / "work")
    for here, there in zip(one, other, strict=True):
        np.testing.assert_array_equal(here, there)
    assert list((tmp_path / "work").iterdir()) == []


def test_no_more_landmarks_are_kept_than_are_allowed_whatever_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_landmarks, "_AT_ONCE", 500)
    monkeypatch.setattr(kept_landmarks, "MOST", 30_000)
    kept = KeptLandmarks()
    for place, one in enumerate(clips()):
        if one is not None:
            kept.add(place, *peak_triples(one))
    assert 15_000 < len(kept) <= 30_500
    lowest = np.sort(peak_triples(clip(0))[0])[: kept_landmarks.LOWEST]
    monkeypatch.setattr(kept_landmarks, "MOST", 0)
    alone, again = KeptLandmarks(), KeptLandmarks()
    hashes, frames = peak_triples(clip(0))
    alone.add(0, hashes, frames)
    again.add(0, hashes[::-1], frames[::-1])
    assert len(alone) == len(again) == len(lowest)


def test_copies_of_one_sound_are_each_compared_with_few_and_yet_hang_together() -> None:
    """More of them than a landmark may be in to tell any two apart."""
    same = KeptLandmarks()
    hashes, frames = peak_triples(clip(0))
    count = 2 * kept_landmarks.COMMONEST
    for place in range(count):
        same.add(place, hashes, frames)
    found = ballot(same.shared(), count)
    assert len(found.first) <= 2 * LIKEST * count
    assert {(place, place + 1) for place in range(count - 1)} <= set(
        zip(found.first.tolist(), found.second.tolist(), strict=True)
    )


def test_a_sound_is_laid_over_its_likest_only() -> None:
    some = KeptLandmarks()
    hashes, frames = peak_triples(clip(0))
    for place in range(20):
        some.add(place, hashes[: 50 * place + 50], frames[: 50 * place + 50])
    found = ballot(some.shared(), 20)
    assert (np.diff(found.votes) <= 0).all() and (found.first < found.second).all()
    pairs = set(zip(found.first.tolist(), found.second.tolist(), strict=True))
    for place in range(20):
        assert {(place, later) for later in range(place + 1, min(place + 1 + LIKEST, 20))} <= pairs
    assert len(pairs) <= 2 * LIKEST * 20 < 20 * 19 / 2


def test_votes_counted_part_by_part_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = many_clip_pairs(clips())
    monkeypatch.setattr(landmark_votes, "VOTES_AT_ONCE", 300)
    for here, there in zip(whole, many_clip_pairs(clips()), strict=True):
        np.testing.assert_array_equal(here, there)


def test_with_too_many_votes_neighbours_still_vote(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landmark_votes, "MOST_VOTES", 1)
    same = [copy(clip(0), seed) for seed in range(10)]
    assert {(place, place + 1) for place in range(9)} <= told(many_clip_pairs(same))


def test_a_sound_moved_by_half_a_frame_has_its_votes_together() -> None:
    """One lag has two votes and the next has two: together four, at the first."""
    counted = landmark_votes._counted(np.array([7, 8, 7, 8, 50, 90, 90]) + landmark_votes._LAGS // 2, 10)
    assert counted.tolist() == [[0], [0], [14], [4]]


def test_details_on_disk_have_the_likeness_of_those_in_memory(tmp_path: Path) -> None:
    made = clips()
    one, other = made[0], made[OWN + 1]
    assert one is not None and other is not None
    kept = ManyClips("Prints", tmp_path)
    kept.add(one)
    kept.add(other)
    _, _, likeness = kept.pairs()
    assert likeness.tolist() == [laid_over(one.detail, other.detail, -2)]


def test_nothing_is_like_nothing() -> None:
    assert told(many_clip_pairs([])) == told(many_clip_pairs([None])) == told(many_clip_pairs([clip(1), None])) == set()


def test_triples_are_worked_out_by_hand() -> None:
    found = in_order(np.array([0, 3, 9, 70]), np.array([5, 7, 9, 11]), np.zeros((1, 1), dtype=np.float16))
    hashes, frames = peak_triples(found)
    assert frames.tolist() == [0] and len(hashes) == 1  # the fourth comes too late after all
    later = in_order(found.frames + 20, found.bins, found.detail)
    assert peak_triples(later)[0].tolist() == hashes.tolist() and peak_triples(later)[1].tolist() == [20]
