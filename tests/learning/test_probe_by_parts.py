"""The probe of more rows than memory holds: the same fit as of all rows at once, summed part by part."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import torch

import injerto
from injerto import large_array
from injerto.backbones.suited import suited
from injerto.backbones.weights import load
from injerto.examples import Examples
from injerto.features.declared import features_of
from injerto.heads import HEADS
from injerto.heads.head import Labels
from injerto.heads.vector_head import VectorHead
from injerto.learning import probe_by_parts
from injerto.learning.checkpoint import Checkpoint
from injerto.learning.kept_fits import KeptFits
from injerto.learning.probe import fit_at
from injerto.learning.probe_by_parts import ProbeByParts, drawn, is_large
from injerto.learning.probes import Probes
from injerto.network import Network
from injerto.progress import Silent
from injerto.schema.schema import Input, Target
from injerto.table.ledger import Ledger
from injerto.table.table import Table
from small import photo_folder

ROWS, CLASSES = 900, 3


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever has more than a hundred rows is large, and is read 64 rows at a time."""
    monkeypatch.setattr(probe_by_parts, "LARGE_BYTES", 100 * 1280 * 4)
    monkeypatch.setattr(probe_by_parts, "PART_ROWS", 64)
    monkeypatch.setattr(probe_by_parts, "DRAWN_WORK", 200 * 1280 * CLASSES)
    monkeypatch.setattr(probe_by_parts, "LEAST_DRAWN", 10)
    monkeypatch.setattr(probe_by_parts, "LEAST_CHANGE", 1e-7)
    monkeypatch.setattr(large_array, "LARGE_BYTES", 100_000)


@pytest.fixture(scope="module")
def made() -> tuple[Network, Examples]:
    """Vectors around a centre a class, of which a few are not there; labels of which a few are not known."""
    random = torch.Generator().manual_seed(0)
    codes = torch.randint(CLASSES, (ROWS,), generator=random)
    names = pl.Series([f"class {code}" for code in codes.tolist()])
    (feature,) = features_of({"photo": Input(kind="image")})
    head = HEADS["class"]("label", Target(kind="class")).fit(Table.of(pl.DataFrame({"label": names})).column("label"))
    network = Network([suited(feature)], [head], {feature.backbone_: load(feature.backbone_)})  # type: ignore[attr-defined]
    ((key, embedder),) = network.media.items()
    vectors = 0.4 + 0.02 * torch.randn(CLASSES, embedder.width, generator=random)[codes]
    vectors += 0.3 * torch.randn(ROWS, embedder.width, generator=random)
    vectors[::50] = torch.nan
    embedder.standardise(vectors, torch.arange(ROWS))
    examples = Examples({}, {key: vectors}, np.ones(ROWS, dtype=bool), Ledger())
    examples.labels = {"label": Labels(codes, torch.arange(ROWS) % 7 != 0)}
    return network, examples


def head_of(network: Network) -> VectorHead:
    return deepcopy(network.targets["label"]).reset()


@pytest.mark.parametrize("kin", [1, 30])
def test_part_by_part_is_the_fit_of_all_rows_at_once(made: tuple[Network, Examples], small_parts: None, kin: int) -> None:
    """Also where some rows count for less, as they have many kin."""
    network, examples = made
    unit = np.where(np.arange(ROWS) < ROWS // 2, np.arange(ROWS) // kin, np.arange(ROWS))
    rows = torch.arange(ROWS)[examples.labels["label"].known]
    shuffled = rows[torch.randperm(len(rows), generator=torch.Generator().manual_seed(1))]
    one, other = head_of(network), head_of(network)
    ProbeByParts(network, examples, one, unit).fit(shuffled, 0.05)
    probes = Probes(network, examples, unit, 0, Silent(), KeptFits(Checkpoint(None)))
    inside = probes.known_labels("label", rows)
    with torch.no_grad():
        fit_at(other, probes.inputs(rows), inside, 0.05)
        torch.testing.assert_close(one(probes.inputs(rows)), other(probes.inputs(rows)), atol=2e-3, rtol=0)


def test_what_is_drawn_into_the_weights_changes_no_output(made: tuple[Network, Examples]) -> None:
    network, examples = made
    head = head_of(network)
    torch.nn.init.normal_(head.convolve.weight, generator=torch.Generator().manual_seed(2))
    parts = ProbeByParts(network, examples, head, np.arange(ROWS))
    there = torch.arange(1, 50)
    with torch.no_grad():
        torch.testing.assert_close(parts._of_one_column(there), parts._of_all(there), atol=1e-3, rtol=1e-5)
        empty = parts.outputs(torch.tensor([0, 1, 50]))  # rows without a photo
    torch.testing.assert_close(empty[0, 0], head.bias.detach())


def test_the_penalty_is_weakened_as_long_as_rows_kept_back_gain(made: tuple[Network, Examples]) -> None:
    network, examples = made
    known = torch.arange(ROWS)[examples.labels["label"].known]
    parts = ProbeByParts(network, examples, head_of(network), np.arange(ROWS))
    strength, losses = parts.weakened(3.0, known[::2], known[1::2])
    tried = list(losses)
    assert tried == sorted(tried, reverse=True)
    assert strength == min(losses, key=lambda one: losses[one]) < 3.0
    assert tried.index(strength) in (len(tried) - 1, len(tried) - 2)
    assert parts.loss(known[1::2]) == pytest.approx(losses[strength], rel=1e-5)  # it ends with the best fit


def test_no_row_is_answered_by_a_fit_that_saw_it(made: tuple[Network, Examples], small_parts: None) -> None:
    """Labels that are noise cannot be told: an output that saw its own row would know it."""
    network, examples = made
    noise = torch.randint(CLASSES, (ROWS,), generator=torch.Generator().manual_seed(5))
    unread = Examples({}, examples.vectors, examples.usable, Ledger())
    unread.labels = {"label": Labels(noise, torch.ones(ROWS, dtype=torch.bool))}
    probes = Probes(network, unread, np.arange(ROWS), 0, Silent(), KeptFits(Checkpoint(None)))
    found = probes.fit({"label": head_of(network)}, torch.arange(ROWS), all_unseen=True)["label"]
    right = found.unseen[:, 0].argmax(dim=1) == noise
    assert found.judged.all()
    assert float(right.double().mean()) < 0.42


def test_a_draw_is_of_these_rows_and_rising() -> None:
    rows = torch.arange(0, 2_000_000, 2)
    some = drawn(rows, 1280, 100, seed=3)
    assert len(some) == int(2e9 / (1280 * 100))
    assert bool((some.diff() > 0).all()) and bool((some % 2 == 0).all())
    assert is_large(200_000, 1280) and not is_large(190_000, 1280)


def test_a_model_learned_part_by_part_answers_as_any_other(tmp_path: Path, small_parts: None) -> None:
    """Vectors lie in a file, the head is fitted in parts, rows that tuned calibrate it."""
    photos = photo_folder(tmp_path / "photos", each=120)
    told: list[str] = []

    class Heard(Silent):
        def say(self, words: str) -> None:
            told.append(words)

    model = injerto.train(photos, "class", mode="probe", out=tmp_path / "tints.model", progress=Heard())
    assert any("part by part" in words for words in told)
    assert model.scores["test"]["class"]["accuracy"] > 0.9
    head = injerto.load(tmp_path / "tints.model").network.targets["class"]
    assert isinstance(head, VectorHead) and head.held_out is not None
    assert head.held_out.source == "tune"
    again = injerto.load(tmp_path / "tints.model").predict(photos).frame
    assert float((again["class"] == again["file"].str.split("/").list.first()).mean()) > 0.9


def test_a_killed_fit_goes_on_behind_what_was_done(
    made: tuple[Network, Examples], small_parts: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the same weights, to the last bit, as a run that nobody stopped."""
    network, examples = made
    rows = torch.arange(ROWS)

    def fitted(work: Path) -> VectorHead:
        work.mkdir(exist_ok=True)
        head = head_of(network)
        kept = KeptFits(Checkpoint(work / "probes.safetensors"))
        Probes(network, examples, np.arange(ROWS), 0, Silent(), kept).fit({"label": head}, rows)
        return head

    real, calls = probe_by_parts.minimise, []

    def stopped(*given: Any, **named: Any) -> None:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        real(*given, **named)

    whole = fitted(tmp_path / "one")
    monkeypatch.setattr(probe_by_parts, "minimise", stopped)
    with pytest.raises(KeyboardInterrupt):
        fitted(tmp_path / "other")
    calls[:] = [1] * 10
    again = fitted(tmp_path / "other")
    more = len(calls) - 10
    assert torch.equal(again.convolve.weight, whole.convolve.weight) and torch.equal(again.bias, whole.bias)
    calls[:] = [1] * 10
    fitted(tmp_path / "other")
    assert len(calls) == 10 and more >= 1
