"""The start in closed form: photos lie nearer to their own centre than to others before any step."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from injerto.learning import start_marks as module
from injerto.learning.start_marks import start_marks
from injerto.network import PHOTO
from injerto.progress import Silent
from made_animals import animals
from made_individuals import Made, made

ROWS = torch.arange(12)


def started(herd: Made, seed: int = 0, rows: torch.Tensor = ROWS) -> None:
    start_marks(herd.network, herd.photos, rows, seed, Silent())


def cosines(herd: Made, *, mirror: bool = False) -> torch.Tensor:
    pixels = herd.photos.batch(ROWS).raw[PHOTO]
    with torch.no_grad():
        return herd.network.head(herd.network.marks(herd.network.trunk(pixels.flip(3) if mirror else pixels)))


@pytest.fixture(scope="module")
def herd(tmp_path_factory: pytest.TempPathFactory) -> Made:
    herd = made(tmp_path_factory.mktemp("herd"))
    started(herd)
    return herd


def test_everybody_is_nearest_to_the_own_centre(herd: Made) -> None:
    own = herd.photos.labels["animal"].value[:, 0]
    assert (cosines(herd).argmax(dim=1) == own).double().mean() > 0.9
    assert (cosines(herd, mirror=True).argmax(dim=1) == own + 4).double().mean() > 0.9


def test_the_same_seed_gives_the_same_start(herd: Made, tmp_path: Path) -> None:
    state = torch.get_rng_state()
    again = made(tmp_path)
    started(again)
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.equal(again.network.marks.read.weight, herd.network.marks.read.weight)
    assert torch.equal(again.network.head.centres, herd.network.head.centres)


def test_only_some_photos_tell_where_there_are_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    herd = made(tmp_path)
    before = herd.network.head.centres.detach().clone()
    monkeypatch.setattr(module, "MOST_BYTES", 1)
    started(herd)
    moved = (herd.network.head.centres != before).any(dim=1)
    assert 2 <= int(moved.sum()) <= 4  # two photos, each as it is and mirrored


def test_photos_that_are_all_the_same_leave_the_start_random(tmp_path: Path) -> None:
    columns = animals(tmp_path, individuals=2, each=6)
    for name in columns["photo"]:
        Image.fromarray(np.zeros((96, 96, 3), dtype=np.uint8)).save(tmp_path / name)
    herd = made(tmp_path, columns)
    before = herd.network.marks.read.weight.detach().clone()
    started(herd)
    assert herd.network.marks.read.weight.isfinite().all()
    assert herd.network.marks.read.weight.any()
    assert herd.network.head.centres.isfinite().all()
    assert before.shape == herd.network.marks.read.weight.shape
