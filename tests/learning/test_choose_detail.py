"""Fine marks or loose ones: what is declared or noted is taken, else what finds more tune rows again decides."""

import json
from pathlib import Path

import numpy as np
import pytest

from injerto.errors import TrainingError
from injerto.individual_network import IndividualNetwork
from injerto.learning import choose_detail as module
from injerto.learning.choose_detail import named_rows, started_network
from injerto.learning.division import Division
from injerto.progress import Progress, Silent
from injerto.schema.schema import Schema, Target
from injerto.schema.wishes import Wishes, declare
from injerto.table.split import Rows
from made_individuals import Made, made


class Telling(Silent):
    """Remembers what is said."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def say(self, text: str) -> None:
        self.words.append(text)


@pytest.fixture
def herd(tmp_path: Path) -> Made:
    return made(tmp_path)


def declared(herd: Made, detail: str | None) -> Schema:
    schema = declare(herd.table, Wishes(targets=["animal:individual"], inputs=["photo"]))
    target = Target.model_validate({**schema.targets["animal"].model_dump(), "detail": detail, "resolution": 32})
    return schema.model_copy(update={"targets": {"animal": target}})


def halves(herd: Made) -> Division:
    rows = np.arange(len(herd.table))
    return Division(Rows(rows[rows % 3 > 0], rows[rows % 3 == 0], rows[:0], ""), rows)


def started(herd: Made, detail: str | None, work: Path | None = None, progress: Progress | None = None) -> IndividualNetwork:
    return started_network(
        herd.network, herd.table, declared(herd, detail), halves(herd), herd.photos, work, progress or Silent()
    )


def test_what_is_declared_is_not_tried(herd: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "found_again", lambda *_: pytest.fail("tried"))
    assert started(herd, "coarse").trunk.detail == "coarse"
    assert started(herd, "fine") is herd.network


@pytest.mark.parametrize(
    ("fine", "coarse", "taken", "words"),
    [
        (0.5, 0.25, "fine", "Animals lie alike on all photos"),
        (0.25, 0.21, "loose", "Animals stand otherwise in every photo"),
        (0.2, 0.3, "loose", "Animals stand otherwise in every photo"),
        (0.0, 0.0, "fine", "Animals lie alike on all photos"),  # nothing to judge by
    ],
)
def test_what_finds_more_decides_and_is_noted(
    herd: Made, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fine: float, coarse: float, taken: str, words: str
) -> None:
    monkeypatch.setattr(module, "found_again", lambda network, *_: {"fine": fine, "coarse": coarse}[network.trunk.detail])
    progress = Telling()
    network = started(herd, None, tmp_path, progress)
    assert (network.trunk.detail, network.head.detail_) == (taken, taken)
    assert json.loads((tmp_path / "detail.json").read_text()) == taken
    (said,) = progress.words
    assert said.startswith(words)
    assert f"fine marks {fine:.3f}, coarse ones {coarse:.3f}" in said
    monkeypatch.setattr(module, "found_again", lambda *_: pytest.fail("tried again"))
    assert started(herd, None, tmp_path).trunk.detail == taken


def test_rows_without_names_do_not_teach(herd: Made) -> None:
    herd.photos.labels["animal"].known[:] = False
    with pytest.raises(TrainingError, match="No two rows to train with have a readable photo and a name"):
        named_rows(herd.network, herd.photos, halves(herd))
